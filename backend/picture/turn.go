package picture

// turn brings an image with an EXIF orientation (1…8) the right way up.
func (m *Image) turn(orientation int) *Image {
	if orientation <= upright || orientation > 8 {
		return m
	}
	out := m.turned(orientation)
	out.Notes = append(out.Notes[:len(out.Notes):len(out.Notes)], "turned as the camera noted (EXIF)")
	return out
}

// turned is the image with its pixels brought to another order, as EXIF counts
// them (2…8).
func (m *Image) turned(orientation int) *Image {
	w, h := m.Width, m.Height
	if orientation >= 5 {
		w, h = h, w
	}
	out := m.like(w, h, m.Channels)
	switch {
	case m.px.u8 != nil:
		out.px.u8 = turned(m.px.u8, m, w, h, orientation)
	case m.px.u16 != nil:
		out.px.u16 = turned(m.px.u16, m, w, h, orientation)
	default:
		out.px.f32 = turned(m.px.f32, m, w, h, orientation)
	}
	if m.clear != nil {
		out.clear = m.clear.turned(orientation)
	}
	return out
}

func turned[T any](pix []T, m *Image, w, h, orientation int) []T {
	out := make([]T, 0, len(pix))
	for y := range h {
		for x := range w {
			sx, sy := source(x, y, w, h, orientation)
			i := (sy*m.Width + sx) * m.Channels
			out = append(out, pix[i:i+m.Channels]...)
		}
	}
	return out
}

// source is where the pixel (x, y) of the upright picture of w×h lies in the
// stored one. Orientations 5…8 swap the axes.
func source(x, y, w, h, orientation int) (sx, sy int) {
	switch orientation {
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6:
		return y, w - 1 - x
	case 7:
		return h - 1 - y, w - 1 - x
	case 8:
		return h - 1 - y, x
	}
	return x, y
}
