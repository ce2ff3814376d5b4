package jpeg2000

import "fmt"

// tile is one tile under decoding.
type tile struct {
	*parameters
	x0, y0, x1, y1 int
	data           [][]byte
	components     []*plane
	blocks         int
}

// plane is a component of a tile.
type plane struct {
	*coding
	sampling
	x0, y0, x1, y1 int
	resolutions    []resolution
	whole          []int32   // coefficients, then samples, of the reversible transform
	real           []float32 // the same of the irreversible one
}

// resolution is one level of the wavelet transform.
type resolution struct {
	x0, y0, x1, y1 int
	ppx, ppy       uint
	wide, high     int // precincts
	bands          []band
	precincts      []precinct
}

// band is a subband: 0 LL, 1 HL, 2 LH, 3 HH.
type band struct {
	kind           int
	x0, y0, x1, y1 int
	left, top      int // place among the coefficients
	planes         int // bits of a magnitude
	step           float32
}

// precinct is the blocks of a resolution that are coded together, by band.
type precinct struct {
	parts  []grid
	layers int // read so far
}

// grid is the blocks of a precinct in one band.
type grid struct {
	wide, high int
	blocks     []block
	inclusion  *tagTree
	zeros      *tagTree
}

// block is a code block.
type block struct {
	x0, y0, x1, y1 int
	included       bool
	planes         int
	lengthBits     int
	passes         int
	segments       []segment
}

// segment is a codeword segment: some passes and their bytes.
type segment struct {
	passes, most int
	parts        [][]byte
}

func ceil(a, b int) int           { return (a + b - 1) / b }
func ceilShift(a int, n uint) int { return (a + 1<<n - 1) >> n }

// layout builds the tile's planes, resolutions, bands and blocks.
func (t *tile) layout(s *size) error {
	for i := range s.components {
		p := &plane{coding: &t.parameters.components[i], sampling: s.components[i]}
		p.x0, p.x1 = ceil(t.x0, p.dx), ceil(t.x1, p.dx)
		p.y0, p.y1 = ceil(t.y0, p.dy), ceil(t.y1, p.dy)
		t.components = append(t.components, p)
		for r := range p.levels + 1 {
			if err := t.resolution(p, r); err != nil {
				return err
			}
		}
	}
	return nil
}

// resolution adds level r to a plane.
func (t *tile) resolution(p *plane, r int) error {
	n := uint(p.levels - r)
	res := resolution{x0: ceilShift(p.x0, n), y0: ceilShift(p.y0, n), x1: ceilShift(p.x1, n), y1: ceilShift(p.y1, n)}
	res.ppx, res.ppy = uint(p.precincts[r]&15), uint(p.precincts[r]>>4)
	if res.x1 > res.x0 && res.y1 > res.y0 {
		res.wide = ceilShift(res.x1, res.ppx) - res.x0>>res.ppx
		res.high = ceilShift(res.y1, res.ppy) - res.y0>>res.ppy
	}
	if r == 0 {
		res.bands = []band{p.band(0, n, 0, 0, 0)}
	} else {
		low := p.resolutions[r-1]
		for kind := 1; kind <= 3; kind++ {
			left, top := (kind&1)*(low.x1-low.x0), (kind>>1)*(low.y1-low.y0)
			res.bands = append(res.bands, p.band(kind, n+1, 3*r-3+kind, left, top))
		}
	}
	if t.blocks += res.wide * res.high; res.wide > maxBlocks || res.high > maxBlocks || t.blocks > maxBlocks {
		return fmt.Errorf("%w: too many precincts", ErrTooLarge)
	}
	res.precincts = make([]precinct, res.wide*res.high)
	p.resolutions = append(p.resolutions, res)
	return t.fill(p, &p.resolutions[r], r)
}

// band computes a subband at n decompositions; index is that of its step.
func (p *plane) band(kind int, n uint, index, left, top int) band {
	b := band{kind: kind, left: left, top: top}
	xo, yo := 0, 0
	if n > 0 {
		xo, yo = (kind&1)<<(n-1), (kind>>1)<<(n-1)
	}
	b.x0, b.x1 = ceilShift(p.x0-xo, n), ceilShift(p.x1-xo, n)
	b.y0, b.y1 = ceilShift(p.y0-yo, n), ceilShift(p.y1-yo, n)
	s := p.steps[index]
	b.planes = p.guard + int(s.exponent) - 1 + int(p.region)
	// Half a unit, since coefficients carry a fractional bit. The gain of the
	// high bands is part of the inverse transform.
	b.step = 0.5 * (1 + float32(s.mantissa)/2048)
	for e := p.precision - int(s.exponent); e != 0; {
		if e > 0 {
			b.step, e = b.step*2, e-1
		} else {
			b.step, e = b.step/2, e+1
		}
	}
	return b
}

// fill divides a resolution's precincts into code blocks.
func (t *tile) fill(p *plane, res *resolution, r int) error {
	ppx, ppy := res.ppx, res.ppy
	if r > 0 {
		ppx, ppy = ppx-1, ppy-1
	}
	xcb, ycb := min(p.xcb, ppx), min(p.ycb, ppy)
	shift := uint(0)
	if r > 0 {
		shift = 1
	}
	firstX, firstY := res.x0>>res.ppx<<res.ppx>>shift, res.y0>>res.ppy<<res.ppy>>shift
	for i := range res.precincts {
		x, y := firstX+(i%res.wide)<<ppx, firstY+(i/res.wide)<<ppy
		for _, b := range res.bands {
			x0, x1 := max(b.x0, x), min(b.x1, x+1<<ppx)
			y0, y1 := max(b.y0, y), min(b.y1, y+1<<ppy)
			g, err := t.grid(x0, y0, x1, y1, xcb, ycb)
			if err != nil {
				return err
			}
			res.precincts[i].parts = append(res.precincts[i].parts, g)
		}
	}
	return nil
}

// grid makes the blocks within a rectangle of a band.
func (t *tile) grid(x0, y0, x1, y1 int, xcb, ycb uint) (grid, error) {
	var g grid
	if x1 <= x0 || y1 <= y0 {
		return g, nil
	}
	g.wide = ceilShift(x1, xcb) - x0>>xcb
	g.high = ceilShift(y1, ycb) - y0>>ycb
	if t.blocks += g.wide * g.high; g.wide > maxBlocks || g.high > maxBlocks || t.blocks > maxBlocks {
		return g, fmt.Errorf("%w: too many code blocks", ErrTooLarge)
	}
	g.blocks = make([]block, g.wide*g.high)
	for i := range g.blocks {
		x, y := (x0>>xcb+i%g.wide)<<xcb, (y0>>ycb+i/g.wide)<<ycb
		g.blocks[i] = block{x0: max(x, x0), y0: max(y, y0), x1: min(x+1<<xcb, x1), y1: min(y+1<<ycb, y1), lengthBits: 3}
	}
	g.inclusion, g.zeros = newTagTree(g.wide, g.high), newTagTree(g.wide, g.high)
	return g, nil
}
