package jpeg2000

import (
	"encoding/binary"
	"fmt"
	"math"
)

// decoder is one picture under decoding.
type decoder struct {
	stream
	size   size
	common *parameters
	tiles  map[int]*tile
	image  *Image
	coder  *coder
	found  bool // a block had data
}

// Decode reads one picture. Its width × height × components may not exceed
// limit. A stream that ends within the picture's data gives the picture with
// fewer details and [Image.Truncated] set.
func Decode(data []byte, limit int) (*Image, error) {
	code, err := unwrap(data)
	if err != nil {
		return nil, err
	}
	d := &decoder{stream: stream{data: code}, tiles: map[int]*tile{}, coder: newCoder()}
	if err := d.header(limit); err != nil {
		return nil, err
	}
	order, err := d.parts()
	if err != nil {
		return nil, err
	}
	if len(order) == 0 {
		return nil, fmt.Errorf("%w: it holds no data", errSyntax)
	}
	s := &d.size
	first := s.components[0]
	d.image = &Image{
		Width: s.x1 - s.x0, Height: s.y1 - s.y0, Components: len(s.components),
		Precision: first.precision, Signed: first.signed, Lossless: true,
	}
	d.image.Pix = make([]uint16, d.image.Width*d.image.Height*d.image.Components)
	for _, n := range order {
		if err := d.tile(d.tiles[n]); err != nil {
			return nil, err
		}
		delete(d.tiles, n)
	}
	if d.image.Truncated && !d.found {
		return nil, fmt.Errorf("%w: it ends before its data", errSyntax)
	}
	return d.image, nil
}

// header reads the main header.
func (d *decoder) header(limit int) error {
	d.next() // the beginning, which unwrap has found
	for {
		marker, body, ok := d.next()
		switch {
		case !ok:
			return fmt.Errorf("%w: its header ends too early", errSyntax)
		case marker == markerSIZ:
			s, err := readSize(body, limit)
			if err != nil {
				return err
			}
			d.size, d.common = s, &parameters{components: make([]coding, len(s.components))}
		case marker == markerSOT:
			d.pos -= 12
			if d.common == nil || d.common.layers == 0 {
				return fmt.Errorf("%w: its header is incomplete", errSyntax)
			}
			return nil
		case d.common == nil:
			return fmt.Errorf("%w: its header has no size", errSyntax)
		default:
			if err := d.common.apply(marker, body); err != nil {
				return err
			}
		}
	}
}

// parts collects the tile parts and returns the tiles in the order in which
// they first appear.
func (d *decoder) parts() ([]int, error) {
	var order []int
	for {
		start := d.pos
		marker, body, ok := d.next()
		if !ok || marker != markerSOT || len(body) < 8 {
			return order, nil
		}
		n, length := int(binary.BigEndian.Uint16(body)), int(binary.BigEndian.Uint32(body[2:]))
		end := start + length
		if length == 0 || end > len(d.data) {
			end = len(d.data)
		}
		t, err := d.open(n)
		if err != nil {
			return nil, err
		}
		if len(t.data) == 0 {
			order = append(order, n)
		}
		if err := d.part(t, end); err != nil {
			return nil, err
		}
		d.pos = max(end, d.pos)
	}
}

// open is tile n, made when it first appears.
func (d *decoder) open(n int) (*tile, error) {
	if t := d.tiles[n]; t != nil {
		return t, nil
	}
	s := &d.size
	wide, high := ceil(s.x1-s.tx0, s.tdx), ceil(s.y1-s.ty0, s.tdy)
	if n >= wide*high {
		return nil, fmt.Errorf("%w: tile %d of %d", errSyntax, n, wide*high)
	}
	x, y := s.tx0+n%wide*s.tdx, s.ty0+n/wide*s.tdy
	t := &tile{
		parameters: d.common.clone(),
		x0:         max(x, s.x0), y0: max(y, s.y0),
		x1: min(x+s.tdx, s.x1), y1: min(y+s.tdy, s.y1),
	}
	d.tiles[n] = t
	return t, nil
}

// part reads a tile part's header and takes its data.
func (d *decoder) part(t *tile, end int) error {
	for {
		marker, body, ok := d.next()
		switch {
		case !ok || d.pos > end:
			t.data = append(t.data, nil)
			return nil
		case marker == markerSOD:
			t.data = append(t.data, d.data[d.pos:end:end])
			return nil
		}
		if len(t.data) == 0 {
			t.own(marker)
			if err := t.apply(marker, body); err != nil {
				return err
			}
		} else if marker == markerPOC && !t.poc(body) {
			return fmt.Errorf("%w: marker %x", errSyntax, marker)
		}
	}
}

// tile decodes a tile into the picture.
func (d *decoder) tile(t *tile) error {
	if err := t.layout(&d.size); err != nil {
		return err
	}
	if !t.packets() {
		d.image.Truncated = true
	}
	for _, p := range t.components {
		d.plane(p)
	}
	if t.mct && len(t.components) >= 3 && t.unmix() {
		d.image.Converted = true
	}
	for i, p := range t.components {
		d.store(t, p, i)
	}
	return nil
}

// plane decodes a plane's blocks and undoes the wavelet transform.
func (d *decoder) plane(p *plane) {
	n := (p.x1 - p.x0) * (p.y1 - p.y0)
	if n == 0 {
		return
	}
	if p.reversible {
		p.whole = make([]int32, n)
	} else {
		p.real = make([]float32, n)
		d.image.Lossless = false
	}
	for r := range p.resolutions {
		res := &p.resolutions[r]
		for i := range res.precincts {
			for k := range res.precincts[i].parts {
				d.blocks(p, &res.bands[k], &res.precincts[i].parts[k])
			}
		}
		res.precincts = nil
	}
	if p.reversible {
		synthesize(p, p.whole, reversible)
	} else {
		synthesize(p, p.real, irreversible)
	}
}

// blocks decodes the blocks of a precinct in a band.
func (d *decoder) blocks(p *plane, b *band, g *grid) {
	kind := [4]int{0, 1, 0, 2}[b.kind]
	stride := p.x1 - p.x0
	for i := range g.blocks {
		blk := &g.blocks[i]
		if blk.passes == 0 || blk.planes < 1 || blk.planes > 30 {
			continue
		}
		d.found = true
		d.coder.decode(blk, kind, p.style)
		d.coder.lower(p.region)
		w := blk.x1 - blk.x0
		for y := range blk.y1 - blk.y0 {
			at := (blk.y0-b.y0+b.top+y)*stride + blk.x0 - b.x0 + b.left
			for x, v := range d.coder.data[y*w : (y+1)*w] {
				if p.reversible {
					p.whole[at+x] = v / 2
				} else {
					p.real[at+x] = float32(v) * b.step
				}
			}
		}
	}
}

// unmix undoes the colour transform of the first three components, if they are
// alike.
func (t *tile) unmix() bool {
	a, b, c := t.components[0], t.components[1], t.components[2]
	switch {
	case a.reversible && len(a.whole) == len(b.whole) && len(a.whole) == len(c.whole):
		for i, y := range a.whole {
			u, v := b.whole[i], c.whole[i]
			g := y - (u+v)>>2
			a.whole[i], b.whole[i], c.whole[i] = v+g, g, u+g
		}
	case !a.reversible && len(a.real) == len(b.real) && len(a.real) == len(c.real):
		for i, y := range a.real {
			u, v := b.real[i], c.real[i]
			a.real[i], b.real[i], c.real[i] = y+1.402*v, y-0.34413*u-0.71414*v, y+1.772*u
		}
	default:
		return false
	}
	return true
}

// store writes a plane's samples to the picture.
func (d *decoder) store(t *tile, p *plane, index int) {
	lo, hi, shift := int32(0), int32(1)<<p.precision-1, int32(1)<<(p.precision-1)
	if p.signed {
		lo, hi, shift = -shift, shift-1, 0
	}
	w := p.x1 - p.x0
	if w == 0 || p.y1 == p.y0 {
		return
	}
	for y := t.y0; y < t.y1; y++ {
		row := (min(max(y/p.dy, p.y0), p.y1-1) - p.y0) * w
		out := d.image.Pix[(y-d.size.y0)*d.image.Width*d.image.Components+index:]
		for x := t.x0; x < t.x1; x++ {
			at := row + min(max(x/p.dx, p.x0), p.x1-1) - p.x0
			var v int32
			if p.reversible {
				v = p.whole[at]
			} else {
				v = int32(math.RoundToEven(float64(min(max(p.real[at], -1<<20), 1<<20))))
			}
			out[(x-d.size.x0)*d.image.Components] = uint16(min(max(v+shift, lo), hi))
		}
	}
	p.whole, p.real = nil, nil
}
