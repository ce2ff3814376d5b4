package viewer

import (
	"image/color"
	"math"
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
	c.Set([]float64{0, 0.5, 1, math.NaN()}, nil, 0, 0, 1)
	for x, want := range map[float32]int{1: 0, 60: 1, 149: 2, 199: 3, 260: 3} {
		if c.choose(fyne.NewPos(x, 10)); chosen != want {
			t.Errorf("at %v slice %d, want %d", x, chosen, want)
		}
	}
}

func TestCurvePaintsWhatIsKnown(t *testing.T) {
	test.NewTempApp(t)
	c := NewCurve()
	c.Set([]float64{0, 1, math.NaN(), 0.5}, []bool{false, false, false, true}, 0, 0, 1)
	m := c.draw(80, 40)
	ink := color.RGBAModel.Convert(theme.Color(theme.ColorNameForeground))
	primary := color.RGBAModel.Convert(theme.Color(theme.ColorNamePrimary))
	if m.At(30, margin) != ink {
		t.Errorf("the largest value is %v at the top", m.At(30, margin))
	}
	if got := m.At(70, 19); got != primary {
		t.Errorf("an explained slice has %v", got)
	}
	for y := range 40 {
		if m.At(50, y) == ink {
			t.Fatalf("an unknown slice is drawn at row %d", y)
		}
	}
	if c.draw(0, 0).Bounds().Dx() != 0 {
		t.Error("nothing to draw on")
	}
}
