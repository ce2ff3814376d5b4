package picture

// Window is the part of the image whose upper left corner is at (x, y), w wide
// and h high. What lies outside the image has the raw value pad: one for all
// channels, or one per channel; none is 0.
func (m *Image) Window(x, y, w, h int, pad ...float32) *Image {
	if x == 0 && y == 0 && w == m.Width && h == m.Height {
		return m
	}
	out := m.like(w, h, m.Channels)
	from, to := max(0, -x), min(w, m.Width-x) // columns of the result that lie inside
	c := m.Channels
	if bytes, whole := wholeBytes(pad, c); m.px.u8 != nil && whole {
		out.px.u8 = make([]uint8, w*h*c)
		fillPixels(out.px.u8, bytes)
		for r := max(0, -y); r < min(h, m.Height-y) && from < to; r++ {
			src := ((r+y)*m.Width + from + x) * c
			copy(out.px.u8[(r*w+from)*c:(r*w+to)*c], m.px.u8[src:])
		}
		return out
	}
	out.px.f32 = make([]float32, w*h*c)
	fillPixels(out.px.f32, perChannel(pad, c))
	row := make([]float32, m.Width*c)
	for r := max(0, -y); r < min(h, m.Height-y) && from < to; r++ {
		m.Row(r+y, row)
		copy(out.px.f32[(r*w+from)*c:(r*w+to)*c], row[(from+x)*c:])
	}
	return out
}

// perChannel spreads one value over all channels.
func perChannel(values []float32, channels int) []float32 {
	if len(values) == channels {
		return values
	}
	out := make([]float32, channels)
	if len(values) > 0 {
		fillRows(out, values[0])
	}
	return out
}

// wholeBytes are the values as 8-bit ones, where that loses nothing.
func wholeBytes(values []float32, channels int) (bytes []uint8, whole bool) {
	bytes = make([]uint8, channels)
	for i, v := range perChannel(values, channels) {
		bytes[i] = uint8(min(max(v, 0), 255))
		if float32(bytes[i]) != v {
			return nil, false
		}
	}
	return bytes, true
}

func fillPixels[T uint8 | float32](p, pixel []T) {
	for i := range p {
		p[i] = pixel[i%len(pixel)]
	}
}

func fillRows[T uint8 | float32](p []T, v T) {
	for i := range p {
		p[i] = v
	}
}
