package render

import (
	"image"
	"image/color"
	"testing"
)

func TestAnnotationsAreSeenOnBlackAndOnWhite(t *testing.T) {
	for _, ground := range []uint8{0, 255} {
		m := image.NewRGBA(image.Rect(0, 0, 400, 300))
		for i := range m.Pix {
			m.Pix[i] = ground
			if i%4 == 3 {
				m.Pix[i] = 255
			}
		}
		err := Annotate(m, []Annotation{{Line: [][2]float64{{50, 100.5}, {350, 100.5}}, At: [2]float64{390, 295}, Words: []string{"12.5 mm", "another"}}})
		if err != nil {
			t.Fatal(err)
		}
		if c := m.RGBAAt(200, 100); c.R < 200 || c.B > 230 {
			t.Errorf("on %d the line is %v", ground, c)
		}
		if c := m.RGBAAt(200, 99); ground == 255 && c.R > 120 {
			t.Errorf("on white the line has the edge %v", c)
		}
		if c := m.RGBAAt(200, 150); c != (color.RGBA{ground, ground, ground, 255}) {
			t.Errorf("beside it %v", c)
		}
		inked := 0
		for x := 300; x < 400; x++ {
			for y := 250; y < 300; y++ {
				if m.RGBAAt(x, y).R != ground {
					inked++
				}
			}
		}
		if inked < 50 {
			t.Errorf("the words are cut off: %d pixels", inked)
		}
	}
}
