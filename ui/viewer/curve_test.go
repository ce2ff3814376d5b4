package viewer

import (
	"image/color"
	"math"
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
)

func TestCurveGoesToTheSliceClicked(t *testing.T) {
	test.NewTempApp(t)
	c := NewCurve()
	test.NewTempWindow(t, c)
	c.Resize(fyne.NewSize(200, 50))
	chosen := -1
	c.OnChosen = func(i int) { chosen = i }
	test.TapAt(c, fyne.NewPos(100, 10))
	if chosen != -1 {
		t.Error("an empty curve has slices")
	}
	c.Set(Slices{Values: []float64{0, 0.5, 1, math.NaN()}, Hi: 1})
	c.Inset = 10 // slices lie at 10, 70, 130 and 190
	for x, want := range map[float32]int{1: 0, 60: 1, 99: 1, 101: 2, 199: 3, 260: 3} {
		if c.choose(fyne.NewPos(x, 10)); chosen != want {
			t.Errorf("at %v slice %d, want %d", x, chosen, want)
		}
	}
}

func TestCurvePaintsWhatIsKnown(t *testing.T) {
	test.NewTempApp(t)
	c := NewCurve()
	c.Set(Slices{Values: []float64{0, 1, math.NaN(), 0.5}, Explained: []bool{false, false, false, true}, Hi: 1})
	m := c.draw(91, 40) // slices at 0, 30, 60 and 91
	ink := color.RGBAModel.Convert(theme.Color(theme.ColorNameForeground))
	primary := color.RGBAModel.Convert(theme.Color(theme.ColorNamePrimary))
	if m.At(30, margin) != ink {
		t.Errorf("the largest value is %v at the top", m.At(30, margin))
	}
	if got := m.At(90, 19); got != primary {
		t.Errorf("an explained slice has %v", got)
	}
	for y := range 40 {
		if m.At(60, y) == ink {
			t.Fatalf("an unknown slice is drawn at row %d", y)
		}
	}
	if c.draw(0, 0).Bounds().Dx() != 0 {
		t.Error("nothing to draw on")
	}
}

func TestCurveMarksSlices(t *testing.T) {
	test.NewTempApp(t)
	c := NewCurve()
	nan := math.NaN()
	c.Set(Slices{Values: []float64{nan, nan, nan, nan}, Key: []bool{false, true, false, false}, Broken: []bool{false, false, true, false}, Hi: 1})
	m := c.draw(91, 40)
	at := func(x, y int) color.Color { return m.At(x, y) }
	if want := color.RGBAModel.Convert(theme.Color(theme.ColorNameWarning)); at(30, 1) != want || at(30, 20) == want {
		t.Errorf("a key slice is marked by %v", at(30, 1))
	}
	if want := color.RGBAModel.Convert(theme.Color(theme.ColorNameError)); at(60, 1) != want || at(60, 30) != want {
		t.Errorf("a broken slice is marked by %v", at(60, 30))
	}
}

func TestAxisHasRoundNumbers(t *testing.T) {
	for _, c := range []struct{ lo, hi, wantLo, wantHi float64 }{
		{-3.2, 4.9, -4, 6}, {0, 1, 0, 1}, {2.1, 2.3, 2.1, 2.3}, {5, 5, 4, 6}, {-0.013, 0.02, -0.02, 0.02}, {1200, 34000, 0, 40000},
	} {
		lo, hi := NiceScale(c.lo, c.hi)
		if lo != c.wantLo || hi != c.wantHi {
			t.Errorf("%v…%v becomes %v…%v, want %v…%v", c.lo, c.hi, lo, hi, c.wantLo, c.wantHi)
		}
	}
	if got := tick(-0.02); got != "−0.02" {
		t.Errorf("writes %q", got)
	}
	for n, want := range map[int][]int{1: {0}, 5: {0, 1, 2, 3, 4}, 24: {0, 4, 9, 14, 19}, 300: {0, 49, 99, 149, 199, 249, 299}} {
		if got := numbersOf(n, 9); !slices.Equal(got, want) {
			t.Errorf("of %d slices %v have numbers, want %v", n, got, want)
		}
	}
	test.NewTempApp(t)
	c := NewCurve()
	test.NewTempWindow(t, c)
	c.Inset = 10
	c.Set(Slices{Values: make([]float64, 24), Hi: 1})
	c.Resize(fyne.NewSize(420, 60))
	if n := len(c.below.Objects); n < 4 {
		t.Errorf("%d numbers below the curve", n)
	}
	if a := c.Axis().(*curveAxis); len(a.texts) != 3 || a.texts[1].Text != "0.5" {
		t.Errorf("the axis says %v", a.texts)
	}
}
