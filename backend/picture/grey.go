package picture

// Weights of red, green and blue in luma (ITU-R BT.601) in 1/65536, as the
// Python Imaging Library uses them for its mode "L".
const lumaRed, lumaGreen, lumaBlue = 19595, 38470, 7471

// Luma is the brightness of a colour (ITU-R BT.601).
func Luma(r, g, b float32) float32 {
	return (r*lumaRed + g*lumaGreen + b*lumaBlue) / 65536
}

// Grey returns the image's brightness as one channel; 8-bit images stay 8-bit.
func (m *Image) Grey() *Image {
	if m.Channels == 1 {
		return m
	}
	out := m.like(m.Width, m.Height, 1)
	n := m.Width * m.Height
	if p := m.px.u8; p != nil {
		out.px.u8 = make([]uint8, n)
		for i := range out.px.u8 {
			r, g, b := uint32(p[3*i]), uint32(p[3*i+1]), uint32(p[3*i+2])
			out.px.u8[i] = uint8((r*lumaRed + g*lumaGreen + b*lumaBlue + 0x8000) >> 16)
		}
		return out
	}
	out.px.f32 = make([]float32, n)
	for i, p := 0, m.floats(); i < n; i++ {
		out.px.f32[i] = Luma(p[3*i], p[3*i+1], p[3*i+2])
	}
	return out
}
