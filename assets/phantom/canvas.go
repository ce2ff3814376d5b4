package phantom

import (
	"math"
	"math/rand/v2"
)

// canvas is a slice under construction, in Hounsfield units.
type canvas struct{ hu []float64 }

func newCanvas(hu float64) *canvas {
	c := &canvas{make([]float64, Side*Side)}
	for i := range c.hu {
		c.hu[i] = hu
	}
	return c
}

// shape tells how much of a pixel it covers, 0…1, and where it may be at all.
type shape struct {
	cover          func(x, y float64) float64
	x0, y0, x1, y1 int
}

// disc is an ellipse with an edge one pixel soft.
func disc(cx, cy, rx, ry float64) shape {
	return shape{
		cover: func(x, y float64) float64 {
			d := math.Hypot((x-cx)/rx, (y-cy)/ry)
			return min(max((1-d)*min(rx, ry)+0.5, 0), 1)
		},
		x0: inside(cx - rx - 1), y0: inside(cy - ry - 1), x1: inside(cx + rx + 2), y1: inside(cy + ry + 2),
	}
}

// trough is the lower arc of a circle, of the given thickness.
func trough(cx, cy, r, thickness float64) shape {
	return shape{
		cover: func(x, y float64) float64 {
			return min(max(thickness-math.Abs(math.Hypot(x-cx, y-cy)-r)+0.5, 0), 1)
		},
		y0: inside(cy + r/2), x1: Side, y1: Side,
	}
}

func inside(v float64) int { return int(min(max(v, 0), Side)) }

// blend replaces what a shape covers.
func (c *canvas) blend(s shape, hu float64) {
	for y := s.y0; y < s.y1; y++ {
		for x := s.x0; x < s.x1; x++ {
			if t := s.cover(float64(x), float64(y)); t > 0 {
				p := &c.hu[y*Side+x]
				*p += t * (hu - *p)
			}
		}
	}
}

// develop adds the scanner: blur and noise, of sigma Hounsfield units before it
// is correlated between neighbours as a reconstruction leaves it.
func (c *canvas) develop(r *rand.Rand, sigma float64) []int16 {
	noise := make([]float64, len(c.hu))
	for i := range noise {
		noise[i] = sigma * r.NormFloat64()
	}
	out := make([]int16, len(c.hu))
	for y := range Side {
		for x := range Side {
			v := smooth(c.hu, x, y, 0.08) + smooth(noise, x, y, 0.12)
			out[y*Side+x] = int16(math.Round(min(max(v, -1024), 3071)))
		}
	}
	return out
}

// smooth is the mean of a pixel and its four neighbours, each with weight w.
func smooth(v []float64, x, y int, w float64) float64 {
	at := func(x, y int) float64 { return v[min(max(y, 0), Side-1)*Side+min(max(x, 0), Side-1)] }
	return (1-4*w)*at(x, y) + w*(at(x-1, y)+at(x+1, y)+at(x, y-1)+at(x, y+1))
}
