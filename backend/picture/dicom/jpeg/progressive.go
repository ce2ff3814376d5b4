package jpeg

import (
	"fmt"

	"picasso/backend/picture/kernel"
)

// maxScans bounds the scans of a progressive picture; encoders write about ten.
const maxScans = 128

// band is the coefficients that a progressive scan codes, and by how many bits
// they are shifted.
type band struct {
	first, last int // in zigzag order
	refine      bool
	shift       uint
	run         int // blocks without coefficients still to come
}

// progressive decodes one scan of a progressive picture (T.81 annex G). b is
// the end of the scan header.
func (s *scanner) progressive(b []byte) error {
	s.band = band{first: int(b[0]), last: int(b[1]), refine: b[2]>>4 != 0, shift: uint(b[2] & 15)}
	if s.scans++; s.scans > maxScans {
		return fmt.Errorf("%w: it has more than %d scans", errSyntax, maxScans)
	}
	dc := s.band.first == 0
	if s.band.last > 63 || s.band.first > s.band.last || dc && s.band.last > 0 || !dc && len(s.parts) > 1 || s.band.shift > 13 {
		return fmt.Errorf("%w: a scan of the coefficients %d to %d", errSyntax, s.band.first, s.band.last)
	}
	for _, p := range s.parts {
		if dc && !s.band.refine && p.dc == nil || !dc && p.ac == nil {
			return fmt.Errorf("%w: a scan without its Huffman table", errSyntax)
		}
	}
	decode := s.coefficients
	switch {
	case dc && s.band.refine:
		decode = func(_ *scanPart, blk *coefficients) { blk[0] |= uint16(s.bits.take(1) << s.band.shift) }
	case dc:
		decode = s.mean
	case s.band.refine:
		decode = s.refined
	}
	s.sequential(func(p *scanPart, mx, my int) {
		h, v := p.h, p.v
		if len(s.parts) == 1 {
			h, v = 1, 1
		}
		for i := range h * v {
			decode(p, p.coefficients((my*v+i/h)*p.stride/8+mx*h+i%h))
		}
	}, func(int, int, int) {})
	return nil
}

// coefficients are those of a block of a progressive picture in natural order:
// signed numbers of 16 bits.
type coefficients [64]uint16

// coefficients are those of the component's i-th block.
func (c *component) coefficients(i int) *coefficients {
	return (*coefficients)(c.coded[64*i : 64*i+64])
}

// mean decodes the first bits of a block's mean.
func (s *scanner) mean(p *scanPart, blk *coefficients) {
	p.last += s.bits.signed(uint(min(p.dc.decode(&s.bits), 16)))
	blk[0] = uint16(p.last << s.band.shift)
}

// coefficients decodes the first bits of a block's other coefficients.
func (s *scanner) coefficients(p *scanPart, blk *coefficients) {
	if s.band.run > 0 {
		s.band.run--
		return
	}
	for k := s.band.first; k <= s.band.last; k++ {
		rs := p.ac.decode(&s.bits)
		run, size := rs>>4, uint(rs&15)
		if size == 0 {
			if run != 15 {
				s.band.run = 1<<run - 1 + int(s.bits.take(uint(run)))
				return
			}
			k += 15
			continue
		}
		if k += run; k > 63 {
			return
		}
		blk[zigzag[k]] = uint16(s.bits.signed(size) << s.band.shift)
	}
}

// refined decodes one more bit of a block's coefficients: of those that were
// known, and new ones of that size.
func (s *scanner) refined(p *scanPart, blk *coefficients) {
	k := s.band.first
	for s.band.run == 0 && k <= s.band.last {
		rs := p.ac.decode(&s.bits)
		run, fresh := rs>>4, int32(0)
		switch {
		case rs&15 != 0:
			if fresh = -1; s.bits.take(1) == 1 {
				fresh = 1
			}
		case run != 15:
			s.band.run = 1<<run + int(s.bits.take(uint(run)))
			run = 64 // over all that is left
		}
		k = s.skip(blk, k, run)
		if fresh != 0 && k <= s.band.last {
			blk[zigzag[k]] = uint16(fresh << s.band.shift)
		}
		k++
	}
	if s.band.run > 0 {
		s.skip(blk, k, 64)
		s.band.run--
	}
}

// skip refines known coefficients from k on until so many unknown ones were
// passed, and returns the place of the next unknown one.
func (s *scanner) skip(blk *coefficients, k, zeros int) int {
	for ; k <= s.band.last; k++ {
		c := &blk[zigzag[k]]
		switch {
		case *c == 0:
			if zeros == 0 {
				return k
			}
			zeros--
		case s.bits.take(1) == 1:
			if bit := uint16(1) << s.band.shift; int16(*c) > 0 {
				*c += bit
			} else {
				*c -= bit
			}
		}
	}
	return k
}

// transform turns the coefficients of a progressive picture into samples.
func (d *decoder) transform() {
	var blocks [stripe]kernel.Block
	var kinds [stripe]kernel.Kind
	for _, c := range d.frame.components {
		across := c.stride / 8
		for y := range c.rows / 8 {
			for x := 0; x < across; x += stripe {
				n := min(stripe, across-x)
				for i := range n {
					kinds[i] = c.coefficients(y*across+x+i).scaled(&d.quant[c.quant], &blocks[i])
				}
				c.put(blocks[:n], kinds[:n], x, y, d.frame.precision)
			}
		}
		c.coded = nil
	}
}

// scaled dequantizes a block.
func (coded *coefficients) scaled(quant *[64]uint16, blk *kernel.Block) kernel.Kind {
	sum := 0
	for k, at := range zigzag {
		blk[at] = int32(int16(coded[at])) * int32(quant[k])
		sum += distance(blk[at])
	}
	return kindOf(blk, sum)
}
