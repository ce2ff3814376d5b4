package scenes

import "math/rand/v2"

// least is the share of the tank that bushes must leave in view.
const least = 0.5

// drawCover hides the spot of the tank behind bushes and tall grass. In a
// scene without a tank the same bushes stand there; shown is the number of
// canvas pixels of the tank before.
func drawCover(c *canvas, l *layout, r *rand.Rand, shown int) {
	s := l.spot
	for range 5 + r.IntN(3) {
		x := s.x + s.length*between(r, -0.72, 0.72)
		rx := s.length * between(r, 0.12, 0.19)
		height := s.length * between(r, 0.18, 0.40)
		own := rand.New(rand.NewPCG(r.Uint64(), 2))
		if float64(c.count(ofTank))-1.4*rx*height < least*float64(shown) && shown > 0 {
			continue
		}
		drawBush(c, l, own, x, s.base+between(own, 1, 5), rx, height)
	}
	for range int(s.length * 1.1) { // grass at its feet
		x := s.x + s.length*between(r, -0.65, 0.65)
		high := s.length * between(r, 0.03, 0.09)
		foot := s.base + between(r, 0, 7)
		col := l.lit(vary(r, l.ground, 0.18), between(r, 0.25, 0.9))
		c.stroke(x, foot, x+between(r, -0.3, 0.3)*high, foot-high, 1.5, 0.5, 0.85, ofLand,
			func(_, _ float64) rgb { return col })
	}
}
