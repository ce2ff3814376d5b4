package render

import "image"

// Turn is how a picture is turned on the screen: mirrored left to right, then
// turned clockwise by quarters. The zero Turn leaves it as it is.
type Turn struct {
	Mirrored bool
	Quarters int // 0…3
}

// FlippedAcross is t with what is seen mirrored left to right.
func (t Turn) FlippedAcross() Turn { return Turn{!t.Mirrored, (4 - t.Quarters) % 4} }

// FlippedDown is t with what is seen mirrored top to bottom.
func (t Turn) FlippedDown() Turn { return Turn{!t.Mirrored, (6 - t.Quarters) % 4} }

// Turned is t with what is seen turned clockwise by a quarter.
func (t Turn) Turned() Turn { return Turn{t.Mirrored, (t.Quarters + 1) % 4} }

// Size is the size on the screen of a picture of w×h.
func (t Turn) Size(w, h int) (int, int) {
	if t.Quarters%2 == 1 {
		return h, w
	}
	return w, h
}

// Shown is where the point x, y of a picture of w×h is seen. Points are
// continuous: the picture spans 0…w, 0…h.
func (t Turn) Shown(x, y, w, h float64) (float64, float64) {
	if t.Mirrored {
		x = w - x
	}
	for range t.Quarters {
		x, y, w, h = h-y, x, h, w
	}
	return x, y
}

// Source is the point of a picture of w×h that is seen at x, y.
func (t Turn) Source(x, y, w, h float64) (float64, float64) {
	if t.Quarters%2 == 1 {
		w, h = h, w
	}
	for range t.Quarters {
		x, y, w, h = y, w-x, h, w
	}
	if t.Mirrored {
		x = w - x
	}
	return x, y
}

// Rect is where a rectangle of a picture of w×h is seen.
func (t Turn) Rect(r image.Rectangle, w, h int) image.Rectangle {
	if r.Empty() {
		return r
	}
	x0, y0 := t.Shown(float64(r.Min.X), float64(r.Min.Y), float64(w), float64(h))
	x1, y1 := t.Shown(float64(r.Max.X), float64(r.Max.Y), float64(w), float64(h))
	return image.Rect(int(x0), int(y0), int(x1), int(y1))
}

// Letters are the words at the left, right, upper and lower edge, as seen.
func (t Turn) Letters(l [4]string) [4]string {
	if t.Mirrored {
		l[0], l[1] = l[1], l[0]
	}
	for range t.Quarters {
		l[0], l[1], l[2], l[3] = l[3], l[2], l[0], l[1]
	}
	return l
}

// Apply is m as it is seen; m itself when nothing is turned.
func (t Turn) Apply(m *image.RGBA) *image.RGBA {
	if t == (Turn{}) {
		return m
	}
	w, h := m.Rect.Dx(), m.Rect.Dy()
	sw, sh := t.Size(w, h)
	out := image.NewRGBA(image.Rect(0, 0, sw, sh))
	for y := range sh {
		for x := range sw {
			fx, fy := t.Source(float64(x)+0.5, float64(y)+0.5, float64(w), float64(h))
			copy(out.Pix[out.PixOffset(x, y):][:4], m.Pix[m.PixOffset(m.Rect.Min.X+int(fx), m.Rect.Min.Y+int(fy)):][:4])
		}
	}
	return out
}
