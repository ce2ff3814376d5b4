package picture

import "image"

// RGBA is the image for display: Range becomes black…white, what lies outside
// is cut off.
func (m *Image) RGBA() *image.RGBA {
	out := image.NewRGBA(image.Rect(0, 0, m.Width, m.Height))
	scale := float32(0)
	if d := m.Range[1] - m.Range[0]; d != 0 {
		scale = 255 / d
	}
	row := make([]float32, m.Width*m.Channels)
	for y := range m.Height {
		m.Row(y, row)
		line := out.Pix[y*out.Stride : y*out.Stride+4*m.Width]
		for x := range m.Width {
			for c := range 3 {
				v := (row[x*m.Channels+min(c, m.Channels-1)] - m.Range[0]) * scale
				line[4*x+c] = uint8(min(max(v+0.5, 0), 255))
			}
			line[4*x+3] = 255
		}
	}
	return out
}
