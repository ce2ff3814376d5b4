package scenes

import (
	"math"
	"math/rand/v2"
)

// drawForest paints hills far away and rows of trees, far rows first.
func drawForest(c *canvas, l *layout, r *rand.Rand) {
	if r.IntN(2) == 0 {
		drawHills(c, l, r)
	}
	conifers := math.Pow(r.Float64(), 0.8)
	rows := 4
	for row := range rows {
		t := float64(row) / float64(rows-1) // 0 far … 1 near
		drawTreeRow(c, l, r, t, conifers)
	}
}

// drawUndergrowth paints the shrubs where the meadow meets the wood, so that
// the ground does not end in a straight line.
func drawUndergrowth(c *canvas, l *layout, r *rand.Rand) {
	n := noise{r.Uint64()}
	for x := -4.0; x < l.size+4; x += between(r, 3, 8) {
		high := l.size * (0.008 + 0.035*n.at(x/22, 1)) * between(r, 0.6, 1.2)
		col := vary(r, mix(l.foliage, l.ground, r.Float64()*0.6), 0.15)
		drawCrown(c, l, r, x, l.horizon+between(r, 3, 7)-high/2, high*between(r, 0.9, 1.6), high*0.7, col, 0.35)
	}
}

// drawHills paints a ridge that haze has made pale.
func drawHills(c *canvas, l *layout, r *rand.Rand) {
	n := noise{r.Uint64()}
	top := l.crowns + l.size*between(r, -0.05, 0.02)
	col := l.far(l.lit(l.foliage.scaled(1.1), 0.7), 1.25)
	col = mix(col, l.haze, 0.3)
	for x := range c.size {
		ridge := top + l.size*0.16*(n.fractal(float64(x)/l.size*2.4, 0, 5)-0.5)
		for y := int(ridge); y < int(l.horizon)+2; y++ {
			patch := 0.92 + 0.16*n.fractal(float64(x)/9, float64(y)/5, 3)
			c.paint(x, y, col.scaled(patch), clamp(float64(y)-ridge+0.5, 0, 1), ofLand)
		}
	}
}

// drawTreeRow plants one row of trees at a distance of t: 0 far … 1 near.
func drawTreeRow(c *canvas, l *layout, r *rand.Rand, t, conifers float64) {
	n := noise{r.Uint64()}
	foot := l.horizon + l.size*(0.005+0.03*t)
	tall := (l.horizon - l.crowns) * (1.05 - 0.25*t)
	step := l.size * (0.030 + 0.014*t)
	distance := 0.85 * (1 - t)

	dark := l.far(l.lit(l.foliage.scaled(0.5), 0.1), distance)
	for x := range c.size { // the dark inside of the wood
		top := foot - tall*(0.35+0.35*n.fractal(float64(x)/14, 3, 3))
		for y := int(top); float64(y) < foot; y++ {
			c.paint(x, y, dark, clamp(float64(y)-top, 0, 1), ofLand)
		}
	}
	for x := -step; x < l.size+step; x += step * between(r, 0.6, 1.2) {
		height := tall * (0.55 + 0.75*n.at(x/l.size*7, 0)) * between(r, 0.75, 1.2)
		col := vary(r, l.foliage, 0.16)
		if r.Float64() < conifers {
			col = mix(col, rgb{0.12, 0.22, 0.15}, 0.55)
			drawConifer(c, l, r, x, foot, height, col, distance)
		} else {
			drawCrown(c, l, r, x, foot-height*0.62, height*between(r, 0.34, 0.46), height*0.45, col, distance)
			drawCrown(c, l, r, x+between(r, -3, 3), foot-height*0.3, height*0.4, height*0.33, col.scaled(0.86), distance)
		}
	}
}

// drawCrown paints a round mass of leaves with dabs, from its dark inside to
// the leaves in the light.
func drawCrown(c *canvas, l *layout, r *rand.Rand, x, y, rx, ry float64, col rgb, distance float64) {
	dabs := int(22 + 0.9*rx*ry/3)
	for i := range dabs {
		inner := 1 - float64(i)/float64(dabs)
		a := r.Float64() * 2 * math.Pi
		d := math.Sqrt(r.Float64()) * (1 - 0.25*inner)
		u, v := d*math.Cos(a), d*math.Sin(a)
		level := 0.42 + 0.5*(0.75*l.sun*u-(0.45+0.5*l.height)*v) - 0.55*inner + 0.28*(r.Float64()-0.5)
		leaf := l.far(l.lit(vary(r, col, 0.10), level).scaled(0.72+0.5*clamp(level, 0, 1)), distance)
		size := between(r, 0.9, 1.9) * (0.75 + 0.02*rx)
		c.dab(x+u*rx, y+v*ry, size*between(r, 0.8, 1.5), size, r.Float64()*3, leaf, 0.92, ofLand)
	}
}

// drawConifer paints a spruce: tiers of drooping branches around a dark stem.
func drawConifer(c *canvas, l *layout, r *rand.Rand, x, foot, height float64, col rgb, distance float64) {
	wide := height * between(r, 0.24, 0.36)
	c.stroke(x, foot, x, foot-height, 1.4, 0.6, 1, ofLand, func(_, _ float64) rgb {
		return l.far(l.lit(rgb{0.20, 0.16, 0.12}, 0.2), distance)
	})
	for y := 0.02; y < 1; y += between(r, 0.5, 1.0) / height * 1.6 {
		half := wide * (0.05 + 0.95*math.Pow(y, 1.1)) * between(r, 0.7, 1.1)
		for range 4 {
			u := between(r, -1, 1)
			level := 0.40 + 0.42*l.sun*u + 0.22*(r.Float64()-0.5) + 0.15*l.height - 0.12*y
			leaf := l.far(l.lit(vary(r, col, 0.12), level).scaled(0.72+0.5*clamp(level, 0, 1)), distance)
			c.dab(x+u*half, foot-height*(1-y)+math.Abs(u)*half*0.35, math.Max(1.2, half*0.34), 0.95, 0.45*u, leaf, 0.9, ofLand)
		}
	}
}

// vary is a colour that differs a little from c, in brightness and in hue.
func vary(r *rand.Rand, c rgb, by float64) rgb {
	f := 1 + between(r, -by, by)
	w := between(r, -by, by) / 2
	return rgb{c.r * (f + w), c.g * f, c.b * (f - w)}
}
