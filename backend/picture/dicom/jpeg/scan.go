package jpeg

import "fmt"

// scanner is one scan: the components in it, with their code tables.
type scanner struct {
	*decoder
	parts     []scanPart
	predictor int  // of lossless coding, 1…7
	shift     uint // point transform
	bits      bitReader
	band      band // of progressive coding
}

type scanPart struct {
	*component
	dc, ac     *huffman
	last       int32 // DC value before
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
		s.sequential(func(p *scanPart, mx, my int) { s.mcu(p, mx, my) })
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

// sequential goes through the MCUs of DCT coding; decode takes one component's
// blocks of one.
func (s *scanner) sequential(decode func(p *scanPart, mx, my int)) {
	across, down := s.units()
	count := 0
	for my := range down {
		for mx := range across {
			if s.restart > 0 && count > 0 && count%s.restart == 0 {
				if !s.resync() {
					s.image.Truncated = true
					return
				}
				s.band.run = 0
				for i := range s.parts {
					s.parts[i].last = 0
				}
			}
			count++
			for i := range s.parts {
				decode(&s.parts[i], mx, my)
			}
			if s.bits.ended() && !s.atRestart() {
				s.image.Truncated = true
				return
			}
		}
	}
}

// atRestart reports whether the data stopped at a restart marker, where
// decoding can go on after an error.
func (s *scanner) atRestart() bool {
	p := s.bits.pos
	return s.restart > 0 && p+1 < len(s.data) && s.data[p] == 0xff && s.data[p+1] >= markerRST0 && s.data[p+1] <= markerRST7
}

// units is the number of MCUs of the scan. A scan of one component has one
// block per MCU and covers the picture only.
func (s *scanner) units() (across, down int) {
	c := s.parts[0].component
	if len(s.parts) == 1 {
		return ceil(c.width, 8), ceil(c.height, 8)
	}
	return c.stride / (8 * c.h), c.rows / (8 * c.v)
}

// mcu decodes one component's blocks of an MCU.
func (s *scanner) mcu(p *scanPart, mx, my int) {
	var blk block
	h, v := p.h, p.v
	if len(s.parts) == 1 {
		h, v = 1, 1
	}
	for by := range v {
		for bx := range h {
			dst := p.pix[(my*v+by)*8*p.stride+(mx*h+bx)*8:]
			if s.block(p, &blk) {
				blk.even(dst, p.stride, s.frame.precision)
			} else {
				blk.inverse(dst, p.stride, s.frame.precision)
			}
		}
	}
}

// block decodes and dequantizes one block's coefficients, and tells whether it
// has no other than the mean.
func (s *scanner) block(p *scanPart, blk *block) (even bool) {
	*blk = block{}
	quant := &s.quant[p.quant]
	p.last += s.bits.signed(uint(min(p.dc.decode(&s.bits), 16)))
	blk[0] = p.last * int32(quant[0])
	even = true
	for k := 1; k < 64; k++ {
		rs := p.ac.decode(&s.bits)
		run, size := rs>>4, uint(rs&15)
		if size == 0 {
			if run != 15 {
				return even
			}
			k += 15
			continue
		}
		k += run
		if k > 63 {
			return even
		}
		even = false
		blk[zigzag[k]] = s.bits.signed(size) * int32(quant[k])
	}
	return even
}
