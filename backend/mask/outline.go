package mask

import (
	"fmt"
	"image"
)

// Outlines are the borders of the region of a value along the edges of its
// pixels, closed, without corners on straight lines. Those around parts run
// clockwise on the screen, those around holes the other way. Pixels that touch
// at a corner only are apart.
func (r *Regions) Outlines(value uint8) []Polygon {
	t := tracer{r, value, map[image.Point]bool{}}
	var list []Polygon
	for y := range r.Height {
		for x := range r.Width {
			if at := image.Pt(x, y); t.inside(x, y) && !t.inside(x, y-1) && !t.seen[at] {
				list = append(list, t.trace(at))
			}
		}
	}
	return list
}

// tracer follows borders. seen are the pixels whose upper edge was passed.
type tracer struct {
	*Regions
	value uint8
	seen  map[image.Point]bool
}

func (t *tracer) inside(x, y int) bool {
	return x >= 0 && y >= 0 && x < t.Width && y < t.Height && t.Pixels[y*t.Width+x] == t.value
}

// Directions along edges, each a right turn from the one before: right, down,
// left, up. The region lies to the right hand.
var along = [4]image.Point{{X: 1}, {Y: 1}, {X: -1}, {Y: -1}}

// trace follows the border from the upper left corner of a pixel to the right.
func (t *tracer) trace(start image.Point) Polygon {
	var p Polygon
	at, direction := start, 0
	for {
		if direction == 0 {
			t.seen[at] = true
		}
		at = at.Add(along[direction])
		next := t.turn(at, direction)
		if next != direction {
			p = append(p, Point{float64(at.X), float64(at.Y)})
		}
		direction = next
		if at == start && direction == 0 {
			return p
		}
	}
}

// turn is the direction behind a corner of pixels.
func (t *tracer) turn(at image.Point, direction int) int {
	left, right := ahead(at, direction)
	switch {
	case !t.inside(right.X, right.Y):
		return (direction + 1) % 4
	case t.inside(left.X, left.Y):
		return (direction + 3) % 4
	}
	return direction
}

// ahead are the pixels beyond a corner, to the left and the right of a direction.
func ahead(at image.Point, direction int) (left, right image.Point) {
	switch direction {
	case 0:
		return at.Add(image.Pt(0, -1)), at
	case 1:
		return at, at.Add(image.Pt(-1, 0))
	case 2:
		return at.Add(image.Pt(-1, 0)), at.Add(image.Pt(-1, -1))
	}
	return at.Add(image.Pt(-1, -1)), at.Add(image.Pt(0, -1))
}

// parts are the outlines with their holes joined to them, one polygon for each
// part.
func (r *Regions) parts(value uint8) ([]Polygon, error) {
	var outer, holes []Polygon
	all := r.Outlines(value)
	if len(all) > mostObjects {
		return nil, fmt.Errorf("the region %q has %d parts and holes, too many for polygons; save it as .png", r.Names[value-1], len(all))
	}
	for _, p := range all {
		if signedArea(p) > 0 {
			outer = append(outer, p)
		} else {
			holes = append(holes, p)
		}
	}
	for _, hole := range holes {
		if i := around(outer, hole[0]); i >= 0 {
			outer[i] = joined(outer[i], hole)
		}
	}
	return outer, nil
}

// around is the smallest outline around a corner of a hole, −1 for none. A hole
// belongs to the part whose pixel lies beside it, which is inside no smaller one.
func around(list []Polygon, p Point) int {
	best := -1
	for i, o := range list {
		if contains(o, p) && (best < 0 || signedArea(o) < signedArea(list[best])) {
			best = i
		}
	}
	return best
}

// contains reports whether a corner of pixels lies in an outline or on it: one of
// the four pixels around does.
func contains(o Polygon, p Point) bool {
	for _, d := range []Point{{-.5, -.5}, {.5, -.5}, {-.5, .5}, {.5, .5}} {
		x, y := p.X+d.X, p.Y+d.Y
		in := false
		for i, b := range o {
			a := o[(i+len(o)-1)%len(o)]
			if (a.Y > y) != (b.Y > y) && a.X+(y-a.Y)/(b.Y-a.Y)*(b.X-a.X) > x {
				in = !in
			}
		}
		if in {
			return true
		}
	}
	return false
}

// joined is an outline that goes to a hole, around it, and back the same way.
func joined(outline, hole Polygon) Polygon {
	last := outline[len(outline)-1]
	p := append(Polygon{}, outline...)
	p = append(p, hole...)
	return append(p, hole[0], last)
}

// signedArea is positive for outlines that run clockwise on the screen.
func signedArea(p Polygon) float64 {
	var sum float64
	for i, b := range p {
		a := p[(i+len(p)-1)%len(p)]
		sum += a.X*b.Y - b.X*a.Y
	}
	return sum / 2
}
