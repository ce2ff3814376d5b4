package digits

import (
	"math"
	"math/rand/v2"
)

// bend maps places of the picture to places of the clean glyph, both in
// −1…1: a shift, a turn, a slant, a scale per axis, a tilt in depth and a
// slow wave, as an unsteady hand or a turned page would make.
type bend struct {
	shiftX, shiftY float64
	sin, cos       float64
	slant          float64
	scaleX, scaleY float64
	tiltX, tiltY   float64
	wave, phase    float64
}

func newBend(r *rand.Rand) bend {
	turn := between(r, -0.26, 0.26)
	size := between(r, 1.0, 1.3)
	return bend{
		shiftX: between(r, -0.12, 0.12), shiftY: between(r, -0.12, 0.12),
		sin: math.Sin(turn), cos: math.Cos(turn),
		slant:  between(r, -0.3, 0.3),
		scaleX: size * between(r, 0.85, 1.18), scaleY: size,
		tiltX: between(r, -0.16, 0.16), tiltY: between(r, -0.16, 0.16),
		wave: between(r, 0, 0.06), phase: between(r, 0, 2*math.Pi),
	}
}

// source is the place of the glyph that is seen at a place of the picture.
func (b bend) source(u, v float64) (x, y float64) {
	u, v = u-b.shiftX, v-b.shiftY
	u, v = u*b.cos+v*b.sin, v*b.cos-u*b.sin
	depth := 1 + b.tiltX*u + b.tiltY*v
	u, v = u*b.scaleX/depth, v*b.scaleY/depth
	u += b.slant*v + b.wave*math.Sin(3*v+b.phase)
	v += b.wave * math.Sin(3*u+2*b.phase)
	return u, v
}
