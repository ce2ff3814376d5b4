package mask

import (
	"errors"
	"math"
	"slices"
)

// Point is a place in a picture, in pixels from its upper left corner: the centre
// of the first pixel is ½, ½.
type Point struct{ X, Y float64 }

// Shape is an area of the plane. A pixel belongs to it where its centre does.
type Shape interface {
	// rows calls f for every stretch [from, to) of the shape on the centre line of
	// each row 0 … height−1.
	rows(height int, f func(y int, from, to float64)) error
}

// ErrShape is a shape with places that are not numbers.
var ErrShape = errors.New("a corner of the region is not a number")

// ErrCrossings is a shape whose outline crosses itself too often to be filled.
var ErrCrossings = errors.New("the outline of the region has too many corners")

// mostCrossings bounds the places where an outline crosses the centre lines of
// rows.
const mostCrossings = 1 << 24

// centres are the pixels of a row whose centres lie in [from, to).
func centres(from, to float64, width int) (first, end int) {
	limit := func(v float64) int { return int(math.Ceil(min(max(v-.5, 0), float64(width)))) }
	return limit(from), limit(to)
}

// between are the rows whose centre lines lie in [top, bottom).
func between(top, bottom float64, height int) (first, end int) { return centres(top, bottom, height) }

func finite(values ...float64) bool {
	return !slices.ContainsFunc(values, func(v float64) bool { return v-v != 0 })
}

// Rectangle has two opposite corners A and B.
type Rectangle struct{ A, B Point }

func (r Rectangle) rows(height int, f func(int, float64, float64)) error {
	if !finite(r.A.X, r.A.Y, r.B.X, r.B.Y) {
		return ErrShape
	}
	first, end := between(min(r.A.Y, r.B.Y), max(r.A.Y, r.B.Y), height)
	for y := first; y < end; y++ {
		f(y, min(r.A.X, r.B.X), max(r.A.X, r.B.X))
	}
	return nil
}

// Ellipse touches the sides of the rectangle between A and B.
type Ellipse struct{ A, B Point }

func (e Ellipse) rows(height int, f func(int, float64, float64)) error {
	if !finite(e.A.X, e.A.Y, e.B.X, e.B.Y) {
		return ErrShape
	}
	cx, cy := (e.A.X+e.B.X)/2, (e.A.Y+e.B.Y)/2
	rx, ry := math.Abs(e.B.X-e.A.X)/2, math.Abs(e.B.Y-e.A.Y)/2
	first, end := between(cy-ry, cy+ry, height)
	for y := first; y < end; y++ {
		v := (float64(y) + .5 - cy) / ry
		half := rx * math.Sqrt(max(0, 1-v*v))
		f(y, cx-half, cx+half)
	}
	return nil
}

// Polygon is a closed outline, such as one drawn by hand. Where it crosses itself
// the even-odd rule says what is inside.
type Polygon []Point

func (p Polygon) rows(height int, f func(int, float64, float64)) error {
	return evenOdd([]Polygon{p}, height, f)
}

// Polygons are several outlines under one even-odd rule: one inside another is a
// hole.
type Polygons []Polygon

func (p Polygons) rows(height int, f func(int, float64, float64)) error { return evenOdd(p, height, f) }

// evenOdd calls f for the stretches between the odd and the even crossings of
// each row.
func evenOdd(outlines []Polygon, height int, f func(int, float64, float64)) error {
	crossings := make(map[int][]float64)
	count := 0
	for _, p := range outlines {
		for i, b := range p {
			a := p[(i+len(p)-1)%len(p)]
			if !finite(a.X, a.Y, b.X, b.Y) {
				return ErrShape
			}
			if a.Y > b.Y {
				a, b = b, a
			}
			first, end := between(a.Y, b.Y, height)
			if count += max(0, end-first); count > mostCrossings {
				return ErrCrossings
			}
			for y := first; y < end; y++ {
				t := (float64(y) + .5 - a.Y) / (b.Y - a.Y)
				crossings[y] = append(crossings[y], a.X+t*(b.X-a.X))
			}
		}
	}
	for y, xs := range crossings {
		slices.Sort(xs)
		for i := 0; i+1 < len(xs); i += 2 {
			f(y, xs[i], xs[i+1])
		}
	}
	return nil
}

// Stroke is the way of a round brush.
type Stroke struct {
	Points []Point
	Radius float64 // in pixels
}

func (s Stroke) rows(height int, f func(int, float64, float64)) error {
	if !finite(s.Radius) {
		return ErrShape
	}
	r := max(s.Radius, 0)
	total := 0
	for i, b := range s.Points {
		a := s.Points[max(i-1, 0)]
		if !finite(a.X, a.Y, b.X, b.Y) {
			return ErrShape
		}
		first, end := between(min(a.Y, b.Y)-r, max(a.Y, b.Y)+r, height)
		if total += max(0, end-first); total > mostCrossings {
			return ErrCrossings
		}
		for y := first; y < end; y++ {
			if from, to, ok := capsule(a, b, r, float64(y)+.5); ok {
				f(y, from, to)
			}
		}
	}
	return nil
}

// capsule is the stretch of a row within r of the line from a to b: the hull of
// what the two discs and the straight part have of the row, all being convex
// together.
func capsule(a, b Point, r, y float64) (from, to float64, ok bool) {
	from, to = math.Inf(1), math.Inf(-1)
	add := func(low, high float64) {
		if low <= high {
			from, to = min(from, low), max(to, high)
		}
	}
	for _, p := range []Point{a, b} {
		if d := y - p.Y; math.Abs(d) <= r {
			half := math.Sqrt(r*r - d*d)
			add(p.X-half, p.X+half)
		}
	}
	length := math.Hypot(b.X-a.X, b.Y-a.Y)
	if length > 0 { // the corners of the straight part lie r beside its ends
		nx, ny := -(b.Y-a.Y)/length*r, (b.X-a.X)/length*r
		corners := []Point{{a.X + nx, a.Y + ny}, {b.X + nx, b.Y + ny}, {b.X - nx, b.Y - ny}, {a.X - nx, a.Y - ny}}
		for i, p := range corners {
			q := corners[(i+1)%4]
			if (p.Y-y)*(q.Y-y) <= 0 && p.Y != q.Y {
				x := p.X + (y-p.Y)/(q.Y-p.Y)*(q.X-p.X)
				add(x, x)
			}
		}
	}
	return from, to, from <= to
}
