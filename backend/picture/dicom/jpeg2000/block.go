package jpeg2000

// Code block styles (T.800 table A.19).
const (
	styleBypass   = 1
	styleReset    = 2
	styleTermAll  = 4
	styleVertical = 8
	styleSegments = 32
)

// Flags of a coefficient: which neighbours are significant, which of the next
// ones negative, and its own state.
const (
	flagNE uint16 = 1 << iota
	flagSE
	flagSW
	flagNW
	flagN
	flagE
	flagS
	flagW
	negN
	negE
	negS
	negW
	flagSignificant
	flagRefined
	flagVisited
	flagNeighbours = flagNE | flagSE | flagSW | flagNW | flagN | flagE | flagS | flagW
	flagSouth      = flagSE | flagS | flagSW | negS
)

// coder decodes code blocks (T.800 annex D). Coefficients carry one fractional
// bit, so that half a step can be told.
type coder struct {
	w, h    int
	stride  int
	flags   []uint16 // with a border of one
	data    []int32
	mq      mq
	raw     raw
	zero    *[256]uint8 // contexts of zero coding in this band
	bypass  bool        // this pass reads raw bits
	causal  bool
	tables  [3][256]uint8
	segment []byte
}

func newCoder() *coder {
	c := &coder{}
	for kind := range c.tables {
		for f := range c.tables[kind] {
			c.tables[kind][f] = zeroContext(kind, uint16(f))
		}
	}
	return c
}

// zeroContext is T.800 table D.1: kind 0 for LL and LH, 1 for HL, 2 for HH.
func zeroContext(kind int, f uint16) uint8 {
	count := func(masks ...uint16) (n int) {
		for _, m := range masks {
			if f&m != 0 {
				n++
			}
		}
		return n
	}
	h, v, d := count(flagE, flagW), count(flagN, flagS), count(flagNE, flagSE, flagSW, flagNW)
	if kind == 2 {
		return diagonalContext(h+v, d)
	}
	if kind == 1 {
		h, v = v, h
	}
	switch {
	case h == 2:
		return 8
	case h == 1 && v > 0:
		return 7
	case h == 1 && d > 0:
		return 6
	case h == 1:
		return 5
	case v > 0:
		return uint8(2 + v)
	default:
		return uint8(min(d, 2))
	}
}

func diagonalContext(hv, d int) uint8 {
	switch {
	case d >= 3:
		return 8
	case d == 2:
		return uint8(6 + min(hv, 1))
	case d == 1:
		return uint8(3 + min(hv, 2))
	default:
		return uint8(min(hv, 2))
	}
}

// decode decodes a block and leaves its coefficients in c.data, row by row.
func (c *coder) decode(b *block, kind int, style byte) {
	c.w, c.h, c.stride = b.x1-b.x0, b.y1-b.y0, b.x1-b.x0+2
	c.flags = grow(c.flags, c.stride*(c.h+2))
	c.data = grow(c.data, c.w*c.h)
	c.zero, c.causal = &c.tables[kind], style&styleVertical != 0
	c.mq.reset()
	plane, pass := b.planes, 2
	for _, s := range b.segments {
		c.segment = c.segment[:0]
		for _, part := range s.parts {
			c.segment = append(c.segment, part...)
		}
		c.bypass = style&styleBypass != 0 && plane <= b.planes-4 && pass < 2
		if c.bypass {
			c.raw = raw{data: c.segment}
		} else {
			c.mq.start(c.segment)
		}
		for range s.passes {
			if plane < 1 {
				return
			}
			c.pass(pass, uint(plane), style)
			if pass++; pass == 3 {
				pass = 0
				plane--
			}
		}
	}
}

// grow gives a zeroed slice of n elements, reusing s.
func grow[T uint16 | int32](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	s = s[:n]
	clear(s)
	return s
}

func (c *coder) pass(kind int, plane uint, style byte) {
	switch kind {
	case 0:
		c.propagation(plane)
	case 1:
		c.refinement(plane)
	default:
		c.cleanup(plane)
		if style&styleSegments != 0 {
			for range 4 {
				c.mq.decode(ctxUniform)
			}
		}
	}
	if style&styleReset != 0 {
		c.mq.reset()
	}
}

// stripes calls f for every coefficient in coding order: stripes of four rows,
// column by column.
func (c *coder) stripes(f func(at, data int, flags uint16)) {
	for y0 := 0; y0 < c.h; y0 += 4 {
		for x := range c.w {
			for y := y0; y < min(y0+4, c.h); y++ {
				at := (y+1)*c.stride + x + 1
				f(at, y*c.w+x, c.seen(at, y))
			}
		}
	}
}

// seen are the flags that count: in vertically causal coding, the next stripe
// does not.
func (c *coder) seen(at, y int) uint16 {
	if c.causal && y&3 == 3 {
		return c.flags[at] &^ flagSouth
	}
	return c.flags[at]
}

func (c *coder) propagation(plane uint) {
	c.stripes(func(at, data int, f uint16) {
		if f&flagSignificant != 0 || f&flagNeighbours == 0 {
			return
		}
		var bit uint8
		if c.bypass {
			bit = c.raw.bit()
		} else {
			bit = c.mq.decode(c.zero[f&flagNeighbours])
		}
		if bit == 1 {
			c.significant(at, data, f, plane)
		}
		c.flags[at] |= flagVisited
	})
}

func (c *coder) refinement(plane uint) {
	half := int32(1) << plane >> 1
	c.stripes(func(at, data int, f uint16) {
		if f&(flagSignificant|flagVisited) != flagSignificant {
			return
		}
		var bit uint8
		if c.bypass {
			bit = c.raw.bit()
		} else {
			ctx := uint8(ctxMagnitude)
			if f&flagRefined != 0 {
				ctx += 2
			} else if f&flagNeighbours != 0 {
				ctx++
			}
			bit = c.mq.decode(ctx)
		}
		if (bit == 1) == (c.data[data] >= 0) {
			c.data[data] += half
		} else {
			c.data[data] -= half
		}
		c.flags[at] |= flagRefined
	})
}

// cleanup decodes what the other passes left, whole columns of zeros at once.
func (c *coder) cleanup(plane uint) {
	for y0 := 0; y0 < c.h; y0 += 4 {
		for x := range c.w {
			y, known := y0, false
			if c.blank(x, y0) {
				if c.mq.decode(ctxRun) == 0 {
					continue
				}
				y += int(c.mq.decode(ctxUniform) << 1)
				y += int(c.mq.decode(ctxUniform))
				known = true
			}
			for ; y < min(y0+4, c.h); y++ {
				at := (y+1)*c.stride + x + 1
				f := c.seen(at, y)
				if f&(flagSignificant|flagVisited) == 0 && (known || c.mq.decode(c.zero[f&flagNeighbours]) == 1) {
					c.significant(at, y*c.w+x, f, plane)
				}
				known = false
			}
		}
	}
	for i := range c.flags {
		c.flags[i] &^= flagVisited
	}
}

// blank reports whether the four coefficients from y0 down have nothing
// significant in or around them.
func (c *coder) blank(x, y0 int) bool {
	if y0+4 > c.h {
		return false
	}
	for y := y0; y < y0+4; y++ {
		if c.seen((y+1)*c.stride+x+1, y)&(flagSignificant|flagVisited|flagNeighbours) != 0 {
			return false
		}
	}
	return true
}

// significant decodes the sign of a coefficient that becomes significant, and
// tells its neighbours.
func (c *coder) significant(at, data int, f uint16, plane uint) {
	value := int32(1)<<plane | int32(1)<<plane>>1
	negative := c.sign(f) == 1
	if negative {
		value = -value
	}
	c.data[data] = value
	up, down := at-c.stride, at+c.stride
	c.flags[at] |= flagSignificant
	c.flags[up-1] |= flagSE
	c.flags[up] |= flagS
	c.flags[up+1] |= flagSW
	c.flags[at-1] |= flagE
	c.flags[at+1] |= flagW
	c.flags[down-1] |= flagNE
	c.flags[down] |= flagN
	c.flags[down+1] |= flagNW
	if negative {
		c.flags[up] |= negS
		c.flags[at-1] |= negE
		c.flags[at+1] |= negW
		c.flags[down] |= negN
	}
}

// sign decodes a sign (T.800 tables D.2 and D.3).
func (c *coder) sign(f uint16) uint8 {
	if c.bypass {
		return c.raw.bit()
	}
	h := side(f, flagE, negE) + side(f, flagW, negW)
	v := side(f, flagN, negN) + side(f, flagS, negS)
	h, v = min(max(h, -1), 1), min(max(v, -1), 1)
	flip := uint8(0)
	if h < 0 || h == 0 && v < 0 {
		h, v, flip = -h, -v, 1
	}
	return c.mq.decode(uint8(ctxSign+3*h+v)) ^ flip
}

func side(f, significant, negative uint16) int {
	switch {
	case f&significant == 0:
		return 0
	case f&negative != 0:
		return -1
	default:
		return 1
	}
}

// lower brings coefficients of a region of interest, which are raised above all
// others, down to their value (T.800 H.1).
func (c *coder) lower(region uint) {
	if region == 0 {
		return
	}
	least := int32(1) << region
	for i, v := range c.data {
		switch {
		case v >= least:
			c.data[i] = v >> region
		case -v >= least:
			c.data[i] = -(-v >> region)
		}
	}
}
