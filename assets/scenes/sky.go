package scenes

import (
	"math"
	"math/rand/v2"
	"sort"
)

// drawSky fills the canvas with a clear sky: deep above, pale at the horizon,
// brighter towards the sun.
func drawSky(c *canvas, l *layout, r *rand.Rand) {
	zenith := mix(rgb{0.24, 0.43, 0.74}, rgb{0.46, 0.58, 0.74}, r.Float64())
	low := mix(mix(zenith, rgb{0.86, 0.90, 0.94}, 0.75), l.haze, 0.35)
	glow := between(r, 0.05, 0.22)
	sunX, sunY := l.size*(0.5+0.7*l.sun), l.horizon*(1-l.height)
	for y := range c.size {
		t := math.Pow(clamp(float64(y)/l.horizon, 0, 1), 1.2)
		for x := range c.size {
			d := math.Hypot(float64(x)-sunX, float64(y)-sunY) / l.size
			col := mix(zenith, low, t).plus(l.light.scaled(glow * math.Exp(-3*d)))
			c.pix[y*c.size+x] = col
		}
	}
}

// drawClouds lays a deck of clouds over the sky, seen in perspective. How much
// of the sky they cover is drawn at random, never less than a good third.
func drawClouds(c *canvas, l *layout, r *rand.Rand) {
	n, warp := noise{r.Uint64()}, noise{r.Uint64()}
	wide := between(r, 2.6, 4.2)  // features across the picture
	flat := between(r, 0.9, 1.7)  // how much wider than high they are
	soft := between(r, 0.07, 0.2) // width of the edges
	cover := between(r, 0.42, 0.8)
	bottom := int(l.horizon)

	field := func(x, y float64) float64 {
		up := 1 - y/l.horizon
		z := 1 / (0.45 + up)
		u, v := (x/l.size-0.5)*wide*z, flat*wide*z
		w := warp.fractal(u*1.5+5, v*1.5, 2) - 0.5
		return n.fractal(u+w, v*1.1+0.7*w, 5)
	}
	density := make([]float64, 0, bottom*c.size)
	for y := range bottom {
		for x := range c.size {
			density = append(density, field(float64(x), float64(y)))
		}
	}
	sorted := append([]float64(nil), density...)
	sort.Float64s(sorted)
	edge := sorted[int((1-cover)*float64(len(sorted)-1))]

	bright := mix(rgb{1, 0.99, 0.98}, l.light, 0.35)
	dark := mix(rgb{0.52, 0.56, 0.63}, l.shade, 0.3)
	for y := range bottom {
		for x := range c.size {
			d := density[y*c.size+x]
			a := smoothstep(edge-soft/2, edge+soft/2, d)
			if a == 0 {
				continue
			}
			// Light comes from above and from the sun's side: what is thinner
			// there is bright, thick bottoms are dark.
			toward := field(float64(x)+9*l.sun, float64(y)-7)
			level := clamp(0.62+3.2*(d-toward)-1.1*(d-edge), 0, 1)
			col := mix(dark, bright, level)
			haze := 0.25 * math.Pow(float64(y)/l.horizon, 3)
			c.paint(x, y, mix(col, l.haze, haze), 0.96*a, ofSky)
		}
	}
}
