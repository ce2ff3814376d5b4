package scenes

import (
	"math"
	"math/rand/v2"
)

// layout is what the parts of a scene have in common: where things stand and
// how the light falls. Lengths are canvas pixels.
type layout struct {
	size    float64 // canvas width and height
	horizon float64 // row where the ground ends
	crowns  float64 // mean row of the tree tops

	sun     float64 // where the light comes from: −1 left … 1 right
	height  float64 // how high the sun stands, 0…1
	light   rgb     // colour of sunlight
	shade   rgb     // colour of what only the sky lights
	haze    rgb     // colour of the far distance
	mist    float64 // how much haze there is, 0…1
	season  float64 // 0 fresh green … 1 dry and brown
	ground  rgb     // colour of the grass
	foliage rgb     // colour of the leaves

	spot spot // where a tank stands, if there is one
}

// spot is a place on the ground with room for a tank.
type spot struct {
	x, base float64 // middle and lowest row
	length  float64 // of the hull
	face    float64 // 1 looks to the right, −1 to the left
}

func newLayout(r *rand.Rand) *layout {
	size := float64(Size * oversample)
	l := &layout{size: size}
	l.horizon = size * between(r, 0.46, 0.53)
	l.crowns = l.horizon - size*between(r, 0.09, 0.15)

	l.sun = between(r, -0.9, 0.9)
	l.height = between(r, 0.35, 0.9)
	warm := between(r, 0, 1)
	l.light = mix(rgb{1.04, 1.01, 0.96}, rgb{1.14, 1.0, 0.80}, warm)
	l.shade = mix(rgb{0.48, 0.54, 0.64}, rgb{0.52, 0.52, 0.58}, warm)
	l.haze = mix(rgb{0.70, 0.77, 0.84}, rgb{0.82, 0.78, 0.74}, warm)
	l.mist = between(r, 0.15, 0.6)

	l.season = math.Pow(r.Float64(), 1.6)
	l.ground = mix(rgb{0.36, 0.44, 0.19}, rgb{0.58, 0.50, 0.29}, l.season)
	l.foliage = mix(rgb{0.23, 0.36, 0.13}, rgb{0.43, 0.36, 0.15}, l.season*between(r, 0.3, 1))

	length := size * between(r, 0.44, 0.54)
	face := 1.0
	if r.IntN(2) == 0 {
		face = -1
	}
	// The gun reaches beyond the hull, so the middle leaves room in front.
	room := size - 1.56*length
	l.spot = spot{
		x:      size/2 - face*0.13*length + (r.Float64()-0.5)*room,
		base:   size * between(r, 0.77, 0.91),
		length: length,
		face:   face,
	}
	return l
}

// lit is the colour of a surface with the given colour: level 0 is in full
// shade, 1 in full sun.
func (l *layout) lit(c rgb, level float64) rgb {
	return c.times(mix(l.shade, l.light, clamp(level, 0, 1.3)))
}

// far is a colour seen through the haze of a distance of 0 (near) … 1.
func (l *layout) far(c rgb, distance float64) rgb {
	return mix(c, l.haze, clamp(distance*l.mist, 0, 1))
}

// depth is the distance of a row of the ground: 0 at the lower edge, 1 at the
// horizon.
func (l *layout) depth(y float64) float64 {
	return clamp((l.size-y)/(l.size-l.horizon), 0, 1)
}

func between(r *rand.Rand, lo, hi float64) float64 { return lo + (hi-lo)*r.Float64() }

func clamp(v, lo, hi float64) float64 { return math.Min(math.Max(v, lo), hi) }

// smoothstep rises from 0 at lo to 1 at hi without a kink.
func smoothstep(lo, hi, v float64) float64 {
	t := clamp((v-lo)/(hi-lo), 0, 1)
	return t * t * (3 - 2*t)
}
