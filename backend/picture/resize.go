package picture

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
		fixed := fix(list)
		for y := range m.Height {
			row, dst := m.px.u8[y*n:(y+1)*n], out.px.u8[y*w*c:(y+1)*w*c]
			if c == perColor {
				alongColors(row, dst, fixed)
				continue
			}
			for x, t := range fixed {
				for k := range c {
					dst[x*c+k] = t.sum(row, k, c)
				}
			}
		}
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
		sums := make([]int32, n)
		for y, t := range fix(list) {
			t.rows(m.px.u8[t.first*n:], sums, out.px.u8[y*n:(y+1)*n])
		}
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

// fixedTaps are taps in fixed point with the precision of the Python Imaging
// Library, so that 8-bit results agree to the last bit.
type fixedTaps struct {
	first   int
	weights []int32
}

const (
	fixedBits = 32 - 8 - 2
	fixedOne  = 1 << fixedBits
)

func fix(list []taps) []fixedTaps {
	out := make([]fixedTaps, len(list))
	for i, t := range list {
		w := make([]int32, len(t.weights))
		for k, v := range t.weights {
			if v < 0 {
				w[k] = int32(v*fixedOne - 0.5)
			} else {
				w[k] = int32(v*fixedOne + 0.5)
			}
		}
		out[i] = fixedTaps{t.first, w}
	}
	return out
}

// perColor is the number of channels of red, green and blue.
const perColor = 3

// alongColors is sum for each pixel of a row of three channels.
func alongColors(row, dst []uint8, list []fixedTaps) {
	for x, t := range list {
		r, g, b := int32(fixedOne/2), int32(fixedOne/2), int32(fixedOne/2)
		from := row[perColor*t.first : perColor*(t.first+len(t.weights))]
		for _, w := range t.weights {
			v := from[:perColor:perColor]
			r, g, b = r+w*int32(v[0]), g+w*int32(v[1]), b+w*int32(v[2])
			from = from[perColor:]
		}
		to := dst[perColor*x : perColor*x+perColor : perColor*x+perColor]
		to[0], to[1], to[2] = narrow(r), narrow(g), narrow(b)
	}
}

// rows adds up whole rows, which follow each other in v, and writes them to dst. It
// is sum for each place of a row; sums is memory for one.
func (t fixedTaps) rows(v []uint8, sums []int32, dst []uint8) {
	for i := range sums {
		sums[i] = fixedOne / 2
	}
	for _, w := range t.weights {
		row := v[:len(sums)]
		for i, s := range row {
			sums[i] += w * int32(s)
		}
		v = v[len(sums):]
	}
	for i, s := range sums {
		dst[i] = narrow(s)
	}
}

func (t fixedTaps) sum(v []uint8, offset, step int) uint8 {
	s := int32(fixedOne / 2)
	i := t.first*step + offset
	for _, w := range t.weights {
		s += w * int32(v[i])
		i += step
	}
	return narrow(s)
}

// narrow is a sum in fixed point as 8 bits.
func narrow(s int32) uint8 { return uint8(min(max(s>>fixedBits, 0), 255)) }
