package picture

import (
	"image"
	"math"
	"slices"
)

// Painted returns a copy with one raw value on every channel of a region, which
// becomes opaque; what
// of the region lies outside the image is ignored. An 8-bit image stays one
// where the value is a whole number from 0 to 255.
func (m *Image) Painted(region image.Rectangle, value float32) *Image {
	region = region.Intersect(image.Rect(0, 0, m.Width, m.Height))
	out := m.like(m.Width, m.Height, m.Channels)
	n := m.Width * m.Channels
	from, to := region.Min.X*m.Channels, region.Max.X*m.Channels
	if whole := value == float32(uint8(min(max(value, 0), 255))); m.px.u8 != nil && whole {
		out.px.u8 = append([]uint8(nil), m.px.u8...)
		for y := region.Min.Y; y < region.Max.Y; y++ {
			fillRows(out.px.u8[y*n+from:y*n+to], uint8(value))
			cover(out.px.u8[y*n+from:y*n+to], m.Channels)
		}
		return out
	}
	out.px.f32 = make([]float32, n*m.Height)
	for y := range m.Height {
		row := out.px.f32[y*n : (y+1)*n]
		m.Row(y, row)
		if y >= region.Min.Y && y < region.Max.Y {
			fillRows(row[from:to], value)
			cover(row[from:to], m.Channels)
		}
	}
	return out
}

// cover makes pixels opaque that have an alpha.
func cover[T uint8 | float32](p []T, channels int) {
	for i := colorsAlpha - 1; channels == colorsAlpha && i < len(p); i += colorsAlpha {
		p[i] = opaque
	}
}

// Repainted returns a copy with other raw values for the pixels for which change
// gives some: it gets the present ones, one for each channel, writes new ones over
// them and says so. An image of 8 or 16 bits stays one, with the nearest values that
// it can hold. Neighbours and what lies under transparent parts are not repainted: the
// copy has none of the latter.
func (m *Image) Repainted(change func(x, y int, raw []float32) bool) *Image {
	out := *m
	out.clear = nil
	out.px = storage{slices.Clone(m.px.u8), slices.Clone(m.px.u16), slices.Clone(m.px.f32)}
	n := m.Channels
	row := make([]float32, m.Width*n)
	for y := range m.Height {
		m.Row(y, row)
		for x := range m.Width {
			if raw := row[x*n : (x+1)*n : (x+1)*n]; change(x, y, raw) {
				out.px.put((y*m.Width+x)*n, raw)
			}
		}
	}
	return &out
}

// put writes raw values from place i on.
func (s *storage) put(i int, raw []float32) {
	for k, v := range raw {
		switch {
		case s.u8 != nil:
			s.u8[i+k] = byteOf(v)
		case s.u16 != nil:
			s.u16[i+k] = uint16(min(max(v*257+0.5, 0), math.MaxUint16))
		default:
			s.f32[i+k] = v
		}
	}
}
