package scenes

import (
	"math"
	"math/rand/v2"
)

// plane says on which side of the tank a thing stands.
type plane int

const (
	behind plane = iota
	before
)

// drawProps places what stands about in every scene, tank or not: bushes,
// rocks, logs, huts. Both planes draw the same list, so that the order of the
// random numbers does not depend on what is shown.
func drawProps(c *canvas, l *layout, r *rand.Rand, want plane) {
	for range 2 + r.IntN(3) {
		seed := r.Uint64()
		own := rand.New(rand.NewPCG(seed, 1))
		base := l.horizon + (l.size-l.horizon)*between(own, 0.10, 0.95)
		x := between(own, 0, l.size)
		if place(l, x, base, want) {
			drawProp(c, l, own, x, base)
		}
	}
}

// place reports whether a thing belongs to the plane. In front of the spot for
// the tank it stays away from its middle, in scenes without a tank as well.
func place(l *layout, x, base float64, want plane) bool {
	if base < l.spot.base-2 {
		return want == behind
	}
	return want == before && math.Abs(x-l.spot.x) > 0.75*l.spot.length
}

func drawProp(c *canvas, l *layout, r *rand.Rand, x, base float64) {
	near := 1 - l.depth(base)
	size := l.size * (0.035 + 0.075*near) * between(r, 0.8, 1.3)
	switch kind := r.Float64(); {
	case kind < 0.38:
		drawBush(c, l, r, x, base, size*1.5, size*1.1)
	case kind < 0.62:
		drawRock(c, l, r, x, base, size)
	case kind < 0.82:
		drawLog(c, l, r, x, base, size)
	default:
		drawHut(c, l, r, x, base, size*1.7)
	}
}

// drawShadow darkens the ground beside a thing, away from the sun.
func drawShadow(c *canvas, l *layout, x, base, rx, ry float64) {
	x -= l.sun * rx * 0.45
	for py := int(base - 2*ry); py <= int(base+2*ry); py++ {
		for px := int(x - 1.6*rx); px <= int(x+1.6*rx); px++ {
			u, v := (float64(px)-x)/rx, (float64(py)-base)/ry
			c.shadow(px, py, rgb{0.42, 0.44, 0.50}, 0.85*smoothstep(1.5, 0.2, math.Hypot(u, v)))
		}
	}
}

// drawBush paints a low crown of leaves with twigs.
func drawBush(c *canvas, l *layout, r *rand.Rand, x, base, rx, height float64) {
	drawShadow(c, l, x, base, rx*1.05, height*0.25)
	col := vary(r, mix(l.foliage, l.ground, 0.35), 0.2)
	distance := 0.6 * l.depth(base) * l.depth(base)
	for i := range 4 {
		u := between(r, -0.6, 0.6)
		k := 1 - 0.5*math.Abs(u) - 0.05*float64(i)
		drawCrown(c, l, r, x+u*rx, base-height*0.5*k, rx*0.55, height*0.5*k, vary(r, col, 0.08), distance)
	}
}

// drawRock paints a boulder: a lump with a lit and a dark side.
func drawRock(c *canvas, l *layout, r *rand.Rand, x, base, size float64) {
	drawShadow(c, l, x, base, size*1.1, size*0.28)
	n := noise{r.Uint64()}
	col := vary(r, mix(rgb{0.50, 0.49, 0.46}, rgb{0.44, 0.40, 0.34}, r.Float64()), 0.1)
	rx, ry := size*between(r, 0.75, 1.15), size*between(r, 0.45, 0.72)
	distance := 0.5 * l.depth(base) * l.depth(base)
	for py := int(base - 2*ry); py <= int(base+2); py++ {
		for px := int(x - 1.4*rx); px <= int(x+1.4*rx); px++ {
			u, v := (float64(px)-x)/rx, (float64(py)-base+ry*0.85)/ry
			lump := 0.80 + 0.42*n.fractal(3+math.Atan2(v, u), 0, 3)
			cover := (lump - math.Hypot(u, v)) * ry * 0.8
			if cover <= 0 || float64(py) > base {
				continue
			}
			facet := n.fractal(float64(px)/size*3, float64(py)/size*3, 4) - 0.5
			level := 0.45 + 0.45*l.sun*u - 0.55*v*(0.4+l.height) + 1.0*facet
			c.paint(px, py, l.far(l.lit(col.scaled(0.9+0.5*facet), level), distance), math.Min(cover, 1), ofLand)
		}
	}
}

// drawLog paints a felled trunk with its cut end.
func drawLog(c *canvas, l *layout, r *rand.Rand, x, base, size float64) {
	long, thick := size*between(r, 1.4, 2.6), size*between(r, 0.28, 0.42)
	tilt := between(r, -0.12, 0.12) * long
	drawShadow(c, l, x, base, long*0.6, thick*0.5)
	n := noise{r.Uint64()}
	col := vary(r, mix(rgb{0.40, 0.31, 0.22}, rgb{0.46, 0.42, 0.36}, r.Float64()), 0.1)
	distance := 0.5 * l.depth(base) * l.depth(base)
	ax, ay, bx, by := x-long/2, base-thick*0.6+tilt, x+long/2, base-thick*0.6-tilt
	c.stroke(ax, ay, bx, by, thick, thick*0.85, 1, ofLand, func(along, across float64) rgb {
		bark := n.fractal(along*long/5, across*2.5, 3) - 0.5
		return l.far(l.lit(col.scaled(1+0.8*bark), 0.45-0.55*across+0.3*bark), distance)
	})
	end, ey := ax, ay
	if r.IntN(2) == 0 {
		end, ey = bx, by
	}
	cut := rgb{0.66, 0.54, 0.38}
	c.ellipse(end, ey, thick*0.3, thick*0.5, 0, 1, ofLand, func(px, py float64) rgb {
		ring := math.Sin(math.Hypot((px-end)*1.7, py-ey) * 2.2)
		return l.far(l.lit(cut.scaled(0.92+0.08*ring), 0.6), distance)
	})
}

// drawHut paints a wooden hut: planks, a roof, a door and a window.
func drawHut(c *canvas, l *layout, r *rand.Rand, x, base, size float64) {
	w, h := size*between(r, 0.55, 0.8), size*between(r, 0.38, 0.5)
	drawShadow(c, l, x, base, w*1.1, h*0.22)
	wood := vary(r, mix(rgb{0.45, 0.35, 0.25}, rgb{0.52, 0.50, 0.46}, r.Float64()), 0.12)
	roof := vary(r, mix(rgb{0.42, 0.24, 0.18}, rgb{0.34, 0.34, 0.34}, r.Float64()), 0.12)
	distance := 0.7 * l.depth(base) * l.depth(base)
	n := noise{r.Uint64()}
	wall := func(level float64) func(x, y float64) rgb {
		return func(px, py float64) rgb {
			plank := 0.88 + 0.24*n.lattice(int(px/2.2), 0)
			stain := 0.85 + 0.3*n.fractal(px/5, py/9, 3)
			return l.far(l.lit(wood.scaled(plank*stain), level), distance)
		}
	}
	side := w * 0.42 // of the gable, the rest is the long wall
	gable := x - w/2 + side
	c.polygon([]point{{x - w/2, base}, {gable, base}, {gable, base - h}, {gable - side/2, base - h*1.65}, {x - w/2, base - h}}, ofLand, wall(0.5-0.4*l.sun))
	c.polygon([]point{{gable, base}, {x + w/2, base}, {x + w/2, base - h}, {gable, base - h}}, ofLand, wall(0.5+0.4*l.sun))
	c.polygon([]point{{gable - side/2 - 1, base - h*1.68}, {x + w/2 - side/2, base - h*1.68}, {x + w/2 + 2, base - h*0.94}, {gable + 1, base - h*0.94}}, ofLand, func(px, py float64) rgb {
		tile := 0.86 + 0.28*n.lattice(int(px/2.5), int(py/2))
		return l.far(l.lit(roof.scaled(tile), 0.55+0.35*l.height), distance)
	})
	opening := func(px, py, dx, dy float64) {
		c.polygon([]point{{px, py}, {px + dx, py}, {px + dx, py - dy}, {px, py - dy}}, ofLand, func(_, _ float64) rgb {
			return l.far(l.lit(rgb{0.10, 0.09, 0.09}, 0.4), distance)
		})
	}
	opening(x-w/2+side*0.34, base, side*0.34, h*0.62)
	opening(gable+(w-side)*0.4, base-h*0.4, w*0.13, h*0.3)
}
