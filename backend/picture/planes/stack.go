package planes

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"picasso/backend/picture/dicom"
)

// Slice is a slice with its values, row after row: whole numbers where all of them
// are, else real ones.
type Slice struct {
	Geometry dicom.Geometry
	Number   int // of the slice in its series
	Whole    []int16
	Real     []float32
}

// Value is that of pixel i.
func (s *Slice) Value(i int) float32 {
	if s.Whole != nil {
		return float32(s.Whole[i])
	}
	return s.Real[i]
}

// Stack is slices in their order, ready to be cut.
type Stack struct {
	// Remarks are what somebody should know who looks at planes of it, in words.
	Remarks []string

	width, height int
	slices        []Slice
	origin        vector       // of the axes: the first pixel of the first slice
	axes          [3]vector    // of the slices: along rows, down columns, across
	step          [3]float64   // between pixels, and what planes take across the slices
	shift         [][2]float64 // of each slice along rows and columns
	depth         []float64    // of each slice, ascending
	usual         float64      // distance of slices
	low, high     [3]float64   // of pixel centres along the axes
	toward        [3]heading   // the axis of the patient that each one is closest to
	of            [3]int       // the axis that is closest to each one of the patient
}

// What keeps slices from being cut.
var (
	ErrSingle    = errors.New("there is only one slice; planes need a series or a volume")
	ErrPlaceless = errors.New("the file does not say where its slices lie in the patient and how large their pixels are, so nobody knows how to cut planes; open the original DICOM files, or a volume with its orientation")
	ErrTurned    = errors.New("the slices do not lie in parallel, so no plane can be cut through them; open each slice by itself")
	ErrSkewed    = errors.New("the rows and columns of the slices are not square to each other, which planes do not take; resample the volume first")
	ErrStacked   = errors.New("several slices lie at the same place, and nothing says which one belongs to a plane; choose one volume, or take the repeats away")
	ErrScattered = errors.New("the slices lie beside each other rather than behind each other, so planes through them would be mostly empty; open each slice by itself")
	ErrGaps      = errors.New("more than half of the way from the first slice to the last has no slices, so planes would be mostly empty; add the missing slices")
)

// Bounds: the angle between slices, and between rows and columns, as a sine; how far
// slices may reach together as a part of one of them; a distance as a part of the usual
// one above which there is a gap, and below which slices lie at one place.
const (
	mostTurned   = 0.01
	mostSideways = 2.0
	gap          = 2.0
	same         = 0.01
)

// New makes slices of width×height pixels ready to be cut; they follow each other
// along the normal. They are kept as they are and must not be changed. Errors are
// those above.
func New(width, height int, all []Slice) (*Stack, error) {
	if len(all) < 2 {
		return nil, ErrSingle
	}
	s := &Stack{width: width, height: height, slices: all}
	if err := s.orient(); err != nil {
		return nil, err
	}
	if err := s.place(); err != nil {
		return nil, err
	}
	s.extent()
	for k, n := range [2]int{width, height} {
		if s.high[k]-s.low[k] > mostSideways*float64(n)*s.step[k] {
			return nil, ErrScattered
		}
	}
	s.remark()
	return s, nil
}

// orient finds the axes of the slices.
func (s *Stack) orient() error {
	first := s.slices[0].Geometry
	for i := range s.slices {
		g := s.slices[i].Geometry
		if !g.Placed || g.AtDetector || !(g.Spacing[0] > 0) || !(g.Spacing[1] > 0) {
			return ErrPlaceless
		}
		for k := range 2 {
			if unit(g.Orientation[k]).cross(unit(first.Orientation[k])).length() > mostTurned || vector(g.Orientation[k]).dot(first.Orientation[k]) < 0 {
				return ErrTurned
			}
		}
	}
	u, v := unit(first.Orientation[0]), unit(first.Orientation[1])
	if math.Abs(u.dot(v)) > mostTurned {
		return ErrSkewed
	}
	n := unit(u.cross(v))
	s.axes, s.origin = [3]vector{u, n.cross(u), n}, first.Position
	s.toward = closest(s.axes)
	for i, h := range s.toward {
		s.of[h.axis] = i
	}
	return nil
}

// closest is, for each axis of the slices, the one of the patient that it is closest to;
// each has another one.
func closest(axes [3]vector) (best [3]heading) {
	most := -1.0
	for _, order := range [...][3]int{{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}} {
		sum := 0.0
		for i, to := range order {
			sum += math.Abs(axes[i][to])
		}
		if sum > most+1e-9 {
			most = sum
			for i, to := range order {
				best[i] = heading{to, math.Copysign(1, axes[i][to])}
			}
		}
	}
	return best
}

// place finds where the slices lie along and across the axes.
func (s *Stack) place() error {
	for i := range s.slices {
		at := vector(s.slices[i].Geometry.Position).minus(s.origin)
		s.shift = append(s.shift, [2]float64{at.dot(s.axes[0]), at.dot(s.axes[1])})
		s.depth = append(s.depth, at.dot(s.axes[2]))
	}
	var steps []float64
	for i := 1; i < len(s.depth); i++ {
		steps = append(steps, s.depth[i]-s.depth[i-1])
	}
	least, sorted := slices.Min(steps), slices.Sorted(slices.Values(steps))
	if s.usual = sorted[(len(sorted)-1)/2]; !(s.usual > 0) || least < same*s.usual {
		return ErrStacked
	}
	missing := 0.0
	for _, d := range steps {
		if d > gap*s.usual {
			missing += d - s.usual
		}
	}
	if missing > s.depth[len(s.depth)-1]/2 {
		return ErrGaps
	}
	return nil
}

// mostSide is how many pixels a plane has at most across the slices.
const mostSide = 4096

// extent finds how far planes reach and how far apart their pixels are: as in the
// slices, and across them as far as in the slices or as the slices are, whichever is
// less.
func (s *Stack) extent() {
	g := s.slices[0].Geometry
	s.step = [3]float64{g.Spacing[1], g.Spacing[0], 0}
	for k, n := range [2]int{s.width, s.height} {
		s.low[k], s.high[k] = s.shift[0][k], s.shift[0][k]
		for _, at := range s.shift {
			s.low[k], s.high[k] = min(s.low[k], at[k]), max(s.high[k], at[k])
		}
		s.high[k] += float64(n-1) * s.step[k]
	}
	s.low[2], s.high[2] = 0, s.depth[len(s.depth)-1]
	s.step[2] = max(min(s.usual, s.step[0], s.step[1]), s.high[2]/(mostSide-1))
}

// remark says what is unusual about the slices.
func (s *Stack) remark() {
	if turned := s.oblique(); turned >= leastAngle {
		s.Remarks = append(s.Remarks, fmt.Sprintf("the slices are turned by up to %.1f degrees against the axes of the patient; the planes follow the slices", turned))
	}
	if tilt := s.tilt(); tilt >= leastAngle {
		s.Remarks = append(s.Remarks, fmt.Sprintf("the slices are tilted by %.1f degrees; the other planes are drawn at the true places of their pixels", tilt))
	}
	uneven, widest := 0, 0.0
	for i := 1; i < len(s.depth); i++ {
		if d := s.depth[i] - s.depth[i-1]; math.Abs(d-s.usual) > max(leastChange, leastChange*s.usual) {
			uneven++
			widest = max(widest, d)
		}
	}
	switch {
	case widest > gap*s.usual:
		s.Remarks = append(s.Remarks, fmt.Sprintf("slices are missing: they are up to %.4g mm apart where %.4g mm is usual; planes across them stay empty there", widest, s.usual))
	case uneven > 0:
		s.Remarks = append(s.Remarks, fmt.Sprintf("the distance between slices changes at %d places; the other planes are drawn at the true places of their pixels", uneven))
	}
}

// Bounds of what is worth a remark: an angle in degrees; a change of the distance
// of slices in millimetres, and as a part of it.
const (
	leastAngle  = 0.5
	leastChange = 0.02
)

// oblique is the largest angle between an axis of the slices and the one of the
// patient that it is closest to, in degrees.
func (s *Stack) oblique() float64 {
	most := 0.0
	for i, h := range s.toward {
		most = max(most, 180/math.Pi*math.Acos(min(1, math.Abs(s.axes[i][h.axis]))))
	}
	return most
}

// tilt is the angle between the way from the first slice to the last and the
// normal, in degrees.
func (s *Stack) tilt() float64 {
	at := s.shift[len(s.shift)-1]
	return 180 / math.Pi * math.Atan2(math.Hypot(at[0], at[1]), s.high[2])
}

// Tilted reports whether the slices do not lie straight behind each other: then
// planes of theirs are interpolated too.
func (s *Stack) Tilted() bool { return s.tilt() >= leastAngle }

// Slices is how many slices there are.
func (s *Stack) Slices() int { return len(s.slices) }

// Acquired is the plane that the slices themselves lie in.
func (s *Stack) Acquired() Plane { return Plane(2 - s.toward[2].axis) }

// Range are the first and the last place of a plane, in millimetres.
func (s *Stack) Range(p Plane) (low, high float64) {
	i := s.of[p.axis()]
	a, b := s.mm(i, s.low[i]), s.mm(i, s.high[i])
	return min(a, b), max(a, b)
}

// mm is the place along the axis of the patient of a place along axis i of the
// slices.
func (s *Stack) mm(i int, local float64) float64 {
	return s.toward[i].sign * (s.axes[i].dot(s.origin) + local)
}

// local is the other way round.
func (s *Stack) local(i int, mm float64) float64 {
	return s.toward[i].sign*mm - s.axes[i].dot(s.origin)
}

// Number is the number in its series of the k-th slice.
func (s *Stack) Number(k int) int { return s.slices[min(max(k, 0), len(s.slices)-1)].Number }

// Order is which one of the slices has a number in the series, or the nearest one
// before it where none has.
func (s *Stack) Order(number int) int {
	k, found := slices.BinarySearchFunc(s.slices, number, func(one Slice, n int) int { return one.Number - n })
	if !found && k > 0 {
		k--
	}
	return k
}

// Mid is a plane's place in the middle of the slices' pixels.
func (s *Stack) Mid(p Plane) float64 {
	return s.Place(p, s.Count(p)/2)
}

// Count is how many places a plane has: the slices in their own plane, pixels of
// theirs in the others.
func (s *Stack) Count(p Plane) int {
	i := s.of[p.axis()]
	if i == 2 {
		return len(s.slices)
	}
	return int(math.Round((s.high[i]-s.low[i])/s.step[i])) + 1
}

// Place is the k-th place of a plane in millimetres, counted from 0: of the
// slices' own plane in their order, else to the left or back, or to the head.
func (s *Stack) Place(p Plane, k int) float64 {
	i := s.of[p.axis()]
	k = min(max(k, 0), s.Count(p)-1)
	if i == 2 {
		return s.mm(2, s.depth[k])
	}
	if s.toward[i].sign < 0 {
		k = s.Count(p) - 1 - k
	}
	return s.mm(i, min(s.low[i]+float64(k)*s.step[i], s.high[i]))
}

// Nearest is the place of a plane that is nearest to mm, counted as [Stack.Place]
// does.
func (s *Stack) Nearest(p Plane, mm float64) int {
	i := s.of[p.axis()]
	local := s.local(i, mm)
	if i == 2 {
		return s.nearest(local)
	}
	k := int(math.Round((local - s.low[i]) / s.step[i]))
	k = min(max(k, 0), s.Count(p)-1)
	if s.toward[i].sign < 0 {
		k = s.Count(p) - 1 - k
	}
	return k
}

// nearest is the slice whose depth is nearest.
func (s *Stack) nearest(depth float64) int {
	k, _ := slices.BinarySearch(s.depth, depth)
	if k == len(s.depth) || k > 0 && depth-s.depth[k-1] <= s.depth[k]-depth {
		k--
	}
	return k
}

// Point is a point as its place in each plane, in millimetres.
type Point [3]float64

// Middle is the point in the middle of the slices.
func (s *Stack) Middle() (at Point) {
	for _, p := range All() {
		at[p] = s.Mid(p)
	}
	return at
}

// In is where a point lies in the patient, in millimetres to the left, back and
// head.
func (s *Stack) In(at Point) [3]float64 {
	in := s.origin
	for _, p := range All() {
		i := s.of[p.axis()]
		in = in.plus(s.axes[i], s.local(i, at[p]))
	}
	return in
}

// PointAt is the point that lies somewhere in the patient.
func (s *Stack) PointAt(in [3]float64) (at Point) {
	off := vector(in).minus(s.origin)
	for _, p := range All() {
		i := s.of[p.axis()]
		at[p] = s.mm(i, off.dot(s.axes[i]))
	}
	return at
}

// Voxel is where a point of the patient lies among the slices: the number of a slice in
// the series, a row and a column, perhaps between two. Beyond the first and the last
// slice they count on.
func (s *Stack) Voxel(in [3]float64) (at [3]float64) {
	off := vector(in).minus(s.origin)
	var local [3]float64
	for i, axis := range s.axes {
		local[i] = off.dot(axis)
	}
	k, _ := slices.BinarySearch(s.depth, local[2])
	k = min(max(k-1, 0), len(s.depth)-2)
	t := (local[2] - s.depth[k]) / (s.depth[k+1] - s.depth[k])
	at[0] = float64(s.slices[k].Number) + t*float64(s.slices[k+1].Number-s.slices[k].Number)
	t = min(max(t, 0), 1)
	for i, place := range [2]int{2, 1} { // columns are along rows
		shift := (1-t)*s.shift[k][i] + t*s.shift[k+1][i]
		at[place] = (local[i] - shift) / s.step[i]
	}
	return at
}

// Point is where a voxel lies in the patient: [Stack.Voxel] run backwards.
func (s *Stack) Point(at [3]float64) [3]float64 {
	k := 0
	for k < len(s.slices)-2 && float64(s.slices[k+1].Number) <= at[0] {
		k++
	}
	low, high := float64(s.slices[k].Number), float64(s.slices[k+1].Number)
	t := (at[0] - low) / (high - low)
	in := s.origin.plus(s.axes[2], s.depth[k]+t*(s.depth[k+1]-s.depth[k]))
	t = min(max(t, 0), 1)
	for i, place := range [2]int{2, 1} { // columns are along rows
		shift := (1-t)*s.shift[k][i] + t*s.shift[k+1][i]
		in = in.plus(s.axes[i], shift+at[place]*s.step[i])
	}
	return in
}

// Across is the axis of voxels that a plane is square to: 0 for the plane of the slices,
// 1 for one through their rows, 2 for one through their columns.
func (s *Stack) Across(p Plane) int { return 2 - s.of[p.axis()] }

// Counted is the number of a place among those of its plane, counted from 1: "slice 3
// / 24" of slices by their number in the series, "120 / 512" of others.
func (s *Stack) Counted(p Plane, mm float64) string {
	k := s.Nearest(p, mm)
	if p == s.Acquired() {
		return fmt.Sprintf("slice %d / %d", s.Number(k)+1, s.slices[len(s.slices)-1].Number+1)
	}
	return fmt.Sprintf("%d / %d", k+1, s.Count(p))
}

// Value is that of the pixel that is nearest to a point; ok is false where the
// slices do not reach.
func (s *Stack) Value(at Point) (value float32, ok bool) {
	var local [3]float64
	for _, p := range All() {
		i := s.of[p.axis()]
		local[i] = s.local(i, at[p])
	}
	k := s.nearest(local[2])
	if math.Abs(local[2]-s.depth[k]) > s.usual*(0.5+1e-6) {
		return 0, false
	}
	x := math.Round((local[0] - s.shift[k][0]) / s.step[0])
	y := math.Round((local[1] - s.shift[k][1]) / s.step[1])
	if !(x >= 0 && y >= 0 && x < float64(s.width) && y < float64(s.height)) {
		return 0, false
	}
	return s.slices[k].Value(int(y)*s.width + int(x)), true
}

// vector is a place or a direction in the patient.
type vector [3]float64

func (a vector) dot(b [3]float64) float64 { return a[0]*b[0] + a[1]*b[1] + a[2]*b[2] }

func (a vector) cross(b vector) vector {
	return vector{a[1]*b[2] - a[2]*b[1], a[2]*b[0] - a[0]*b[2], a[0]*b[1] - a[1]*b[0]}
}

func (a vector) minus(b vector) vector { return vector{a[0] - b[0], a[1] - b[1], a[2] - b[2]} }

func (a vector) plus(b vector, times float64) vector {
	return vector{a[0] + times*b[0], a[1] + times*b[1], a[2] + times*b[2]}
}

func (a vector) length() float64 { return math.Sqrt(a.dot(a)) }

func unit(a vector) vector {
	n := a.length()
	return vector{a[0] / n, a[1] / n, a[2] / n}
}
