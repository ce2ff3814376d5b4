package planes

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"picasso/backend/picture/dicom"
)

//go:embed testdata/sections.json
var sections []byte

// reference is a volume with planes through it that nibabel and scipy cut.
type reference struct {
	Name     string
	Shape    [3]int
	Columns  [3][3]float64 // from pixel to pixel along rows, down columns, across
	Origins  [][3]float64
	Values   []int16
	Sections []struct {
		Plane         string
		MM            float64
		Width, Height int
		Position      [3]float64
		Values        []*float32
	}
}

func (r reference) stack(t *testing.T, whole bool) *Stack {
	t.Helper()
	u, v := vector(r.Columns[0]), vector(r.Columns[1])
	n := u.cross(v)
	w, h := r.Shape[0], r.Shape[1]
	var all []Slice
	for k, at := range r.Origins {
		g := dicom.Geometry{Spacing: [2]float64{v.length(), u.length()}}
		g.Put(at, unit(u), unit(v))
		one := Slice{Geometry: g, Whole: r.Values[k*w*h : (k+1)*w*h]}
		if !whole {
			for _, x := range one.Whole {
				one.Real = append(one.Real, float32(x))
			}
			one.Whole = nil
		}
		all = append(all, one)
	}
	if n.dot(vector(r.Origins[1]).minus(r.Origins[0])) < 0 {
		slices.Reverse(all)
	}
	s, err := New(w, h, all)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestPlanesAreThoseThatNibabelAndScipyCut(t *testing.T) {
	var all []reference
	if err := json.Unmarshal(sections, &all); err != nil {
		t.Fatal(err)
	}
	for _, r := range all {
		for _, whole := range []bool{true, false} {
			s := r.stack(t, whole)
			for _, want := range r.Sections {
				p, err := Parse(want.Plane)
				if err != nil {
					t.Fatal(err)
				}
				got, err := s.Cut(context.Background(), p, want.MM, Linear)
				if err != nil {
					t.Fatalf("%s, %s at %g: %v", r.Name, p, want.MM, err)
				}
				if got.Width != want.Width || got.Height != want.Height {
					t.Fatalf("%s, %s at %g: %d×%d pixels, want %d×%d", r.Name, p, want.MM, got.Width, got.Height, want.Width, want.Height)
				}
				if off := vector(got.Geometry.Position).minus(want.Position).length(); off > 1e-4 {
					t.Errorf("%s, %s at %g: begins at %v, want %v", r.Name, p, want.MM, got.Geometry.Position, want.Position)
				}
				for i, v := range got.Values {
					w := want.Values[i]
					if (w == nil) != (v != v) || w != nil && math.Abs(float64(v-*w)) > 2e-3 {
						t.Fatalf("%s, %s at %g: pixel %d is %v, want %v", r.Name, p, want.MM, i, v, w)
					}
				}
			}
		}
	}
}

// cube is three slices of 2×2 pixels of 1×1 mm, 2 mm apart: x + 10 y + 100 z.
func cube(change func([]Slice)) (*Stack, error) {
	var all []Slice
	for z := range 3 {
		g := dicom.Geometry{Spacing: [2]float64{1, 1}}
		g.Put([3]float64{0, 0, float64(2 * z)}, [3]float64{1, 0, 0}, [3]float64{0, 1, 0})
		k := int16(100 * z)
		all = append(all, Slice{Geometry: g, Whole: []int16{k, k + 1, k + 10, k + 11}})
	}
	if change != nil {
		change(all)
	}
	return New(2, 2, all)
}

func TestPlanesOfASmallCube(t *testing.T) {
	s, err := cube(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		plane  Plane
		mm     float64
		method Method
		want   []float32 // of two columns
		left   [4]string
	}{
		{Axial, 2, Linear, []float32{100, 101, 110, 111}, [4]string{"R", "L", "A", "P"}},
		{Axial, 3, Linear, []float32{150, 151, 160, 161}, [4]string{"R", "L", "A", "P"}},
		{Axial, 2.9, Nearest, []float32{100, 101, 110, 111}, [4]string{"R", "L", "A", "P"}},
		{Coronal, 0, Linear, []float32{200, 201, 150, 151, 100, 101, 50, 51, 0, 1}, [4]string{"R", "L", "H", "F"}},
		{Coronal, 0.25, Linear, []float32{202.5, 203.5, 152.5, 153.5, 102.5, 103.5, 52.5, 53.5, 2.5, 3.5}, [4]string{"R", "L", "H", "F"}},
		{Sagittal, 1, Linear, []float32{201, 211, 151, 161, 101, 111, 51, 61, 1, 11}, [4]string{"A", "P", "H", "F"}},
		{Sagittal, 1, Nearest, []float32{201, 211, 101, 111, 101, 111, 1, 11, 1, 11}, [4]string{"A", "P", "H", "F"}},
	} {
		got, err := s.Cut(context.Background(), c.plane, c.mm, c.method)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got.Values, c.want) || got.Width != 2 {
			t.Errorf("%s at %g, %s: %v, want %v", c.plane, c.mm, c.method, got.Values, c.want)
		}
		if got.Geometry.Letters != c.left {
			t.Errorf("%s: directions %q, want %q", c.plane, got.Geometry.Letters, c.left)
		}
	}
	if p := s.Acquired(); p != Axial || s.Count(Axial) != 3 || s.Count(Coronal) != 2 || s.Nearest(Axial, 3.1) != 2 || s.Place(Axial, 1) != 2 {
		t.Errorf("%s slices, %d and %d places", p, s.Count(Axial), s.Count(Coronal))
	}
	if v, ok := s.Value(Point{3.2, 0.6, 0.4}); !ok || v != 210 {
		t.Errorf("the value is %v, %v; want 210", v, ok)
	}
	if _, ok := s.Value(Point{3.2, 0.6, 1.6}); ok {
		t.Error("a point beside the slices has a value")
	}
	var outside *OutsideError
	if _, err := s.Cut(context.Background(), Coronal, 1.6, Linear); !errors.As(err, &outside) || !strings.Contains(err.Error(), "from 0 to 1 mm") {
		t.Errorf("beyond the last plane: %v", err)
	}
	if _, err := s.Cut(context.Background(), Axial, math.NaN(), Linear); !errors.As(err, &outside) {
		t.Errorf("no place at all: %v", err)
	}
}

func TestWhatCannotBeCutIsRefused(t *testing.T) {
	put := func(k int, at [3]float64) func([]Slice) {
		return func(all []Slice) {
			g := &all[k].Geometry
			g.Put(at, g.Orientation[0], g.Orientation[1])
		}
	}
	for _, c := range []struct {
		change func([]Slice)
		want   error
	}{
		{func(all []Slice) { all[1].Geometry.Placed = false }, ErrPlaceless},
		{func(all []Slice) { all[2].Geometry.Spacing[0] = 0 }, ErrPlaceless},
		{func(all []Slice) { all[0].Geometry.AtDetector = true }, ErrPlaceless},
		{func(all []Slice) {
			all[1].Geometry.Put([3]float64{0, 0, 2}, [3]float64{1, 0, 0}, [3]float64{0, 0.8, 0.6})
		}, ErrTurned},
		{func(all []Slice) {
			for k := range all {
				all[k].Geometry.Put(all[k].Geometry.Position, [3]float64{1, 0, 0}, [3]float64{0.3, 0.954, 0})
			}
		}, ErrSkewed},
		{put(1, [3]float64{0, 0, 0}), ErrStacked},
		{put(2, [3]float64{500, 0, 4}), ErrScattered},
		{put(2, [3]float64{0, 0, 40}), ErrGaps},
	} {
		if _, err := cube(c.change); !errors.Is(err, c.want) {
			t.Errorf("%v, want: %v", err, c.want)
		}
	}
	if _, err := New(1, 1, make([]Slice, 1)); !errors.Is(err, ErrSingle) {
		t.Error(err)
	}
}

func TestWhatIsUnusualIsSaid(t *testing.T) {
	if s, err := cube(nil); err != nil || len(s.Remarks) > 0 {
		t.Errorf("ordinary slices: %v, %v", s.Remarks, err)
	}
	for _, c := range []struct {
		change func([]Slice)
		want   string
	}{
		{func(all []Slice) {
			all[2].Geometry.Put([3]float64{0, 0, 4.3}, [3]float64{1, 0, 0}, [3]float64{0, 1, 0})
		}, "the distance between slices changes"},
		{func(all []Slice) {
			for k := range all {
				all[k].Geometry.Put([3]float64{0, 0.2 * float64(k), 2 * float64(k)}, [3]float64{1, 0, 0}, [3]float64{0, 1, 0})
			}
		}, "tilted by 5.7 degrees"},
		{func(all []Slice) {
			for k := range all {
				all[k].Geometry.Put([3]float64{0, -1.2 * float64(k), 1.6 * float64(k)}, [3]float64{1, 0, 0}, [3]float64{0, 0.8, 0.6})
			}
		}, "turned by up to 36.9 degrees"},
	} {
		s, err := cube(c.change)
		if err != nil || !strings.Contains(strings.Join(s.Remarks, "; "), c.want) {
			t.Errorf("%v, %v; want: %s", s, err, c.want)
		}
	}
}

func TestCuttingEndsWithItsContext(t *testing.T) {
	s, err := cube(nil)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := s.Cut(ctx, Coronal, 0, Linear); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestPlacesHaveNames(t *testing.T) {
	for want, got := range map[string]string{
		"12.5 mm to the back": Coronal.Place(12.5), "3.0 mm to the right": Sagittal.Place(-3),
		"0.0 mm to the head": Axial.Place(-0.01), "1.0 mm to the feet": Axial.Place(-0.96),
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if _, err := Parse("oblique"); err == nil {
		t.Error("an unknown plane is taken")
	}
	if _, err := ParseMethod("cubic"); err == nil {
		t.Error("an unknown method is taken")
	}
}
