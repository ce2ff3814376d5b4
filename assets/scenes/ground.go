package scenes

import (
	"math"
	"math/rand/v2"
)

// drawGround paints the meadow: colour, patches, a worn track, then grass
// from far to near.
func drawGround(c *canvas, l *layout, r *rand.Rand) {
	n := noise{r.Uint64()}
	soil := mix(rgb{0.42, 0.34, 0.24}, rgb{0.56, 0.47, 0.34}, r.Float64())
	worn := r.Float64() < 0.5
	lane, slant := l.size*between(r, 0.2, 0.8), between(r, -0.5, 0.5)
	edge := func(x float64) float64 { return l.horizon + 5*n.fractal(x/16, 50, 3) }

	at := func(x, y float64) rgb {
		depth := l.depth(y)
		z := 1 / (1.06 - depth) // perspective: rows near the horizon lie far apart
		u, v := (x/l.size-0.5)*z*3, z*5
		patch := n.fractal(u*1.2, v*1.2, 4)
		col := mix(l.ground, l.ground.times(rgb{1.25, 1.1, 0.9}), patch)
		col = mix(col, soil, smoothstep(0.60, 0.78, n.fractal(u*0.9+31, v*0.9, 4)))
		if worn {
			mid := lane + slant*(y-l.horizon)*2
			wide := l.size * 0.10 * (1.05 - depth)
			d := math.Abs(math.Abs(x-mid) - wide) // two ruts
			col = mix(col, soil, 0.75*smoothstep(wide*0.75, wide*0.25, d)*(0.55+0.6*patch))
		}
		level := 0.52 + 0.30*l.height + 0.35*(n.fractal(u*5, v*4, 3)-0.5)
		return l.far(l.lit(col, level).scaled(0.9+0.25*(patch-0.5)), 0.75*depth*depth)
	}
	for y := int(l.horizon); y < c.size; y++ {
		for x := range c.size {
			fx, fy := float64(x), float64(y)
			c.paint(x, y, at(fx, fy), clamp(fy-edge(fx), 0, 1), ofLand)
		}
	}
	drawUndergrowth(c, l, r)
	drawGrass(c, l, r, at, n)
}

// drawGrass strokes blades over the ground in its own colours.
func drawGrass(c *canvas, l *layout, r *rand.Rand, at func(x, y float64) rgb, n noise) {
	const blades = 3600
	for i := range blades {
		t := float64(i) / blades
		y := l.horizon + 5 + (l.size-l.horizon+4)*math.Pow(t, 1.15)
		x := r.Float64() * l.size
		near := 1 - l.depth(y)
		if n.fractal(x/20, y/9, 2) < 0.38 {
			continue
		}
		col := vary(r, at(x, math.Min(y, l.size-1)), 0.12).scaled(between(r, 0.66, 1.28))
		high := (1.2 + 6.5*near) * between(r, 0.5, 1.3)
		c.stroke(x, y, x+between(r, -0.45, 0.45)*high, y-high, 0.9+0.5*near, 0.4, 0.75, ofLand,
			func(_, _ float64) rgb { return col })
	}
}
