package volume

import "math"

// Values are the values of slice i, Width×Height×Channels, interleaved. Numbers
// that are none, and infinite ones, stay as they are.
func (v *Volume) Values(i int) []float32 {
	if v.flip[2] {
		i = v.Slices - 1 - i
	}
	h := v.header
	out := make([]float32, 0, v.Width*v.Height*v.Channels)
	size := int64(h.Type.Size())
	for y := range v.Height {
		if v.flip[1] {
			y = v.Height - 1 - y
		}
		row := int64(i)*h.Step[3] + int64(y)*h.Step[2]
		for x := range v.Width {
			if v.flip[0] {
				x = v.Width - 1 - x
			}
			at := row + int64(x)*h.Step[1]
			for c := range v.Channels {
				out = append(out, h.value(v.data[(at+int64(c)*h.Step[0])*size:]))
			}
		}
	}
	return out
}

// value reads one element and rescales it.
func (h *Header) value(b []byte) float32 {
	x := h.Type.Number(h.Order, b)
	if h.Slope != 0 {
		x = x*h.Slope + h.Intercept
	}
	if math.Abs(x) > math.MaxFloat32 {
		return float32(math.Copysign(math.Inf(1), x))
	}
	return float32(x)
}
