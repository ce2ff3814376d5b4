package picture

import (
	"image"

	"picasso/backend/picture/kernel"
)

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
	if m.px.u8 != nil {
		return m.resizeBytes(w, h, f, antialias, image.Rect(0, 0, w, h))
	}
	out := m
	if w != m.Width {
		out = out.resizeWidth(w, f.weigh(m.Width, w, antialias, 0, w))
	}
	if h != m.Height {
		out = out.resizeHeight(h, f.weigh(m.Height, h, antialias, 0, h))
	}
	return out
}

// ResizeWindow is Resize to w×h, and [Image.Window] of that: of 8-bit images no more is
// computed than the window shows.
func (m *Image) ResizeWindow(w, h int, f Filter, antialias bool, x, y, width, height int, pad ...float32) *Image {
	seen := image.Rect(x, y, x+width, y+height).Intersect(image.Rect(0, 0, w, h))
	if m.px.u8 == nil || m.Channels == colorsAlpha || seen.Empty() {
		return m.Resize(w, h, f, antialias).Window(x, y, width, height, pad...)
	}
	return m.resizeBytes(w, h, f, antialias, seen).Window(x-seen.Min.X, y-seen.Min.Y, width, height, pad...)
}

// resizeBytes gives a part of the 8-bit image at another size.
func (m *Image) resizeBytes(w, h int, f Filter, antialias bool, part image.Rectangle) *Image {
	across, down := f.taps(m.Width, w, antialias, part.Min.X, part.Max.X), f.taps(m.Height, h, antialias, part.Min.Y, part.Max.Y)
	if across.Count == 0 && down.Count == 0 {
		return m
	}
	out := m.like(part.Dx(), part.Dy(), m.Channels)
	out.px.u8 = lent(out.Width * out.Height * m.Channels)
	kernel.Resize(out.px.u8, m.px.u8, m.Width, m.Height, m.Channels, across, down)
	return out
}

func (m *Image) resizeWidth(w int, list []taps) *Image {
	out := m.like(w, m.Height, m.Channels)
	n, c := m.Width*m.Channels, m.Channels
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

// taps are those of results from one up to another on an axis, in fixed point; none where
// the axis stays as it is.
func (f Filter) taps(in, out int, antialias bool, from, to int) kernel.Taps {
	if in == out {
		if from == 0 && to == out {
			return kernel.Taps{}
		}
		f = Nearest
	}
	return fix(f.weigh(in, out, antialias, from, to), in)
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
