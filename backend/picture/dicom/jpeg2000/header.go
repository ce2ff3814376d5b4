package jpeg2000

import (
	"bytes"
	"encoding/binary"
	"fmt"
)

// Markers.
const (
	markerSOC = 0xff4f
	markerCAP = 0xff50
	markerSIZ = 0xff51
	markerCOD = 0xff52
	markerCOC = 0xff53
	markerQCD = 0xff5c
	markerQCC = 0xff5d
	markerRGN = 0xff5e
	markerPOC = 0xff5f
	markerPPM = 0xff60
	markerPPT = 0xff61
	markerSOT = 0xff90
	markerSOP = 0xff91
	markerEPH = 0xff92
	markerSOD = 0xff93
	markerEOC = 0xffd9
)

// size is the SIZ segment: the reference grid.
type size struct {
	x0, y0, x1, y1     int // picture
	tx0, ty0, tdx, tdy int // tiles
	components         []sampling
}

// sampling is one component's depth and resolution.
type sampling struct {
	precision int
	signed    bool
	dx, dy    int
}

// coding is what COD and COC say about a component.
type coding struct {
	levels       int
	xcb, ycb     uint
	style        byte
	reversible   bool
	precincts    [33]byte
	byQCC, byCOC bool // set for the component alone
	quantStyle   byte
	guard        int
	steps        [97]step
	region       uint // by how many bits a region of interest is raised
}

// step is a band's quantization. It is small because every tile may have its own.
type step struct {
	exponent int8  // 0…31
	mantissa int16 // of 2048
}

// parameters is everything that may differ from tile to tile.
type parameters struct {
	order      byte
	layers     int
	mct        bool
	sop, eph   bool
	components []coding
	changes    []progression // of the order of packets; none: all in one order
	inherited  bool          // changes are those of the main header
	shared     bool          // components are those of the main header
}

// clone is for a tile, which need not differ from the main header.
func (p *parameters) clone() *parameters {
	c := *p
	c.inherited, c.shared = true, true
	return &c
}

// own makes the components those of the tile alone. Its own values count more
// than those of the main header, whichever of the two is for all components.
func (p *parameters) own(marker int) {
	if marker != markerCOD && marker != markerCOC && marker != markerQCD && marker != markerQCC && marker != markerRGN {
		return
	}
	if p.shared {
		p.components, p.shared = append([]coding(nil), p.components...), false
	}
	for i := range p.components {
		c := &p.components[i]
		c.byCOC = c.byCOC && marker != markerCOD
		c.byQCC = c.byQCC && marker != markerQCD
	}
}

// stream reads marker segments.
type stream struct {
	data []byte
	pos  int
}

// next reads a marker and its parameters; SOC, SOD and EOC have none.
func (s *stream) next() (marker int, body []byte, ok bool) {
	if s.pos+2 > len(s.data) {
		return 0, nil, false
	}
	marker = int(binary.BigEndian.Uint16(s.data[s.pos:]))
	s.pos += 2
	if marker == markerSOC || marker == markerSOD || marker == markerEOC {
		return marker, nil, true
	}
	if s.pos+2 > len(s.data) {
		return 0, nil, false
	}
	n := int(binary.BigEndian.Uint16(s.data[s.pos:]))
	if n < 2 || s.pos+n > len(s.data) {
		return 0, nil, false
	}
	body = s.data[s.pos+2 : s.pos+n]
	s.pos += n
	return marker, body, true
}

// unwrap finds the code stream, which may lie in a JP2 file.
func unwrap(data []byte) ([]byte, error) {
	i := bytes.Index(data, []byte{0xff, 0x4f, 0xff, 0x51})
	if i < 0 {
		return nil, fmt.Errorf("%w: it has no beginning", errSyntax)
	}
	return data[i:], nil
}

func readSize(b []byte, limit int) (size, error) {
	var s size
	if len(b) < 36 {
		return s, fmt.Errorf("%w: its header is too short", errSyntax)
	}
	at := func(i int) int { return int(binary.BigEndian.Uint32(b[i:])) }
	s = size{x1: at(2), y1: at(6), x0: at(10), y0: at(14), tdx: at(18), tdy: at(22), tx0: at(26), ty0: at(30)}
	n := int(binary.BigEndian.Uint16(b[34:]))
	switch {
	case n < 1 || n > 4 || len(b) < 36+3*n:
		return s, fmt.Errorf("%w: %d components", ErrUnsupported, n)
	case s.x1 >= 1<<31 || s.y1 >= 1<<31 || s.tdx >= 1<<32 || s.x0 >= s.x1 || s.y0 >= s.y1,
		s.tdx == 0 || s.tdy == 0 || s.tx0 > s.x0 || s.ty0 > s.y0 || s.tx0+s.tdx <= s.x0 || s.ty0+s.tdy <= s.y0:
		return s, fmt.Errorf("%w: a picture of no sensible size", errSyntax)
	case (s.x1 - s.x0) > limit/(s.y1-s.y0)/n:
		return s, fmt.Errorf("%w: %d×%d samples in %d components", ErrTooLarge, s.x1-s.x0, s.y1-s.y0, n)
	}
	for i := range n {
		c := sampling{int(b[36+3*i]&0x7f) + 1, b[36+3*i]&0x80 != 0, int(b[37+3*i]), int(b[38+3*i])}
		if c.precision > 16 || c.dx == 0 || c.dy == 0 {
			return s, fmt.Errorf("%w: samples of %d bits", ErrUnsupported, c.precision)
		}
		s.components = append(s.components, c)
	}
	return s, nil
}

// apply takes a marker segment into the parameters.
func (p *parameters) apply(marker int, b []byte) error {
	wide := 1 // of component numbers, which are of two bytes in streams of over 256
	ok := true
	switch marker {
	case markerCOD:
		ok = p.cod(b)
	case markerCOC:
		ok = len(b) > wide+1 && int(b[0]) < len(p.components) && p.components[b[0]].coc(b[wide+1:], b[wide]&1 != 0)
		if ok {
			p.components[b[0]].byCOC = true
		}
	case markerQCD:
		for i := range p.components {
			if c := &p.components[i]; !c.byQCC {
				ok = ok && c.quantization(b)
			}
		}
	case markerQCC:
		ok = len(b) > wide && int(b[0]) < len(p.components) && p.components[b[0]].quantization(b[wide:])
		if ok {
			p.components[b[0]].byQCC = true
		}
	case markerRGN:
		ok = len(b) >= wide+2 && int(b[0]) < len(p.components) && b[wide] == 0 && b[wide+1] < 31
		if ok {
			p.components[b[0]].region = uint(b[wide+1])
		}
	case markerPOC:
		ok = p.poc(b)
	case markerPPM, markerPPT, markerCAP:
		return fmt.Errorf("%w: marker %x", ErrUnsupported, marker)
	}
	if !ok {
		return fmt.Errorf("%w: marker %x", errSyntax, marker)
	}
	return nil
}

func (p *parameters) cod(b []byte) bool {
	if len(b) < 10 {
		return false
	}
	p.sop, p.eph = b[0]&2 != 0, b[0]&4 != 0
	p.order, p.layers, p.mct = b[1], int(binary.BigEndian.Uint16(b[2:])), b[4]&1 != 0
	if p.order > 4 || p.layers == 0 {
		return false
	}
	for i := range p.components {
		if c := &p.components[i]; !c.byCOC && !c.coc(b[5:], b[0]&1 != 0) {
			return false
		}
	}
	return true
}

// coc reads a component's coding style.
func (c *coding) coc(b []byte, precincts bool) bool {
	if len(b) < 5 || b[0] > 32 || b[1] > 8 || b[2] > 8 || b[1]+b[2] > 8 {
		return false
	}
	c.levels, c.xcb, c.ycb, c.style, c.reversible = int(b[0]), uint(b[1])+2, uint(b[2])+2, b[3], b[4] == 1
	if b[4] > 1 || precincts && len(b) < 6+c.levels {
		return false
	}
	for r := range c.levels + 1 {
		c.precincts[r] = 0xff
		if precincts {
			c.precincts[r] = b[5+r]
			if r > 0 && (b[5+r]&15 == 0 || b[5+r]>>4 == 0) {
				return false
			}
		}
	}
	return true
}

// quantization reads a component's steps.
func (c *coding) quantization(b []byte) bool {
	if len(b) < 2 {
		return false
	}
	c.quantStyle, c.guard = b[0]&31, int(b[0]>>5)
	b = b[1:]
	switch c.quantStyle {
	case 0:
		for i := range min(len(b), len(c.steps)) {
			c.steps[i] = step{int8(b[i] >> 3), 0}
		}
		return true
	case 1, 2:
		for i := range min(len(b)/2, len(c.steps)) {
			v := int(binary.BigEndian.Uint16(b[2*i:]))
			c.steps[i] = step{int8(v >> 11), int16(v & 0x7ff)}
		}
		if c.quantStyle == 1 {
			for i := 1; i < len(c.steps); i++ {
				c.steps[i] = step{max(c.steps[0].exponent-int8((i-1)/3), 0), c.steps[0].mantissa}
			}
		}
		return len(b) >= 2
	}
	return false
}
