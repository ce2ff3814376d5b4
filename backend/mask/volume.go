package mask

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"picasso/backend/picture"
	"picasso/backend/picture/dicom"
)

// volumeFile is a file whose slices lie in the patient: a segmentation of DICOM,
// each of whose segments is a volume, or a volume of labels (NIfTI and others).
type volumeFile []*picture.Series

// openVolume opens a file of slices in space; nil where it is none.
func openVolume(ctx context.Context, path string) volumeFile {
	all, err := picture.OpenSeries(ctx, path)
	if err != nil {
		return nil // whoever reads it as a picture says why
	}
	for _, s := range all {
		for i := range s.Len() {
			if s.Geometry(i).Placed {
				return all
			}
		}
	}
	return nil
}

// regions are those of the slices that lie where the picture does.
func (f volumeFile) regions(ctx context.Context, on Picture) (*Regions, error) {
	if !on.Geometry.Placed {
		return nil, errors.New("it lies in the patient, but where this picture lies is not known; use a mask of the picture's size")
	}
	r := NewRegions(on.Height, on.Width)
	met := false
	for _, s := range f {
		for i := range s.Len() {
			g := s.Geometry(i)
			if !g.Placed || !samePlane(g, on.Geometry) {
				continue
			}
			m, err := s.SliceContext(ctx, i)
			if err != nil {
				return nil, err
			}
			step, err := grid(m, on)
			if err != nil {
				return nil, err
			}
			met = true
			if err := r.fillSlice(m, step, s.Volumes()[s.VolumeOf(i)].Name); err != nil {
				return nil, err
			}
		}
	}
	if !met {
		return nil, errElsewhere
	}
	return r, nil
}

var errElsewhere = errors.New("none of its slices lies where this picture does; it belongs to another scan")

// Solid are regions of a volume, slice by slice, with names in common.
type Solid struct {
	Names  []string
	slices []*Regions // nil where a slice has none
	value  [][]uint8  // by slice and its own value, the value in common
}

// OnVolume are the regions on the n slices of a volume, of which at gives each as a
// picture. A segmentation in the patient has some on whichever of them it knows, and
// is refused where that is none; a raster and objects of COCO or YOLO belong to the
// slice in hand.
func (f *File) OnVolume(ctx context.Context, n, hand int, at func(slice int) (Picture, error)) (*Solid, error) {
	s := &Solid{slices: make([]*Regions, n), value: make([][]uint8, n)}
	met := false
	for i := range n {
		if f.volume == nil && i != hand {
			continue
		}
		p, err := at(i)
		if err != nil {
			return nil, err
		}
		r, err := f.On(ctx, p)
		if errors.Is(err, errElsewhere) { // segmentations leave empty slices out
			continue
		}
		if err != nil {
			return nil, err
		}
		met = true
		if err := s.add(i, r); err != nil {
			return nil, err
		}
	}
	if !met {
		return nil, errElsewhere
	}
	return s, nil
}

// add takes the regions of a slice.
func (s *Solid) add(slice int, r *Regions) error {
	s.slices[slice], s.value[slice] = r, make([]uint8, len(r.Names)+1)
	for k, name := range r.Names {
		i := slices.Index(s.Names, name)
		if i < 0 {
			if i = len(s.Names); i == MostRegions {
				return fmt.Errorf("a volume can have %d regions at most", MostRegions)
			}
			s.Names = append(s.Names, name)
		}
		s.value[slice][k+1] = uint8(i + 1)
	}
	return nil
}

// At is the value of the region at a slice, row and column, 0 outside of all: i+1 in
// that of the name i.
func (s *Solid) At(slice, row, column int) uint8 {
	r := s.slices[slice]
	if r == nil {
		return 0
	}
	return s.value[slice][r.Pixels[row*r.Width+column]]
}

// fillSlice adds what a slice of labels marks: one region for a segment that has
// a name, else one for each value.
func (r *Regions) fillSlice(m *picture.Image, step steps, name string) error {
	values := map[float32]uint8{}
	for y := range r.Height {
		for x := range r.Width {
			mx, my := step.of(x, y)
			v := m.At(mx, my, 0)
			if v == 0 || v != v {
				continue
			}
			value, known := values[v]
			if !known {
				if len(values) == mostValues {
					return errors.New("it is a scan and no mask, for its pixels have many different values")
				}
				label := name
				if label == "" {
					label = fmt.Sprintf("label %g", v)
				}
				var err error
				if value, err = r.Add(label); err != nil {
					return err
				}
				values[v] = value
			}
			r.Pixels[y*r.Width+x] = value
		}
	}
	return nil
}

// How far apart planes and grids may lie that are the same: files round their
// numbers. In millimetres, as a share of a pixel, and of directions.
const (
	samePlaneDistance = .05
	samePixel         = .1
	sameDirection     = 1e-3
)

// samePlane reports whether two slices lie in one plane.
func samePlane(a, b dicom.Geometry) bool {
	n, k := cross(a.Orientation[0], a.Orientation[1]), cross(b.Orientation[0], b.Orientation[1])
	if math.Abs(math.Abs(dot(n, k))-1) > sameDirection {
		return false
	}
	return math.Abs(dot(n, sub(a.Position, b.Position))) <= samePlaneDistance
}

// steps lead from a pixel of a picture to that of a mask in its plane.
type steps struct {
	origin [2]float64 // of the picture's first pixel, in the mask
	across [2]float64 // of one column
	down   [2]float64 // of one row
}

func (s steps) of(x, y int) (mx, my int) {
	fx, fy := float64(x), float64(y)
	return int(math.Round(s.origin[0] + fx*s.across[0] + fy*s.down[0])), int(math.Round(s.origin[1] + fx*s.across[1] + fy*s.down[1]))
}

// grid finds the steps, and refuses a mask whose pixels are not those of the
// picture, though they may be turned or mirrored.
func grid(m *picture.Image, on Picture) (steps, error) {
	g, p := m.Scan.Geometry, on.Geometry
	if g.Spacing[0] <= 0 || g.Spacing[1] <= 0 || p.Spacing[0] <= 0 || p.Spacing[1] <= 0 {
		return steps{}, errors.New("the size of its pixels or of the picture's is not known")
	}
	to := func(x, y float64) [2]float64 {
		var at [3]float64
		for i := range at {
			at[i] = p.Position[i] + x*p.Spacing[1]*p.Orientation[0][i] + y*p.Spacing[0]*p.Orientation[1][i] - g.Position[i]
		}
		return [2]float64{dot(at, g.Orientation[0]) / g.Spacing[1], dot(at, g.Orientation[1]) / g.Spacing[0]}
	}
	s := steps{origin: to(0, 0)}
	right, below := to(1, 0), to(0, 1)
	s.across, s.down = [2]float64{right[0] - s.origin[0], right[1] - s.origin[1]}, [2]float64{below[0] - s.origin[0], below[1] - s.origin[1]}
	for _, corner := range [][2]float64{{0, 0}, {float64(on.Width - 1), 0}, {0, float64(on.Height - 1)}, {float64(on.Width - 1), float64(on.Height - 1)}} {
		at := to(corner[0], corner[1])
		for axis, size := range []int{m.Width, m.Height} {
			whole := math.Round(at[axis])
			if math.Abs(at[axis]-whole) > samePixel || whole < 0 || whole > float64(size-1) {
				return steps{}, fmt.Errorf("its grid of %d × %d pixels is not that of the picture (%d × %d); resample it to the picture's grid", m.Width, m.Height, on.Width, on.Height)
			}
		}
	}
	if m.Width*m.Height != on.Width*on.Height {
		return steps{}, otherSize(m.Height, m.Width, on.Height, on.Width)
	}
	return s, nil
}

func dot(a, b [3]float64) float64 { return a[0]*b[0] + a[1]*b[1] + a[2]*b[2] }

func sub(a, b [3]float64) [3]float64 { return [3]float64{a[0] - b[0], a[1] - b[1], a[2] - b[2]} }

func cross(a, b [3]float64) [3]float64 {
	return [3]float64{a[1]*b[2] - a[2]*b[1], a[2]*b[0] - a[0]*b[2], a[0]*b[1] - a[1]*b[0]}
}
