package measure

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"

	"picasso/backend/picture"
	"picasso/backend/picture/dicom"
)

// ramp is a picture of 10×8 whose values are x + 100 y.
func ramp() *picture.Image {
	px := make([]float32, 80)
	for i := range px {
		px[i] = float32(i%10 + 100*(i/10))
	}
	m := picture.NewFloat("ramp", 10, 8, 1, px)
	m.Unit = "HU"
	return m
}

func TestLengthsAndAnglesAreInMillimetresOrSayPixels(t *testing.T) {
	at := Scale{X: 2, Y: 0.5, Known: true} // 3 columns of 2 mm, 8 rows of 0.5 mm
	line := Shape{Length, [][2]float64{{1, 1}, {4, 9}}}
	if got := Geometry(line, at); math.Abs(got.Length-math.Sqrt(52)) > 1e-9 || got.Scale.Unit() != "mm" {
		t.Errorf("%+v", got)
	}
	if got := Geometry(line, Scale{X: 1, Y: 1}); math.Abs(got.Length-math.Sqrt(73)) > 1e-9 || got.Scale.Unit() != "px" {
		t.Errorf("%+v", got)
	}
	corner := Shape{Angle, [][2]float64{{5, 0}, {0, 0}, {0, 3}}}
	if got := Geometry(corner, Scale{X: 1, Y: 1}); got.Angle != 90 {
		t.Errorf("%+v", got)
	}
	half := Shape{Angle, [][2]float64{{1, 0}, {0, 0}, {1, -2}}} // two rows of half a column: 45°
	if got := Geometry(half, Scale{X: 1, Y: 0.5}).Angle; math.Abs(got-45) > 1e-9 {
		t.Errorf("%v°", got)
	}
}

func TestValuesInsideAreThoseOfPixelCentres(t *testing.T) {
	m := ramp()
	box := Shape{Rectangle, [][2]float64{{4, 3}, {2, 1}}} // pixels 2, 3 of rows 1, 2, from either corner
	v, err := Count(t.Context(), m, box)
	if err != nil || v[0].N != 4 || v[0].Mean != 152.5 || v[0].Min != 102 || v[0].Max != 203 {
		t.Fatalf("%+v, %v", v, err)
	}
	// Deviations ±50 and ±0.5 in all combinations: √(50² + 0.5²).
	if want := math.Sqrt(2500.25); math.Abs(v[0].SD-want) > 1e-9 {
		t.Errorf("SD %v, want %v", v[0].SD, want)
	}
	if a := Geometry(box, Scale{X: 2, Y: 3, Known: true}).Area; a != 24 {
		t.Errorf("area %v", a)
	}
	round := Shape{Ellipse, [][2]float64{{0, 0}, {3, 3}}} // the corners' centres are √2 away of 1.5
	v, _ = Count(t.Context(), m, round)
	if v[0].N != 9 {
		t.Errorf("%d pixels in a circle of 3", v[0].N)
	}
	small := Shape{Ellipse, [][2]float64{{0, 0}, {4, 4}}}
	if v, _ = Count(t.Context(), m, small); v[0].N != 12 {
		t.Errorf("%d pixels in a circle of 4, want all but the corners", v[0].N)
	}
	if a := Geometry(small, Scale{X: 1, Y: 1}).Area; math.Abs(a-4*math.Pi) > 1e-9 {
		t.Errorf("area %v", a)
	}
}

func TestPixelsBesideThePictureAndNaNDoNotCount(t *testing.T) {
	m := ramp()
	v, err := Count(t.Context(), m, Shape{Rectangle, [][2]float64{{-50, -50}, {1, 1}}})
	if err != nil || v[0].N != 1 || v[0].Mean != 0 || v[0].SD != 0 {
		t.Errorf("%+v, %v", v, err)
	}
	out := Shape{Rectangle, [][2]float64{{50, 50}, {60, 60}}}
	if v, err = Count(t.Context(), m, out); err != nil || v[0].N != 0 || v[0].Mean == v[0].Mean {
		t.Errorf("%+v, %v", v, err)
	}
	nan := picture.NewFloat("nan", 2, 1, 1, []float32{float32(math.NaN()), 3})
	if v, _ = Count(t.Context(), nan, Shape{Rectangle, [][2]float64{{0, 0}, {2, 1}}}); v[0].N != 1 || v[0].Mean != 3 {
		t.Errorf("%+v", v)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := Count(ctx, m, Shape{Rectangle, [][2]float64{{0, 0}, {2, 1}}}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func TestColoursAreCountedOneByOne(t *testing.T) {
	m := picture.NewFloat("rgb", 2, 1, 3, []float32{1, 10, 100, 3, 30, 100})
	box := Shape{Rectangle, [][2]float64{{0, 0}, {2, 1}}}
	v, err := Count(t.Context(), m, box)
	want := []Values{{2, 2, 1, 1, 3}, {2, 20, 10, 10, 30}, {2, 100, 0, 100, 100}}
	if err != nil || !slices.Equal(v, want) {
		t.Errorf("%+v, want %+v", v, want)
	}
}

func TestShapesWithoutExtentAreNotValid(t *testing.T) {
	p, q, nan := [2]float64{1, 1}, [2]float64{1, 4}, [2]float64{math.NaN(), 0}
	for _, s := range []Shape{{Length, [][2]float64{p, p}}, {Length, [][2]float64{p}}, {Rectangle, [][2]float64{p, q}}, {Angle, [][2]float64{p, q, q}}, {Length, [][2]float64{p, nan}}} {
		if s.Valid() {
			t.Errorf("%+v is valid", s)
		}
	}
	if s := (Shape{Length, [][2]float64{p, q}}); !s.Valid() || s.Moved(1, 2).Points[1] != [2]float64{2, 6} {
		t.Errorf("%+v", s.Moved(1, 2))
	}
}

func TestScaleComesFromTheFile(t *testing.T) {
	m := ramp()
	m.Scan = &picture.Scan{Geometry: dicom.Geometry{Spacing: [2]float64{3, 2}, Aspect: 1.5}}
	if s := ScaleOf(m); s != (Scale{X: 2, Y: 3, Known: true}) {
		t.Errorf("%+v", s)
	}
	m.Scan.Geometry.Spacing = [2]float64{}
	if s := ScaleOf(m); s != (Scale{X: 1, Y: 1.5}) {
		t.Errorf("%+v", s)
	}
}
