package jpeg2000

import "encoding/binary"

// progression is a part of the packets with an order of its own (T.800 A.6.6):
// those of some resolutions, components and layers that did not come before.
type progression struct {
	order                byte
	layers               int // from the first to before this
	resolution, below    int
	component, belowThat int // components from the first to before the second
}

// maxChanges bounds the changes of progression order of a tile.
const maxChanges = 32

// poc reads changes of the progression order. Those of a tile replace the main
// header's; those of its further parts go on.
func (p *parameters) poc(b []byte) bool {
	if p.inherited {
		p.changes, p.inherited = nil, false
	}
	const size = 7 // one byte for component numbers
	if len(b) == 0 || len(b)%size != 0 || len(p.changes)+len(b)/size > maxChanges {
		return false
	}
	changes := p.changes[:len(p.changes):len(p.changes)]
	for ; len(b) > 0; b = b[size:] {
		c := progression{
			resolution: int(b[0]), component: int(b[1]), layers: int(binary.BigEndian.Uint16(b[2:])),
			below: int(b[4]), belowThat: int(b[5]), order: b[6],
		}
		if c.belowThat == 0 { // stands for 256
			c.belowThat = 256
		}
		if c.order > orderCPRL {
			return false
		}
		changes = append(changes, c)
	}
	p.changes = changes
	return true
}

// progressions are the orders in which the tile's packets come.
func (t *tile) progressions() []progression {
	whole := progression{order: t.order, layers: t.layers, below: 33, belowThat: len(t.components)}
	if len(t.changes) == 0 {
		return []progression{whole}
	}
	out := make([]progression, len(t.changes))
	for i, c := range t.changes {
		c.layers = min(c.layers, t.layers)
		out[i] = c
	}
	return out
}

// has reports whether a precinct belongs to the progression.
func (p progression) has(a place) bool {
	return a.resolution >= p.resolution && a.resolution < p.below && a.component >= p.component && a.component < p.belowThat
}
