package jpeg

import "fmt"

// scanner is one scan: the components in it, with their code tables.
type scanner struct {
	*decoder
	parts     []scanPart
	predictor int  // of lossless coding, 1…7
	shift     uint // point transform
	units     int  // MCUs so far
	bits      bitReader
	band      band // of progressive coding
}

type scanPart struct {
	*component
	dc, ac     *huffman
	last       int32 // DC value before
	dct        *dct  // of sequential DCT coding
	left       int32 // lossless: sample to the left
	row, above []uint16
	fresh      bool // lossless: nothing above to predict from
}

// scan reads a scan header and the data behind it.
func (d *decoder) scan(b []byte) error {
	if d.frame == nil {
		return fmt.Errorf("%w: data before the header", errSyntax)
	}
	if len(b) < 1 || b[0] == 0 || len(b) < 4+2*int(b[0]) {
		return fmt.Errorf("%w: a scan header", errSyntax)
	}
	s := &scanner{decoder: d, bits: bitReader{data: d.data, pos: d.pos}}
	for i := range int(b[0]) {
		if err := s.add(b[1+2*i], b[2+2*i]>>4, b[2+2*i]&15); err != nil {
			return err
		}
	}
	s.predictor, s.shift = int(b[1+2*b[0]]), uint(b[3+2*b[0]]&15)
	var err error
	switch {
	case d.frame.lossless:
		err = s.lossless()
	case d.frame.progressive:
		err = s.progressive(b[1+2*b[0]:])
	default:
		s.baseline()
	}
	d.pos = s.bits.pos
	for _, p := range s.parts {
		p.done = true
	}
	return err
}

// add takes one component into the scan.
func (s *scanner) add(id, dc, ac byte) error {
	for _, c := range s.frame.components {
		if c.id != id || c.started && !s.frame.progressive {
			continue
		}
		if dc > 3 || ac > 3 || !s.frame.progressive && (s.dc[dc] == nil || !s.frame.lossless && s.ac[ac] == nil) {
			return fmt.Errorf("%w: a scan without its Huffman table", errSyntax)
		}
		c.started = true
		s.parts = append(s.parts, scanPart{component: c, dc: s.dc[dc], ac: s.ac[ac]})
		return nil
	}
	return fmt.Errorf("%w: a scan of a component that does not exist or came before", errSyntax)
}

// resync goes to the next restart marker and reports whether there was one
// before the scan's end.
func (s *scanner) resync() bool {
	for at := s.bits.pos; at+1 < len(s.data); at++ {
		if m := s.data[at+1]; s.data[at] == 0xff && m != 0 && m != 0xff {
			if m < markerRST0 || m > markerRST7 {
				return false
			}
			s.bits.reset(at + 2)
			return true
		}
	}
	return false
}

// stripe is how many MCUs of a row are decoded before their blocks are transformed: few
// enough to stay in the cache.
const stripe = 32

// sequential goes through the MCUs of DCT coding; decode takes one component's blocks of
// one, and done is called when those from one place up to another of a row are decoded.
func (s *scanner) sequential(decode func(p *scanPart, mx, my int), done func(from, to, my int)) {
	across, down := s.size()
	for my := range down {
		for from := 0; from < across; from += stripe {
			to := min(from+stripe, across)
			reached, ok := s.stripe(from, to, my, decode)
			done(from, reached, my)
			if !ok {
				s.image.Truncated = true
				return
			}
		}
	}
}

// stripe decodes MCUs of a row, and tells up to where there were data.
func (s *scanner) stripe(from, to, my int, decode func(p *scanPart, mx, my int)) (reached int, ok bool) {
	for mx := from; mx < to; mx++ {
		if s.restart > 0 && s.units > 0 && s.units%s.restart == 0 && !s.again() {
			return mx, false
		}
		s.units++
		for i := range s.parts {
			decode(&s.parts[i], mx, my)
		}
		if s.bits.ended() && !s.atRestart() {
			return mx + 1, false
		}
	}
	return to, true
}

// again begins anew behind the next restart marker, if there is one.
func (s *scanner) again() bool {
	if !s.resync() {
		return false
	}
	s.band.run = 0
	for i := range s.parts {
		s.parts[i].last = 0
	}
	return true
}

// atRestart reports whether the data stopped at a restart marker, where
// decoding can go on after an error.
func (s *scanner) atRestart() bool {
	p := s.bits.pos
	return s.restart > 0 && p+1 < len(s.data) && s.data[p] == 0xff && s.data[p+1] >= markerRST0 && s.data[p+1] <= markerRST7
}

// size is the number of MCUs of the scan. A scan of one component has one
// block per MCU and covers the picture only.
func (s *scanner) size() (across, down int) {
	c := s.parts[0].component
	if len(s.parts) == 1 {
		return ceil(c.width, 8), ceil(c.height, 8)
	}
	return c.stride / (8 * c.h), c.rows / (8 * c.v)
}
