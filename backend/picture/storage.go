package picture

// storage holds interleaved pixel values in the narrowest type that loses
// nothing; exactly one of the slices is used. 16-bit values are those of the
// file and stand for value/257, so that they span 0…255.
type storage struct {
	u8  []uint8
	u16 []uint16
	f32 []float32
}

// Row copies row y to dst: Width×Channels raw values, interleaved.
func (m *Image) Row(y int, dst []float32) {
	n := m.Width * m.Channels
	lo, hi := y*n, (y+1)*n
	switch {
	case m.px.u8 != nil:
		for i, v := range m.px.u8[lo:hi] {
			dst[i] = float32(v)
		}
	case m.px.u16 != nil:
		for i, v := range m.px.u16[lo:hi] {
			dst[i] = float32(v) / 257
		}
	default:
		copy(dst, m.px.f32[lo:hi])
	}
}

// Bytes are all values of an image that keeps 8 bits of each, interleaved, row after row;
// nil of others. They are not to be changed.
func (m *Image) Bytes() []uint8 { return m.px.u8 }

// At is the raw value of channel c at column x and row y.
func (m *Image) At(x, y, c int) float32 {
	i := (y*m.Width+x)*m.Channels + c
	switch {
	case m.px.u8 != nil:
		return float32(m.px.u8[i])
	case m.px.u16 != nil:
		return float32(m.px.u16[i]) / 257
	default:
		return m.px.f32[i]
	}
}

// Mean is the mean raw value of each channel, of the pixels that are not
// [Image.Empty].
func (m *Image) Mean() []float32 {
	sum, counted, some := make([]float64, m.Channels), 0, m.someEmpty()
	row := make([]float32, m.Width*m.Channels)
	for y := range m.Height {
		m.Row(y, row)
		for x := range m.Width {
			if some && m.Empty(y*m.Width+x) {
				continue
			}
			counted++
			for c := range sum {
				sum[c] += float64(row[x*m.Channels+c])
			}
		}
	}
	mean := make([]float32, m.Channels)
	for c := range mean {
		mean[c] = float32(sum[c] / float64(max(counted, 1)))
	}
	return mean
}

// like returns an empty image of another size that keeps m's name and unit.
func (m *Image) like(w, h, channels int) *Image {
	out := *m
	out.Width, out.Height, out.Channels = w, h, channels
	out.px, out.Scan, out.Neighbours, out.clear = storage{}, nil, nil, nil
	return &out
}
