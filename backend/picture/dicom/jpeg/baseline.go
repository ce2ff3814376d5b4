package jpeg

import "picasso/backend/picture/kernel"

// dct is what sequential coding needs of a component in a scan.
type dct struct {
	means, others *steps
	places        [64]place
	h, v          int // blocks of an MCU
	blocks        []kernel.Block
	kinds         []kernel.Kind
}

// place is where the k-th coded coefficient goes, and what it is times.
type place struct{ at, scale int32 }

// baseline decodes a scan of sequential DCT coding.
func (s *scanner) baseline() {
	blocks := 0
	for i := range s.parts {
		p := &s.parts[i]
		p.dct = s.prepare(p)
		blocks += stripe * p.dct.h * p.dct.v
	}
	all, kinds := s.lent.stripe(blocks)
	for i := range s.parts {
		d := s.parts[i].dct
		n := stripe * d.h * d.v
		d.blocks, d.kinds = all[:n], kinds[:n]
		all, kinds = all[n:], kinds[n:]
	}
	s.sequential(s.mcu, s.transform)
}

func (s *scanner) prepare(p *scanPart) *dct {
	d := &dct{means: p.dc.numbered(ofMean), others: p.ac.numbered(ofOther), h: p.h, v: p.v}
	if len(s.parts) == 1 {
		d.h, d.v = 1, 1
	}
	for k, at := range zigzag {
		d.places[k] = place{int32(at), int32(s.quant[p.quant][k])}
	}
	return d
}

// mcu decodes one component's blocks of an MCU.
func (s *scanner) mcu(p *scanPart, mx, _ int) {
	d := p.dct
	for by := range d.v {
		for bx := range d.h {
			i := (by*stripe+mx%stripe)*d.h + bx
			d.kinds[i] = s.block(p, &d.blocks[i])
		}
	}
}

// transform makes samples of the blocks of MCUs of a row.
func (s *scanner) transform(from, to, my int) {
	for _, p := range s.parts {
		d := p.dct
		for by := range d.v {
			i := by * stripe * d.h
			n := i + (to-from)*d.h
			p.put(d.blocks[i:n], d.kinds[i:n], from*d.h, my*d.v+by, s.frame.precision)
		}
	}
}

// block decodes and dequantizes one block's coefficients. Bits stay in registers
// meanwhile.
func (s *scanner) block(p *scanPart, blk *kernel.Block) kernel.Kind {
	*blk = kernel.Block{}
	b, d := &s.bits, p.dct
	acc, n := b.acc, b.n
	if n < 32 {
		acc, n = b.filled(acc, n)
	}
	e := d.means[acc>>(64-lookBits)]
	difference, length := e>>16, uint(e&15)
	if e == 0 {
		_, difference, _, length = p.dc.step(acc, ofMean)
	}
	acc, n = acc<<(length&63), n-length
	p.last += difference
	blk[0] = p.last * d.places[0].scale
	sum, k := distance(blk[0]), 0
	for k < 63 {
		if n < 32 {
			acc, n = b.filled(acc, n)
		}
		e := d.others[acc>>(64-lookBits)]
		on, number, code, length := int(e>>8&127), e>>16, uint(e>>4&15), uint(e&15)
		if e == 0 {
			on, number, code, length = p.ac.step(acc, ofOther)
		}
		if k += on; k > 63 { // without the number behind the code
			acc, n = acc<<(code&63), n-code
			break
		}
		acc, n = acc<<(length&63), n-length
		to := d.places[k&63]
		number *= to.scale
		blk[to.at&63] = number
		sum += distance(number)
	}
	b.acc, b.n = acc, n
	return kindOf(blk, sum)
}

// distance is that from 0.
func distance(v int32) int { return max(int(v), -int(v)) }

// kindOf tells how a block is transformed whose coefficients, without their signs, have a sum.
func kindOf(blk *kernel.Block, sum int) kernel.Kind {
	switch {
	case sum > kernel.Most:
		return kernel.Apart
	case sum == distance(blk[0]):
		return kernel.Even
	}
	return kernel.Usual
}

// put transforms blocks of one row of them, from block x of row y on.
func (c *component) put(blocks []kernel.Block, kinds []kernel.Kind, x, y, precision int) {
	at := 8 * (y*c.stride + x)
	if precision == 8 {
		kernel.Inverse(c.bytes[at:], c.stride, blocks, kinds)
	}
	for i, kind := range kinds {
		switch {
		case precision > 8:
			inverse(&blocks[i], c.pix[at+8*i:], c.stride, precision)
		case kind == kernel.Apart:
			inverse(&blocks[i], c.bytes[at+8*i:], c.stride, precision)
		}
	}
}
