package ascent

import (
	"math"
	"math/rand/v2"
)

// view shows a canvas moved, turned and scaled, with as many pixels. Where it
// reaches beyond the canvas it is grey. It is linear.
type view struct {
	taps []tap // four for each pixel
}

// tap is one part of a pixel: a pixel of the canvas and its weight.
type tap struct {
	at     int32
	weight float32
}

// shot says how a view is taken: the place of its middle in shares of the
// canvas, its side as a share of the canvas' and the angle it is turned by, in
// radians.
type shot struct{ y, x, side, angle float64 }

// straight is the view that shows the canvas as it is.
var straight = shot{0.5, 0.5, 1, 0}

func newView(s size, by shot) view {
	v := view{make([]tap, 0, 4*s.plane())}
	sin, cos := math.Sincos(by.angle)
	for i := range s.height {
		for j := range s.width {
			dy, dx := float64(i)+0.5-float64(s.height)/2, float64(j)+0.5-float64(s.width)/2
			y := by.y*float64(s.height) + by.side*(dy*cos-dx*sin) - 0.5
			x := by.x*float64(s.width) + by.side*(dy*sin+dx*cos) - 0.5
			v.add(s, y, x)
		}
	}
	return v
}

// add reads the canvas between its pixels (bilinear).
func (v *view) add(s size, y, x float64) {
	top, left := math.Floor(y), math.Floor(x)
	fy, fx := y-top, x-left
	for k := range 4 {
		i, j := int(top)+k/2, int(left)+k%2
		t := tap{weight: float32((1 - math.Abs(float64(k/2)-fy)) * (1 - math.Abs(float64(k%2)-fx)))}
		if i < 0 || j < 0 || i >= s.height || j >= s.width {
			t.weight = 0
		} else {
			t.at = int32(i*s.width + j)
		}
		v.taps = append(v.taps, t)
	}
}

// of is what the view shows of a canvas.
func (v view) of(canvas []float64) []float64 {
	n := len(v.taps) / 4
	out := make([]float64, len(canvas))
	for c := 0; c < len(canvas); c += n {
		for i := range n {
			sum := 0.0
			for _, t := range v.taps[4*i : 4*i+4] {
				sum += float64(t.weight) * canvas[c+int(t.at)]
			}
			out[c+i] = sum
		}
	}
	return out
}

// pull adds d/d canvas from d/d view.
func (v view) pull(canvas, g []float64) {
	n := len(v.taps) / 4
	for c := 0; c < len(g); c += n {
		for i := range n {
			for _, t := range v.taps[4*i : 4*i+4] {
				canvas[c+int(t.at)] += float64(t.weight) * g[c+i]
			}
		}
	}
}

// camera takes the views of one step.
type camera func(random *rand.Rand, done float64) (by shot, noise float64)

// trembling moves by some pixels, as far as a sixteenth of the side.
func trembling(random *rand.Rand, _ float64) (shot, float64) {
	by := straight
	by.y += (random.Float64() - 0.5) / 8
	by.x += (random.Float64() - 0.5) / 8
	return by, 0
}

// turning also scales by a tenth and turns by ten degrees: features that need
// an exact place, scale or angle do not last (Lucid's transformations).
func turning(random *rand.Rand, done float64) (shot, float64) {
	by, _ := trembling(random, done)
	by.side = 0.9 + 0.2*random.Float64()
	by.angle = (random.Float64() - 0.5) * math.Pi / 9
	return by, 0
}

// Crops of MaCo: around the middle, first of nearly all of the canvas, then of
// less. The paper's go from a half to a twentieth, on a canvas five times as
// large as the model's input; this one is as large.
const (
	firstCrop, lastCrop = 1.0, 0.8
	cropSpread          = 0.05
	centreSpread        = 0.15
	leastCrop           = 0.05
	viewNoise           = 0.08
)

func cropping(random *rand.Rand, done float64) (shot, float64) {
	side := firstCrop + (lastCrop-firstCrop)*done + cropSpread*random.NormFloat64()
	by := shot{side: min(max(side, leastCrop), 1)}
	centre := func() float64 {
		return min(max(0.5+centreSpread*random.NormFloat64(), by.side/2), 1-by.side/2)
	}
	by.y, by.x = centre(), centre()
	return by, viewNoise
}
