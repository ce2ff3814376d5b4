package picture

import "picasso/backend/picture/kernel"

// Resize returns the image at another size. Width is done first, then height;
// 8-bit images are rounded to 8 bits after each, other images are not rounded.
// Antialias widens the filter when shrinking, so that every source pixel
// counts; without it only the nearest source pixels are read, as OpenCV and
// TensorFlow do.
//
// With antialias the colours of pictures with alpha count by their alpha.
func (m *Image) Resize(w, h int, f Filter, antialias bool) *Image {
	if m.Channels == colorsAlpha && antialias && f != Nearest && (w != m.Width || h != m.Height) {
		return m.resizeClear(w, h, f)
	}
	return m.resize(w, h, f, antialias)
}

func (m *Image) resize(w, h int, f Filter, antialias bool) *Image {
	out := m
	if w != m.Width {
		out = out.resizeWidth(w, f.weigh(m.Width, w, antialias))
	}
	if h != m.Height {
		out = out.resizeHeight(h, f.weigh(m.Height, h, antialias))
	}
	return out
}

func (m *Image) resizeWidth(w int, list []taps) *Image {
	out := m.like(w, m.Height, m.Channels)
	n, c := m.Width*m.Channels, m.Channels
	if m.px.u8 != nil {
		out.px.u8 = make([]uint8, w*m.Height*c)
		kernel.Across(out.px.u8, m.px.u8, m.Height, m.Width, c, fix(list, m.Width))
		return out
	}
	out.px.f32 = make([]float32, w*m.Height*c)
	row := make([]float32, n)
	for y := range m.Height {
		m.Row(y, row)
		dst := out.px.f32[y*w*c : (y+1)*w*c]
		for x, t := range list {
			for k := range c {
				dst[x*c+k] = t.sum(row, k, c)
			}
		}
	}
	return out
}

func (m *Image) resizeHeight(h int, list []taps) *Image {
	out := m.like(m.Width, h, m.Channels)
	n := m.Width * m.Channels
	if m.px.u8 != nil {
		out.px.u8 = make([]uint8, n*h)
		kernel.Down(out.px.u8, m.px.u8, n, m.Height, fix(list, m.Height))
		return out
	}
	all := m.floats()
	out.px.f32 = make([]float32, n*h)
	for y, t := range list {
		for i := range n {
			out.px.f32[y*n+i] = t.sum(all, i, n)
		}
	}
	return out
}

// floats is the whole image as raw values.
func (m *Image) floats() []float32 {
	if m.px.f32 != nil {
		return m.px.f32
	}
	n := m.Width * m.Channels
	all := make([]float32, n*m.Height)
	for y := range m.Height {
		m.Row(y, all[y*n:(y+1)*n])
	}
	return all
}

// sum applies the taps to values that start at offset and lie step apart.
func (t taps) sum(v []float32, offset, step int) float32 {
	s := 0.0
	for k, w := range t.weights {
		s += w * float64(v[(t.first+k)*step+offset])
	}
	return float32(s)
}

// fix brings taps of an axis of n values to fixed point with the precision of the Python
// Imaging Library, so that 8-bit results agree to the last bit. All get as many weights as
// the one with the most, of which those that are too many are 0.
func fix(list []taps, n int) kernel.Taps {
	most := 0
	for _, t := range list {
		most = max(most, len(t.weights))
	}
	out := kernel.Taps{Count: most, First: make([]int32, len(list)), Weights: make([]int32, most*len(list))}
	for i, t := range list {
		first := min(t.first, n-most)
		out.First[i] = int32(first)
		w := out.Weights[i*most+t.first-first:]
		for k, v := range t.weights {
			w[k] = fixed(v)
		}
	}
	return out
}

// fixed is a weight, rounded half away from 0.
func fixed(v float64) int32 {
	if v *= 1 << kernel.TapBits; v < 0 {
		return int32(v - 0.5)
	}
	return int32(v + 0.5)
}
