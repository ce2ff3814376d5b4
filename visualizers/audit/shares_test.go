package audit

import (
	"math"
	"slices"
	"testing"

	"picasso/backend/preprocess"
)

func TestAMapThatIsTheSameEverywhereHasEveryPartByItsArea(t *testing.T) {
	a := areasOf(224, 224)
	if math.Abs(a.Border-.3543) > 5e-5 || math.Abs(a.Corner-.0404) > 1e-3 || math.Abs(a.Third-1./3) > .004 {
		t.Errorf("areas %+v", a)
	}
	if a := areasOf(Side, Side); math.Abs(a.Third-10./32) > 1e-9 {
		t.Errorf("a third has %.4f, want ten of 32 rows", a.Third)
	}
	p := PlaceOf(slices.Repeat([]float32{3}, 64), 8, 8)
	if math.Abs(p.Focus) > 1e-12 || p.Strength != 192 || math.Abs(p.CentreX-.5) > 1e-12 {
		t.Errorf("place %+v", p)
	}
}

func TestAMapOfOneCell(t *testing.T) {
	values := make([]float32, Side*Side)
	values[0] = 2
	p := PlaceOf(values, Side, Side)
	if p.Focus != 1 || p.Top != 1 || p.Border != 1 || p.Corners != [4]float64{1, 0, 0, 0} || p.Bottom != 0 {
		t.Errorf("place %+v", p)
	}
	if p := PlaceOf(make([]float32, 4), 2, 2); p != (Place{}) {
		t.Errorf("of nothing: %+v", p)
	}
	if p := PlaceOf([]float32{-1, -5, 0, 0}, 2, 2); p != (Place{}) {
		t.Errorf("of evidence against alone: %+v", p)
	}
}

func TestConcentrationTellsTheSamePlaceFromAnyPlace(t *testing.T) {
	at := func(cells ...int) [][]float32 {
		var maps [][]float32
		for _, c := range cells {
			m := make([]float32, 16)
			m[c] = 1
			maps = append(maps, m)
		}
		return maps
	}
	if c, ok := Concentration(at(3, 3, 3)); !ok || math.Abs(c-1) > 1e-6 {
		t.Errorf("the same place: %g, %v", c, ok)
	}
	every := make([]int, 16)
	for i := range every {
		every[i] = i
	}
	if c, ok := Concentration(at(every...)); !ok || math.Abs(c) > 1e-6 {
		t.Errorf("every place: %g, %v", c, ok)
	}
	if _, ok := Concentration([][]float32{slices.Repeat([]float32{1}, 16)}); ok {
		t.Error("a map without focus has a concentration")
	}
}

// A picture twice as wide as high, laid into a square input with padding above and
// below: the padding is left out and the cells are those of the picture.
func TestMapsAreBroughtToThePicture(t *testing.T) {
	// The input has 8×8 pixels, the picture 16×8: every model pixel is two of the
	// picture's, and 2 rows of the input lie above it.
	at := preprocess.Placement{ScaleX: 2, ScaleY: 2, OffsetY: -4}
	values := make([]float32, 64)
	for i := range values {
		switch row := i / 8; {
		case row < 2 || row >= 6:
			values[i] = 100 // padding
		case row < 4:
			values[i] = 1 // the upper half of the picture
		}
	}
	got := Reduce(values, 8, 8, at, 8, 8, 8, 16)
	p := PlaceOf(got, Side, Side)
	if got[0] != 1 || got[len(got)-1] != 0 || math.Abs(p.Strength-Side*Side/2) > 1e-6 || p.Bottom != 0 {
		t.Errorf("corner %g, place %+v", got[0], p)
	}
}
