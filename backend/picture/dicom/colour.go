package dicom

// colours fills in the values of a colour frame: red, green and blue of 0…255.
func (f *File) colours(m *Frame) error {
	s := m.stored
	row := make([]int64, m.Width*s.pixels.samples)
	m.Values = make([]float32, 3*m.Width*m.Height)
	m.Full, m.Inside = [2]float32{0, 255}, [2]float32{0, 255}
	if s.photometric == "PALETTE COLOR" {
		f.mu.Lock()
		p, err := f.root.palette(s.signed)
		f.mu.Unlock()
		if err != nil {
			return err
		}
		for y := range m.Height {
			s.row(y, row)
			p.apply(row, m.Values[3*y*m.Width:])
		}
		return nil
	}
	convert := s.conversion()
	scale := 255 / float32(int64(1)<<s.stored-1)
	for y := range m.Height {
		s.row(y, row)
		out := m.Values[3*y*m.Width : 3*(y+1)*m.Width]
		for i, v := range row {
			out[i] = float32(v) * scale
		}
		if convert != nil {
			convert(out)
		}
	}
	return nil
}

// conversion is what turns a row of the stored colours into red, green and
// blue, or nil where they are. A stream that knows better than the file is
// believed.
func (s *samples) conversion() func([]float32) {
	switch {
	case s.rgb:
		return nil
	case s.ybr && s.photometric == "RGB":
		return fullRange
	}
	switch s.photometric {
	case "YBR_FULL", "YBR_FULL_422":
		if s.coding == codingJPEG && s.lossy {
			return fullRange
		}
		return middleRange
	case "YBR_PARTIAL", "YBR_PARTIAL_422", "YBR_PARTIAL_420":
		if s.coding == codingJPEG {
			return fullRange // JPEG has no other
		}
		return videoRange
	}
	return nil
}

// fullRange converts luma and chroma of the range 0…255 (PS3.3 C.7.6.3.1.2) as
// JPEG libraries do.
func fullRange(p []float32) { convertFull(p, 0, 0, 0) }

// middleRange is fullRange for pixels that no JPEG library converts. Others
// centre chroma at 127.5, which makes red and blue up to two brighter and green
// darker (DCMTK); with these parts of one no colour is more than one away from
// either.
func middleRange(p []float32) { convertFull(p, 0.25, -0.06, 0.45) }

// convertFull adds red, green and blue before rounding.
func convertFull(p []float32, red, green, blue float32) {
	for i := 0; i+2 < len(p); i += 3 {
		y, b, r := p[i], p[i+1]-128, p[i+2]-128
		p[i] = clip(y + 1.402*r + red)
		p[i+1] = clip(y - 0.344136*b - 0.714136*r + green)
		p[i+2] = clip(y + 1.772*b + blue)
	}
}

// videoRange converts luma of the range 16…235 and chroma of 16…240.
func videoRange(p []float32) {
	for i := 0; i+2 < len(p); i += 3 {
		y, b, r := 1.1644*(p[i]-16), p[i+1]-128, p[i+2]-128
		p[i] = clip(y + 1.5960*r)
		p[i+1] = clip(y - 0.3917*b - 0.8129*r - 0.3) // see middleRange
		p[i+2] = clip(y + 2.0173*b)
	}
}

// clip cuts a colour to 0…255 and to whole numbers, as it is shown.
func clip(v float32) float32 { return float32(uint8(min(max(v+0.5, 0), 255))) }

// palette is three tables: red, green and blue.
type palette [3]*table

// palette reads the colour tables (PS3.3 C.7.6.3.1.5), whole or in segments.
// signed says how their first input value is written.
func (d *dataset) palette(signed bool) (palette, error) {
	var p palette
	for c := range p {
		w := d.words(tagPaletteDescriptor + Tag(c))
		if len(w) < 3 {
			return p, damaged("has colours by table and no table")
		}
		n := int(w[0])
		if n == 0 {
			n = 1 << 16
		}
		t := &table{first: int64(w[1]), bits: int(w[2])}
		if signed {
			t.first = int64(int16(w[1]))
		}
		if t.values = d.entries(tagPaletteData+Tag(c), n); len(t.values) == 0 {
			t.values = segments(d.words(tagPaletteSegmented+Tag(c)), n)
		}
		if len(t.values) == 0 || t.bits != 8 && t.bits != 16 {
			return p, damaged("has a damaged colour table")
		}
		p[c] = t
	}
	p.narrow()
	return p, nil
}

// narrow corrects tables that declare 16 bits and hold 8, or the other way
// round.
func (p palette) narrow() {
	top := uint16(0)
	for _, t := range p {
		for _, v := range t.values {
			top = max(top, v)
		}
	}
	for _, t := range p {
		if top > 255 {
			t.bits = 16
		} else {
			t.bits = 8
		}
	}
}

// apply looks a row of indices up.
func (p palette) apply(row []int64, out []float32) {
	for x, v := range row {
		for c, t := range p {
			out[3*x+c] = float32(t.at(v) >> (t.bits - 8))
		}
	}
}

// segments expands a segmented table to at most n entries (PS3.3 C.7.9.2).
func segments(w []uint16, n int) []uint16 {
	var out []uint16
	for i := 0; i+1 < len(w) && len(out) < n; {
		used, ok := segment(w, i, &out, n, true)
		if !ok {
			return nil
		}
		i += used
	}
	return out
}

// segment expands the segment at i and returns the number of words it has.
// Segments may point back at others, which may not point on.
func segment(w []uint16, i int, out *[]uint16, n int, point bool) (int, bool) {
	if i+2 > len(w) {
		return 0, false
	}
	count := int(w[i+1])
	switch w[i] {
	case 0:
		if i+2+count > len(w) {
			return 0, false
		}
		*out = append(*out, w[i+2:i+2+min(count, n-len(*out))]...)
		return 2 + count, true
	case 1:
		if i+3 > len(w) || len(*out) == 0 || count == 0 {
			return 0, false
		}
		from, to := int((*out)[len(*out)-1]), int(w[i+2])
		for k := 1; k <= count && len(*out) < n; k++ {
			*out = append(*out, uint16(from+(to-from)*k/count))
		}
		return 3, true
	case 2:
		if i+4 > len(w) || !point {
			return 0, false
		}
		at := (int(w[i+3])<<16 | int(w[i+2])) / 2
		for ; count > 0 && len(*out) < n; count-- {
			used, ok := segment(w, at, out, n, false)
			if !ok {
				return 0, false
			}
			at += used
		}
		return 4, true
	}
	return 0, false
}
