package picture

import (
	"image"
	"image/color"
	"testing"
)

// What is painted on a slice is painted on its neighbours too, and hides what
// was clear.
func TestAlteredWithAllThatBelongsToIt(t *testing.T) {
	paint := func(m *Image) *Image { return m.Painted(image.Rect(0, 0, 1, 1), 7) }
	s := NewSeries("two", []*Image{NewFloat("a", 2, 1, 1, []float32{1, 2}), NewFloat("b", 2, 1, 1, []float32{3, 4})})
	m, err := s.Slice(0)
	if err != nil {
		t.Fatal(err)
	}
	n, err := m.Altered(paint).Altered(paint).Neighbour(1)
	if err != nil {
		t.Fatal(err)
	}
	if n.At(0, 0, 0) != 7 || n.At(1, 0, 0) != 4 {
		t.Errorf("the neighbour is %v, %v", n.At(0, 0, 0), n.At(1, 0, 0))
	}
	if again, err := m.Neighbour(1); err != nil || again.At(0, 0, 0) != 3 {
		t.Errorf("the slice itself was painted: %v, %v", again.At(0, 0, 0), err)
	}
	src := image.NewNRGBA(image.Rect(0, 0, 2, 1))
	src.SetNRGBA(0, 0, color.NRGBA{10, 20, 30, 0})
	src.SetNRGBA(1, 0, color.NRGBA{10, 20, 30, 40})
	clear := FromImage("clear", src).Altered(paint).WithAlpha()
	for c, want := range []float32{7, 7, 7, 255} {
		if got := clear.At(0, 0, c); got != want {
			t.Errorf("painted, channel %d is %v, want %v", c, got, want)
		}
	}
	if got := clear.At(1, 0, 3); got != 40 {
		t.Errorf("beside it alpha is %v", got)
	}
}
