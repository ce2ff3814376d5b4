package animation

import (
	"cmp"
	"image"
	"image/color"
	"slices"
)

// Colours of a palette, and how many pixels of all frames they are chosen from.
const (
	colours = 256
	samples = 1 << 16
)

// paletteOf are the colours of all pages, by median cut (Heckbert 1982): the box of
// colours that has the longest side is halved at the median, until there are enough.
func paletteOf(pages []*image.RGBA) color.Palette {
	total := 0
	for _, p := range pages {
		total += len(p.Pix) / 4
	}
	step := max(total/samples, 1)
	var all [][3]uint8
	i := 0
	for _, p := range pages {
		for ; i < len(p.Pix)/4; i += step {
			all = append(all, [3]uint8(p.Pix[4*i:4*i+3]))
		}
		i -= len(p.Pix) / 4
	}
	boxes := []box{newBox(all)}
	for len(boxes) < colours {
		at, longest := -1, uint8(0)
		for i, b := range boxes {
			if b.side > longest {
				at, longest = i, b.side
			}
		}
		if at < 0 {
			break // there are no more colours
		}
		one, two := boxes[at].halves()
		boxes[at] = one
		boxes = append(boxes, two)
	}
	p := make(color.Palette, len(boxes))
	for i, b := range boxes {
		p[i] = b.mean()
	}
	return p
}

// box is a box of colours.
type box struct {
	list    [][3]uint8
	channel int   // along its longest side
	side    uint8 // how long that is
}

func newBox(list [][3]uint8) box {
	b := box{list: list}
	for c := range 3 {
		lo, hi := uint8(255), uint8(0)
		for _, v := range list {
			lo, hi = min(lo, v[c]), max(hi, v[c])
		}
		if hi > lo && hi-lo > b.side {
			b.channel, b.side = c, hi-lo
		}
	}
	return b
}

// halves cuts a box whose side is not 0 where both have some colour.
func (b box) halves() (one, two box) {
	slices.SortStableFunc(b.list, func(x, y [3]uint8) int { return cmp.Compare(x[b.channel], y[b.channel]) })
	at := len(b.list) / 2
	middle := b.list[at][b.channel]
	for at > 0 && b.list[at-1][b.channel] == middle {
		at--
	}
	if at == 0 {
		at = slices.IndexFunc(b.list, func(v [3]uint8) bool { return v[b.channel] > middle })
	}
	return newBox(b.list[:at:at]), newBox(b.list[at:])
}

func (b box) mean() color.RGBA {
	var sum [3]int
	for _, v := range b.list {
		for c := range sum {
			sum[c] += int(v[c])
		}
	}
	n := max(len(b.list), 1)
	return color.RGBA{uint8(sum[0] / n), uint8(sum[1] / n), uint8(sum[2] / n), 255}
}
