package covering

import "math"

// mask is how much of each pixel of a picture is covered, from 0 for not at all to
// 255 for all of it, in row order.
type mask struct {
	height, width int
	share         []uint8
}

func newMask(height, width int) *mask { return &mask{height, width, make([]uint8, height*width)} }

// Tip is the end of a brush.
type Tip struct {
	// Across and Down are the half axes in pixels of the picture: they differ where
	// its pixels are not square.
	Across, Down float64
	Soft         bool // fades towards the edge
	Erase        bool // uncovers
}

// softness is where a soft brush begins to fade, as a share of its radius, and steps
// are the shades in which it does: few, so that a stroke takes little memory.
const (
	softness = 0.3
	steps    = 15
)

// cover is how much of a pixel a tip covers whose middle is so far away, in radii.
func (t Tip) cover(distance float64) uint8 {
	switch {
	case distance > 1:
		return 0
	case !t.Soft || distance <= softness:
		return 255
	}
	fade := 0.5 + 0.5*math.Cos(math.Pi*(distance-softness)/(1-softness))
	return uint8(math.Round(fade*steps) * (255 / steps))
}

// stroke draws a straight piece of a stroke, between two points in pixels. A pixel is
// covered as its centre is, and never less than it was, however often the brush goes
// over it; an eraser uncovers likewise.
func (m *mask) stroke(from, to [2]float64, t Tip) {
	if !(t.Across > 0 && t.Down > 0) || !finite(from, to, [2]float64{t.Across, t.Down}) {
		return
	}
	// In radii of the tip a piece is a straight line, and the tip a circle.
	ax, ay, bx, by := from[0]/t.Across, from[1]/t.Down, to[0]/t.Across, to[1]/t.Down
	dx, dy := bx-ax, by-ay
	length := dx*dx + dy*dy
	top, bottom := limits(min(from[1], to[1])-t.Down, max(from[1], to[1])+t.Down, m.height)
	for y := top; y < bottom; y++ {
		py := (float64(y) + 0.5) / t.Down
		row := m.share[y*m.width : (y+1)*m.width]
		low, high := reach(ax, ay, dx, dy, py)
		left, right := limits(low*t.Across, high*t.Across, m.width)
		for x := left; x < right; x++ {
			px := (float64(x) + 0.5) / t.Across
			along := 0.0
			if length > 0 {
				along = min(max(((px-ax)*dx+(py-ay)*dy)/length, 0), 1)
			}
			ox, oy := px-ax-along*dx, py-ay-along*dy
			away := ox*ox + oy*oy
			switch {
			case away > 1:
			case t.Erase:
				row[x] = min(row[x], 255-t.cover(math.Sqrt(away)))
			default:
				row[x] = max(row[x], t.cover(math.Sqrt(away)))
			}
		}
	}
}

// reach is from where to where, at most, a line of radius 1 from a reaches on a row.
func reach(ax, ay, dx, dy, y float64) (low, high float64) {
	first, last := 0.0, 1.0
	if dy != 0 {
		t, u := (y-1-ay)/dy, (y+1-ay)/dy
		first, last = min(max(min(t, u), 0), 1), min(max(max(t, u), 0), 1)
	}
	return ax + min(first*dx, last*dx) - 1, ax + max(first*dx, last*dx) + 1
}

// limits are the pixels from low to high that there are.
func limits(low, high float64, size int) (first, end int) {
	at := func(v float64) int { return int(min(max(v, 0), float64(size))) }
	return at(math.Floor(low)), at(math.Ceil(high))
}

func finite(points ...[2]float64) bool {
	for _, p := range points {
		for _, v := range p {
			if v-v != 0 {
				return false
			}
		}
	}
	return true
}

// invert covers what was not covered, and the other way round.
func (m *mask) invert() {
	for i, v := range m.share {
		m.share[i] = 255 - v
	}
}
