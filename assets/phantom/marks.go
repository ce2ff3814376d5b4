package phantom

import "math"

// mark is a harmless thing in a lung: an ellipse in some slices.
type mark struct {
	lung   int
	far    float64 // from the lung's middle, 1 is its wall
	angle  float64
	rx, ry float64
	z0, z1 float64
	hu     float64
}

// newMarks are the scars, the calcium and the bumps of the pleura of a lung.
func newMarks(number int, l lung, between func(lo, hi float64) float64) []mark {
	anywhere := func() mark {
		m := mark{lung: number, far: between(0.2, 0.85), angle: between(0, 2*math.Pi)}
		m.z0 = between(-2, l.top-2)
		m.z1 = m.z0 + between(1, 5)
		return m
	}
	var out []mark
	for i := range 2 {
		scar := anywhere()
		scar.rx, scar.ry, scar.hu = between(4, 7), between(0.6, 1.1), tissueMuscle
		if i == 1 {
			scar.rx, scar.ry = scar.ry, scar.rx
		}
		calcium := anywhere()
		calcium.rx, calcium.hu = between(0.7, 1.2), tissueCortex
		calcium.ry, calcium.z1 = calcium.rx, calcium.z0+1
		bump := anywhere()
		bump.far, bump.rx, bump.hu = 1, between(2.5, 4.5), tissueMuscle
		bump.ry = bump.rx
		out = append(out, scar, calcium, bump)
	}
	return out
}

// drawMarks draws what a slice cuts of the marks.
func (a *anatomy) drawMarks(c *canvas, z float64) {
	for _, m := range a.marks {
		l := a.lungs[m.lung]
		if rx, ry := l.at(z); z >= m.z0 && z <= m.z1 && rx > 8 && ry > 8 {
			c.blend(disc(l.x+m.far*rx*math.Cos(m.angle), l.y+m.far*ry*math.Sin(m.angle), m.rx, m.ry), m.hu)
		}
	}
}
