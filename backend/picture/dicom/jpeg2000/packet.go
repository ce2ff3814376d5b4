package jpeg2000

import (
	"bytes"
	"cmp"
	"math/bits"
	"slices"
)

// Progression orders (T.800 table A.16).
const (
	orderLRCP = iota
	orderRLCP
	orderRPCL
	orderPCRL
	orderCPRL
)

// place is a precinct with its position on the reference grid.
type place struct{ component, resolution, precinct, x, y int }

// places lists the tile's precincts in the order in which one layer codes
// them.
func (t *tile) places(order byte) []place {
	var all []place
	for c, p := range t.components {
		for r := range p.resolutions {
			res := &p.resolutions[r]
			for k := range res.precincts {
				x, y := p.position(t, r, k)
				all = append(all, place{c, r, k, x, y})
			}
		}
	}
	key := func(a place) [5]int {
		switch order {
		case orderRPCL:
			return [5]int{a.resolution, a.y, a.x, a.component, a.precinct}
		case orderPCRL:
			return [5]int{a.y, a.x, a.component, a.resolution, a.precinct}
		case orderCPRL:
			return [5]int{a.component, a.y, a.x, a.resolution, a.precinct}
		default:
			return [5]int{a.resolution, a.component, a.precinct}
		}
	}
	slices.SortFunc(all, func(a, b place) int {
		k, l := key(a), key(b)
		for i := range k {
			if d := cmp.Compare(k[i], l[i]); d != 0 {
				return d
			}
		}
		return 0
	})
	return all
}

// position is where precinct k of level r begins on the reference grid, within
// the tile.
func (p *plane) position(t *tile, r, k int) (x, y int) {
	res, n := &p.resolutions[r], uint(p.levels-r)
	x = (res.x0>>res.ppx + k%res.wide) << res.ppx << n * p.dx
	y = (res.y0>>res.ppy + k/res.wide) << res.ppy << n * p.dy
	return max(x, t.x0), max(y, t.y0)
}

// packets reads all packets and reports whether the data had them all.
func (t *tile) packets() bool {
	b := &headerBits{data: bytes.Join(t.data, nil)}
	sorted := map[byte][]place{}
	for _, p := range t.progressions() {
		if sorted[p.order] == nil {
			sorted[p.order] = t.places(p.order)
		}
		if !t.progress(b, p, sorted[p.order]) {
			return false
		}
	}
	return true
}

// progress reads the packets of one progression.
func (t *tile) progress(b *headerBits, p progression, all []place) bool {
	places := make([]place, 0, len(all))
	for _, a := range all {
		if p.has(a) {
			places = append(places, a)
		}
	}
	// The layers lie outside in LRCP; inside of every resolution in RLCP, and of
	// every precinct in the other orders.
	for i := 0; i < len(places); {
		end := i + 1
		for end < len(places) && (p.order == orderLRCP || p.order == orderRLCP && places[end].resolution == places[i].resolution) {
			end++
		}
		for layer := range p.layers {
			for _, a := range places[i:end] {
				seen := &t.components[a.component].resolutions[a.resolution].precincts[a.precinct].layers
				if *seen != layer {
					continue // read by an earlier progression
				}
				*seen++
				if !t.packet(b, a, layer) {
					return false
				}
			}
		}
		i = end
	}
	return true
}

// contribution is the bytes a packet holds for a segment of a block.
type contribution struct {
	block   *block
	segment int
	length  int
}

// packet reads one packet: its header, then its body. It is false at the end
// of the data.
func (t *tile) packet(b *headerBits, a place, layer int) bool {
	if b.pos >= len(b.data) {
		return false
	}
	if b.pos+6 <= len(b.data) && b.data[b.pos] == 0xff && b.data[b.pos+1] == markerSOP&0xff {
		b.pos += 6
	}
	p := t.components[a.component]
	res := &p.resolutions[a.resolution]
	var found []contribution
	if b.bit() == 1 {
		for i := range res.precincts[a.precinct].parts {
			g := &res.precincts[a.precinct].parts[i]
			for k := range g.blocks {
				found = g.header(b, k, layer, res.bands[i].planes, p.style, found)
				if b.ended() {
					return false
				}
			}
		}
	}
	b.align()
	if b.pos+2 <= len(b.data) && b.data[b.pos] == 0xff && b.data[b.pos+1] == markerEPH&0xff {
		b.pos += 2
	}
	for _, c := range found {
		n := min(c.length, max(len(b.data)-b.pos, 0))
		s := &c.block.segments[c.segment]
		s.parts = append(s.parts, b.data[b.pos:b.pos+n])
		if b.pos += n; n < c.length {
			return false
		}
	}
	return true
}

// header reads what a packet says about block k.
func (g *grid) header(b *headerBits, k, layer, planes int, style byte, found []contribution) []contribution {
	blk := &g.blocks[k]
	if blk.included {
		if b.bit() == 0 {
			return found
		}
	} else {
		if !g.inclusion.below(b, k, layer+1) {
			return found
		}
		blk.included = true
		blk.planes = planes - g.zeros.value(b, k, max(planes, 0)+1)
	}
	passes := passCount(b)
	for b.bit() == 1 && blk.lengthBits < 32 {
		blk.lengthBits++
	}
	for passes > 0 && !b.ended() {
		s := blk.open(style)
		n := min(passes, s.most-s.passes)
		length := b.bits(min(blk.lengthBits+bits.Len(uint(n))-1, 31))
		s.passes += n
		passes -= n
		blk.passes += n
		found = append(found, contribution{blk, len(blk.segments) - 1, length})
	}
	return found
}

// passCount reads a number of coding passes (T.800 table B.4).
func passCount(b *headerBits) int {
	switch {
	case b.bit() == 0:
		return 1
	case b.bit() == 0:
		return 2
	}
	if n := b.bits(2); n < 3 {
		return 3 + n
	}
	if n := b.bits(5); n < 31 {
		return 6 + n
	}
	return 37 + b.bits(7)
}

// open is the segment that the next passes go to.
func (blk *block) open(style byte) *segment {
	if n := len(blk.segments); n > 0 && blk.segments[n-1].passes < blk.segments[n-1].most {
		return &blk.segments[n-1]
	}
	most := 1 << 10
	switch {
	case style&styleTermAll != 0:
		most = 1
	case style&styleBypass != 0 && len(blk.segments) == 0:
		most = 10
	case style&styleBypass != 0 && len(blk.segments)%2 == 1:
		most = 2
	case style&styleBypass != 0:
		most = 1
	}
	blk.segments = append(blk.segments, segment{most: most})
	return &blk.segments[len(blk.segments)-1]
}
