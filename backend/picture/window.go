package picture

// Window is the part of the image whose upper left corner is at (x, y), w wide
// and h high. What lies outside the image has the raw value pad.
func (m *Image) Window(x, y, w, h int, pad float32) *Image {
	if x == 0 && y == 0 && w == m.Width && h == m.Height {
		return m
	}
	out := m.like(w, h, m.Channels)
	from, to := max(0, -x), min(w, m.Width-x) // columns of the result that lie inside
	c := m.Channels
	whole := pad == float32(uint8(min(max(pad, 0), 255)))
	if m.px.u8 != nil && whole {
		out.px.u8 = make([]uint8, w*h*c)
		fillRows(out.px.u8, uint8(pad))
		for r := max(0, -y); r < min(h, m.Height-y) && from < to; r++ {
			src := ((r+y)*m.Width + from + x) * c
			copy(out.px.u8[(r*w+from)*c:(r*w+to)*c], m.px.u8[src:])
		}
		return out
	}
	out.px.f32 = make([]float32, w*h*c)
	fillRows(out.px.f32, pad)
	row := make([]float32, m.Width*c)
	for r := max(0, -y); r < min(h, m.Height-y) && from < to; r++ {
		m.Row(r+y, row)
		copy(out.px.f32[(r*w+from)*c:(r*w+to)*c], row[(from+x)*c:])
	}
	return out
}

func fillRows[T uint8 | float32](p []T, v T) {
	for i := range p {
		p[i] = v
	}
}
