package picture

import (
	"image"
)

// RGBA is the image for display: Range becomes black…white, what lies outside
// is cut off, what is no number is black.
//
// A medical picture whose Range is that of its window is shown through that
// window, which need not be linear.
func (m *Image) RGBA() *image.RGBA {
	if m.Scan != nil && m.Channels == 1 && m.Range == m.Scan.ends() {
		return m.Windowed(m.Scan.Window)
	}
	out := image.NewRGBA(image.Rect(0, 0, m.Width, m.Height))
	scale := m.scale()
	row := make([]float32, m.Width*m.Channels)
	for y := range m.Height {
		m.Row(y, row)
		line := out.Pix[y*out.Stride : y*out.Stride+4*m.Width]
		for x := range m.Width {
			for c := range 3 {
				line[4*x+c] = byteOf((row[x*m.Channels+min(c, m.Channels-1)] - m.Range[0]) * scale)
			}
			line[4*x+3] = 255
		}
	}
	return out
}

func byteOf(v float32) uint8 {
	if v != v {
		return 0
	}
	return uint8(min(max(v+0.5, 0), 255))
}
