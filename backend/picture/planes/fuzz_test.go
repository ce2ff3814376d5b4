package planes

import (
	"context"
	"testing"

	"picasso/backend/picture/dicom"
)

// Whatever files say of where their slices lie: planes are refused, or have a size
// that is bounded by the slices', and as many values as pixels.
func FuzzCut(f *testing.F) {
	f.Add(0.0, 0.0, 2.0, 0.0, 0.0, 4.0, 1.0, 0.0, 0.0, 1.0, 1.0, 1.0)
	f.Add(0.0, 0.3, 2.0, 0.0, 0.6, 4.0, 1.0, 0.0, 0.6, 0.8, 0.5, 1.5)
	f.Add(1e8, 0.0, 2.0, 1e8, 0.0, 4.0, -1.0, 0.0, 0.0, 1.0, 1e-6, 1e6)
	f.Add(0.0, 2.0, 0.0, 0.0, 900.0, 0.0, 0.0, 0.0, 1.0, 0.0, 1e5, 1e-5)
	f.Fuzz(func(t *testing.T, x1, y1, z1, x2, y2, z2, ux, uy, vz, vy, rows, columns float64) {
		var all []Slice
		for k, at := range [][3]float64{{}, {x1, y1, z1}, {x2, y2, z2}} {
			g := dicom.Geometry{Spacing: [2]float64{rows, columns}}
			g.Put(at, [3]float64{ux, uy, 0}, [3]float64{0, vy, vz})
			all = append(all, Slice{Geometry: g, Number: k, Whole: make([]int16, 3*2)})
		}
		s, err := New(3, 2, all)
		if err != nil {
			return
		}
		for _, p := range All() {
			low, high := s.Range(p)
			for _, mm := range []float64{low, s.Mid(p), high} {
				c, err := s.Cut(context.Background(), p, mm, Linear)
				if err != nil {
					continue // places of enormous numbers are not exact
				}
				if c.Width < 1 || c.Height < 1 || c.Width > mostSide+1 || c.Height > mostSide+1 || len(c.Values) != c.Width*c.Height {
					t.Fatalf("%s at %g: %d×%d pixels, %d values", p, mm, c.Width, c.Height, len(c.Values))
				}
			}
			if n := s.Count(p); n < 1 || n > mostSide+1 {
				t.Fatalf("%s: %d places", p, n)
			}
		}
		s.Value(s.Middle())
	})
}
