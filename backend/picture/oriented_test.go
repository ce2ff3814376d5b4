package picture

import (
	"fmt"
	"math"
	"testing"

	. "picasso/backend/picture/dicom/dicomtest"
)

// lying is a series of slices of 3×2 pixels with axes across and down, whose
// values tell the pixel.
func lying(t *testing.T, directions string) *Series {
	t.Helper()
	var files [][]byte
	for n := range 2 {
		z := float64(n)
		files = append(files, File([]Element{
			Text(seriesUID, "UI", "1.2"), Text(number, "IS", fmt.Sprint(n)), Text(position, "DS", fmt.Sprintf(`%g\%g\%g`, 10+z, 20+z, 30+z)), Text(orientation, "DS", directions),
			Text(spacing, "DS", `2\3`), Text(modality, "CS", "MR"), Text(0x00280120, "SS", ""),
		}, Grey(2, 3, []int16{int16(100 * n), int16(100*n + 1), int16(100*n + 2), int16(100*n + 10), int16(100*n + 11), int16(100*n + 12)})))
	}
	return folderOf(t, files...)[0]
}

// A slice that is brought to axes of the patient has every value where it was in
// the patient; rows and columns follow the letters; neighbours go along.
func TestOrientedKeepsPlaces(t *testing.T) {
	for _, directions := range []string{`1\0\0\0\1\0`, `-1\0\0\0\1\0`, `0\1\0\0\0\-1`, `1\0\0\0\0\-1`, `0\-1\0\1\0\0`, `0.99\0.1\0\-0.1\0.99\0`} {
		s := lying(t, directions)
		for _, codes := range []string{"RAS", "LPS", "ASR", "PIR", "SRA", "LAI"} {
			m, err := s.Slice(0)
			if err != nil {
				t.Fatal(err)
			}
			places := map[float32][3]float64{}
			for i := range 6 {
				places[m.At(i%3, i/3, 0)] = m.Scan.Geometry.At(float64(i%3), float64(i/3))
			}
			o := m.Oriented(codes)
			for i := range 6 {
				x, y := i%o.Width, i/o.Width
				at, want := o.Scan.Geometry.At(float64(x), float64(y)), places[o.At(x, y, 0)]
				for k := range 3 {
					if math.Abs(at[k]-want[k]) > 1e-9 {
						t.Fatalf("%s, %s: the value %v lies at %v, was at %v", directions, codes, o.At(x, y, 0), at, want)
					}
				}
			}
			_, values := o.Samples()
			if values[1] != o.At(1, 0, 0) {
				t.Errorf("%s, %s: samples %v", directions, codes, values)
			}
			if again := o.Oriented(codes); again != o {
				t.Errorf("%s, %s: turned twice", directions, codes)
			}
			n, err := o.Neighbour(1)
			if err != nil || n.Width != o.Width || math.Abs(float64(n.At(1, 1, 0)-o.At(1, 1, 0))) != 100 {
				t.Errorf("%s, %s: beside %v lies %v, %v", directions, codes, o, n, err)
			}
			inPlane := 0
			for _, h := range headings(codes) {
				for k, d := range o.Scan.Geometry.Orientation {
					if got := headingOf(d); got.axis == h.axis {
						if got != h || k != 1-inPlane {
							t.Errorf("%s, %s: axis %d follows %+v", directions, codes, k, got)
						}
						inPlane++
						break
					}
				}
			}
		}
	}
}

// An axial slice as RAS is known: the first row is what lies at the right, from
// back to front.
func TestOrientedByHand(t *testing.T) {
	m, err := lying(t, `1\0\0\0\1\0`).Slice(0)
	if err != nil {
		t.Fatal(err)
	}
	o := m.Oriented("RAS")
	want := []float32{12, 2, 11, 1, 10, 0} // from left to right, each from back to front
	for i, v := range want {
		if o.Width != 2 || o.Height != 3 || o.At(i%2, i/2, 0) != v {
			t.Fatalf("%d×%d, value %d is %v, want %v", o.Width, o.Height, i, o.At(i%2, i/2, 0), v)
		}
	}
	g := o.Scan.Geometry
	if g.Letters != [4]string{"P", "A", "L", "R"} || g.Spacing != [2]float64{3, 2} || g.Aspect != 1.5 {
		t.Errorf("%+v", g)
	}
	if p := NewFloat("x", 2, 1, 1, []float32{1, 2}); p.Oriented("RAS") != p {
		t.Error("a picture that lies nowhere is turned")
	}
}
