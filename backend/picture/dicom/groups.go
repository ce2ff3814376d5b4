package dicom

import "math"

// attributes looks up what holds for one frame: in the frame's own functional
// group, in the shared ones, in the data set (PS3.3 C.7.6.16).
type attributes struct {
	root          *dataset
	shared, frame *dataset
}

func (f *File) attributes(i int) attributes {
	a := attributes{root: f.root, shared: f.root.first(tagSharedGroups)}
	if items := f.root.items(tagPerFrameGroups); i < len(items) {
		a.frame = items[i]
	}
	return a
}

// group is the data set that has the functional group's attributes.
func (a attributes) group(tag Tag) *dataset {
	if d := a.frame.first(tag); d != nil {
		return d
	}
	if d := a.shared.first(tag); d != nil {
		return d
	}
	return a.root
}

// holder is the data set that has the element: the functional group's, or the
// whole file's.
func (a attributes) holder(group, tag Tag) *dataset {
	if d := a.group(group); d.find(tag) != nil {
		return d
	}
	return a.root
}

// Geometry is where a frame lies in space, as far as the file says.
type Geometry struct {
	Spacing     [2]float64    // millimetres between rows and between columns, 0 where unknown
	AtDetector  bool          // the spacing is that of an X-ray detector, not of the patient
	Aspect      float64       // height of a pixel by its width; 1 where unknown
	Thickness   float64       // of the slice in millimetres, 0 where unknown
	Between     float64       // distance between slices in millimetres as the file says, 0 where unknown
	Position    [3]float64    // of the first pixel's centre in the patient, millimetres to the left, back and head
	Orientation [2][3]float64 // directions along a row and along a column
	Placed      bool          // Position and Orientation are known
	Letters     [4]string     // what lies left, right, above and below, "" where unknown
}

// mostTurned is how far directions of parallel frames may differ: files round them.
const mostTurned = 0.01

// Parallel reports whether rows and columns of two frames run in the same directions.
func (g Geometry) Parallel(to Geometry) bool {
	for k := range g.Orientation {
		for i := range 3 {
			if math.Abs(g.Orientation[k][i]-to.Orientation[k][i]) > mostTurned {
				return false
			}
		}
	}
	return true
}

// geometry reads a frame's place.
func (a attributes) geometry(found *findings) Geometry {
	g := Geometry{Aspect: 1}
	a.measures(&g, found)
	position, directions := a.holder(tagPlanePosition, tagPosition), a.holder(tagPlaneOrientation, tagOrientation)
	g.place(position.decimals(tagPosition), directions.decimals(tagOrientation))
	if g.Placed {
		return g
	}
	if position.text(tagPosition) != "" && directions.text(tagOrientation) != "" {
		found.warn("the place of the picture in the patient cannot be read")
	}
	if t := a.root.texts(tagPatientOrientation); len(t) == 2 && letters(t[0]) && letters(t[1]) {
		g.Letters = [4]string{opposite(t[0]), t[0], opposite(t[1]), t[1]}
	}
	return g
}

// measures reads the sizes of pixels and slice.
func (a attributes) measures(g *Geometry, found *findings) {
	spacing, ok := a.holder(tagPixelMeasures, tagPixelSpacing).positives(tagPixelSpacing, "pixel spacing", "distances are not known by it", found)
	if !ok {
		spacing, ok = a.root.positives(tagImagerPixelSpacing, "pixel spacing of the detector", "distances are not known by it", found)
		g.AtDetector = ok
	}
	if ok {
		g.Spacing, g.Aspect = spacing, spacing[0]/spacing[1]
	} else if r, ok := a.root.positives(tagAspectRatio, "shape of the pixels", "they are shown square", found); ok {
		g.Aspect = r[0] / r[1]
	}
	measure := func(tag Tag, what string) float64 {
		n := a.holder(tagPixelMeasures, tag).number(tag)
		if n.broken || n.given && math.Abs(n.value) > 1e6 {
			found.warn("the %s%s cannot be read and is left out", what, found.quote(n.written))
			return 0
		}
		return math.Abs(n.value) // some makers count downwards
	}
	g.Thickness = measure(tagSliceThickness, "slice thickness")
	g.Between = measure(tagSpacingBetween, "distance between slices")
}

func positive(v []float64) bool {
	return len(v) >= 2 && v[0] > 1e-6 && v[1] > 1e-6 && v[0] < 1e6 && v[1] < 1e6
}

// place takes position and directions over if they are sound.
func (g *Geometry) place(position, directions []float64) {
	if len(position) != 3 || len(directions) != 6 {
		return
	}
	for _, v := range append(append([]float64{}, position...), directions...) {
		if math.IsNaN(v) || math.Abs(v) > 1e9 {
			return
		}
	}
	g.Put([3]float64(position), [3]float64(directions[:3]), [3]float64(directions[3:]))
}

// Put sets position and directions. Directions that are not square to each
// other leave the frame without a place.
func (g *Geometry) Put(position, row, column [3]float64) {
	g.Position, g.Orientation = position, [2][3]float64{row, column}
	n := g.Normal()
	g.Placed = math.Abs(math.Hypot(math.Hypot(n[0], n[1]), n[2])-1) < 0.1
	if g.Placed {
		g.letter()
	}
}

// Normal is the direction across the frame.
func (g Geometry) Normal() [3]float64 {
	r, c := g.Orientation[0], g.Orientation[1]
	return [3]float64{r[1]*c[2] - r[2]*c[1], r[2]*c[0] - r[0]*c[2], r[0]*c[1] - r[1]*c[0]}
}

// Depth is the position along the normal.
func (g Geometry) Depth() float64 {
	n := g.Normal()
	return n[0]*g.Position[0] + n[1]*g.Position[1] + n[2]*g.Position[2]
}

// At is the place in the patient of the pixel in column x and row y, in
// millimetres to the left, back and head.
func (g Geometry) At(x, y float64) [3]float64 {
	var at [3]float64
	for i := range at {
		at[i] = g.Position[i] + x*g.Spacing[1]*g.Orientation[0][i] + y*g.Spacing[0]*g.Orientation[1][i]
	}
	return at
}

// Pixel is the other way round: the column and the row, which may lie between
// pixels or beside the picture, that a place in the patient is square above.
func (g Geometry) Pixel(at [3]float64) (x, y float64) {
	for i := range at {
		d := at[i] - g.Position[i]
		x += d * g.Orientation[0][i] / g.Spacing[1]
		y += d * g.Orientation[1][i] / g.Spacing[0]
	}
	return x, y
}

// letter names what the rows and columns point to.
func (g *Geometry) letter() {
	right, down := direction(g.Orientation[0]), direction(g.Orientation[1])
	g.Letters = [4]string{opposite(right), right, opposite(down), down}
}

// direction names a direction in the patient, the strongest part first:
// Left, Right, Anterior, Posterior, Head, Foot.
func direction(v [3]float64) string {
	names := [3][2]string{{"L", "R"}, {"P", "A"}, {"H", "F"}}
	out := ""
	for range 3 {
		best := 0
		for i := range v {
			if math.Abs(v[i]) > math.Abs(v[best]) {
				best = i
			}
		}
		if math.Abs(v[best]) < 0.1 {
			break
		}
		sign := 0
		if v[best] < 0 {
			sign = 1
		}
		out += names[best][sign]
		v[best] = 0
	}
	return out
}

// letters reports whether s is made of direction letters only.
func letters(s string) bool { return s != "" && len(opposite(s)) == len(s) }

// opposite turns every direction letter around.
func opposite(s string) string {
	out := ""
	for _, r := range s {
		switch r {
		case 'L':
			out += "R"
		case 'R':
			out += "L"
		case 'A':
			out += "P"
		case 'P':
			out += "A"
		case 'H':
			out += "F"
		case 'F':
			out += "H"
		}
	}
	return out
}
