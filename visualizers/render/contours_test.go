package render

import "testing"

// A ramp from −1 to 1 has its lines where a fifth of the range ends: at ±0.2,
// ±0.4, ±0.6 and ±0.8, upright, each in the colour of its value, with nothing at
// zero and between them.
func TestContoursOfARamp(t *testing.T) {
	const w, h = 201, 9
	f := Field{Width: w, Height: h, Values: make([]float32, w*h)}
	for i := range f.Values {
		f.Values[i] = float32(i%w)/100 - 1
	}
	s := Style{Signed: true, Opacity: 1, Contours: true, Cells: true}
	m := Heat(w, h, f, Whole(w, h), s)
	colours := s.Scale(f).Colors
	lines := map[int]bool{}
	for x := range w {
		c := m.RGBAAt(x, 4)
		for _, level := range []float64{-0.8, -0.6, -0.4, -0.2, 0.2, 0.4, 0.6, 0.8} {
			if want := colours.At((level + 1) / 2); c.A == 255 && c == want {
				lines[int(level*10)] = true
				if v := float64(x)/100 - 1; v < level-0.03 || v > level+0.03 {
					t.Errorf("the line of %v lies at %v", level, v)
				}
			}
		}
		if m.RGBAAt(x, 2) != c {
			t.Errorf("the line at x %d is not straight", x)
		}
	}
	if len(lines) != 8 {
		t.Errorf("lines at tenths %v", lines)
	}
	if m.RGBAAt(100, 4).A != 0 || m.RGBAAt(130, 4).A != 0 {
		t.Error("something is drawn between the lines")
	}
	s.Sign = Positive
	m = Heat(w, h, f, Whole(w, h), s)
	for x := range 100 {
		if m.RGBAAt(x, 4).A != 0 {
			t.Fatalf("a hidden value has a line at x %d", x)
		}
	}
}

func TestContoursOfNothing(t *testing.T) {
	for _, f := range []Field{{}, line(1, 1, 1), line(nan, nan)} {
		m := Heat(30, 20, f, Whole(30, 20), Style{Opacity: 1, Contours: true})
		for i := 3; i < len(m.Pix); i += 4 {
			if m.Pix[i] != 0 {
				t.Fatalf("%v has a line", f.Values)
			}
		}
	}
}
