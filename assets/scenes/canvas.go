package scenes

import (
	"image"
	"math"
)

// owner says what is seen at a canvas pixel, as far as the truth needs it.
type owner uint8

const (
	ofSky owner = iota
	ofLand
	ofTank
)

// solid is the opacity from which a pixel belongs to what was painted last.
const solid = 0.5

// canvas is the picture while it is painted, far things first.
type canvas struct {
	size  int
	pix   []rgb
	owner []owner
}

func newCanvas(size int) *canvas {
	return &canvas{size: size, pix: make([]rgb, size*size), owner: make([]owner, size*size)}
}

// paint lays a colour over a pixel; pixels outside are ignored.
func (c *canvas) paint(x, y int, col rgb, alpha float64, who owner) {
	if x < 0 || y < 0 || x >= c.size || y >= c.size || alpha <= 0 {
		return
	}
	i := y*c.size + x
	if alpha > 1 {
		alpha = 1
	}
	c.pix[i] = mix(c.pix[i], col, alpha)
	if alpha >= solid {
		c.owner[i] = who
	}
}

// shadow darkens a pixel without taking it over.
func (c *canvas) shadow(x, y int, tint rgb, alpha float64) {
	if x < 0 || y < 0 || x >= c.size || y >= c.size {
		return
	}
	i := y*c.size + x
	c.pix[i] = mix(c.pix[i], c.pix[i].times(tint), clamp(alpha, 0, 1))
}

// count is the number of pixels that belong to an owner.
func (c *canvas) count(who owner) int {
	n := 0
	for _, o := range c.owner {
		if o == who {
			n++
		}
	}
	return n
}

// box is the smallest rectangle of scene pixels around an owner's pixels.
func (c *canvas) box(who owner) image.Rectangle {
	var box image.Rectangle
	for i, o := range c.owner {
		if o == who {
			x, y := i%c.size/oversample, i/c.size/oversample
			box = box.Union(image.Rect(x, y, x+1, y+1))
		}
	}
	return box
}

// skyline is the first row of scene pixels that is not sky, per column.
func (c *canvas) skyline() []int {
	line := make([]int, c.size/oversample)
	for x := range line {
		y := 0
		for y < c.size && c.clear(x*oversample, y) {
			y++
		}
		line[x] = y / oversample
	}
	return line
}

// clear reports whether a row of canvas pixels as wide as a scene pixel is sky.
func (c *canvas) clear(x, y int) bool {
	for dx := range oversample {
		if c.owner[y*c.size+x+dx] != ofSky {
			return false
		}
	}
	return true
}

// span is the range of pixels that a shape from lo to hi can touch.
func span(lo, hi float64) (from, to int) {
	return int(math.Floor(lo - 1)), int(math.Ceil(hi + 1))
}

// ellipse paints a filled ellipse with soft edges, rotated by turn radians.
func (c *canvas) ellipse(x, y, rx, ry, turn, alpha float64, who owner, shader func(x, y float64) rgb) {
	reach := math.Max(rx, ry)
	x0, x1 := span(x-reach, x+reach)
	y0, y1 := span(y-reach, y+reach)
	sin, cos := math.Sincos(turn)
	edge := math.Min(rx, ry)
	for py := y0; py <= y1; py++ {
		for px := x0; px <= x1; px++ {
			dx, dy := float64(px)+0.5-x, float64(py)+0.5-y
			u, v := (dx*cos+dy*sin)/rx, (dy*cos-dx*sin)/ry
			d := math.Sqrt(u*u+v*v) - 1
			if cover := 0.5 - d*edge; cover > 0 {
				c.paint(px, py, shader(float64(px), float64(py)), math.Min(cover, 1)*alpha, who)
			}
		}
	}
}

// dab is a small ellipse of one colour, the stroke of all foliage.
func (c *canvas) dab(x, y, rx, ry, turn float64, col rgb, alpha float64, who owner) {
	c.ellipse(x, y, rx, ry, turn, alpha, who, func(_, _ float64) rgb { return col })
}

// stroke paints a line with round ends whose width goes from w0 to w1.
func (c *canvas) stroke(ax, ay, bx, by, w0, w1, alpha float64, who owner, shader func(along, across float64) rgb) {
	w := math.Max(w0, w1)
	x0, x1 := span(math.Min(ax, bx)-w, math.Max(ax, bx)+w)
	y0, y1 := span(math.Min(ay, by)-w, math.Max(ay, by)+w)
	dx, dy := bx-ax, by-ay
	length := math.Hypot(dx, dy)
	if length == 0 {
		return
	}
	for py := y0; py <= y1; py++ {
		for px := x0; px <= x1; px++ {
			qx, qy := float64(px)+0.5-ax, float64(py)+0.5-ay
			t := clamp((qx*dx+qy*dy)/(length*length), 0, 1)
			half := (w0 + (w1-w0)*t) / 2
			side := (qy*dx - qx*dy) / length
			d := math.Hypot(qx-t*dx, qy-t*dy)
			if cover := half - d + 0.5; cover > 0 {
				c.paint(px, py, shader(t, side/math.Max(half, 0.5)), math.Min(cover, 1)*alpha*math.Min(1, 2*half), who)
			}
		}
	}
}

// point is a place on the canvas.
type point struct{ x, y float64 }

// polygon paints a convex polygon with soft edges; either winding will do.
func (c *canvas) polygon(ps []point, who owner, shader func(x, y float64) rgb) {
	lo, hi := ps[0], ps[0]
	area := 0.0
	for i, p := range ps {
		lo = point{math.Min(lo.x, p.x), math.Min(lo.y, p.y)}
		hi = point{math.Max(hi.x, p.x), math.Max(hi.y, p.y)}
		q := ps[(i+1)%len(ps)]
		area += p.x*q.y - q.x*p.y
	}
	side := math.Copysign(1, area)
	x0, x1 := span(lo.x, hi.x)
	y0, y1 := span(lo.y, hi.y)
	for py := y0; py <= y1; py++ {
		for px := x0; px <= x1; px++ {
			x, y := float64(px)+0.5, float64(py)+0.5
			inside := 1.0
			for i, p := range ps {
				q := ps[(i+1)%len(ps)]
				ex, ey := q.x-p.x, q.y-p.y
				if n := math.Hypot(ex, ey); n > 0 {
					inside = math.Min(inside, side*(ex*(y-p.y)-ey*(x-p.x))/n+0.5)
				}
			}
			if inside > 0 {
				c.paint(px, py, shader(x, y), inside, who)
			}
		}
	}
}
