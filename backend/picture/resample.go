package picture

import "math"

// Filter is a resampling filter, by the name users write.
type Filter string

// Filters, with the support of each in source pixels when enlarging. When
// shrinking the support grows with the factor (antialiasing), as in the Python
// Imaging Library, whose results these filters reproduce.
const (
	Nearest  Filter = "nearest"
	Box      Filter = "box"      // 0.5
	Bilinear Filter = "bilinear" // 1
	Hamming  Filter = "hamming"  // 1
	Bicubic  Filter = "bicubic"  // 2, a = −0.5
	Lanczos  Filter = "lanczos"  // 3
)

// Filters lists every filter.
func Filters() []Filter { return []Filter{Nearest, Box, Bilinear, Hamming, Bicubic, Lanczos} }

// kernel gives the weight function of a filter and the distance beyond which
// it is 0. Nearest has none.
func (f Filter) kernel() (func(float64) float64, float64) {
	switch f {
	case Box:
		return box, 0.5
	case Hamming:
		return hamming, 1
	case Bicubic:
		return bicubic, 2
	case Lanczos:
		return lanczos, 3
	default:
		return triangle, 1
	}
}

func box(x float64) float64 {
	if x > -0.5 && x <= 0.5 {
		return 1
	}
	return 0
}

func triangle(x float64) float64 { return max(0, 1-math.Abs(x)) }

func hamming(x float64) float64 {
	x = math.Abs(x)
	switch {
	case x == 0:
		return 1
	case x >= 1:
		return 0
	}
	x *= math.Pi
	return math.Sin(x) / x * (0.54 + 0.46*math.Cos(x))
}

func bicubic(x float64) float64 {
	const a = -0.5
	x = math.Abs(x)
	switch {
	case x < 1:
		return ((a+2)*x-(a+3))*x*x + 1
	case x < 2:
		return (((x-5)*x+8)*x - 4) * a
	}
	return 0
}

func lanczos(x float64) float64 {
	if x < -3 || x >= 3 {
		return 0
	}
	return sinc(x) * sinc(x/3)
}

func sinc(x float64) float64 {
	if x == 0 {
		return 1
	}
	x *= math.Pi
	return math.Sin(x) / x
}

// taps are the source pixels, from first on, that make one target pixel, with
// weights that sum to 1.
type taps struct {
	first   int
	weights []float64
}

// weigh computes the taps of target pixels on one axis, from one up to another.
func (f Filter) weigh(in, out int, antialias bool, from, to int) []taps {
	scale := float64(in) / float64(out)
	if f == Nearest {
		return nearest(in, out)[from:to]
	}
	kernel, support := f.kernel()
	stretch := 1.0
	if antialias {
		stretch = max(scale, 1)
	}
	support *= stretch
	list := make([]taps, to-from)
	all := make([]float64, 0, len(list)*min(int(2*support)+2, in)) // weights
	for i := range list {
		center := (float64(i+from) + 0.5) * scale
		first := max(int(center-support+0.5), 0)
		end := min(int(center+support+0.5), in)
		w, sum := all[len(all):len(all)+end-first], 0.0
		all = all[:len(all)+len(w)]
		for k := range w {
			w[k] = kernel((float64(k+first) - center + 0.5) / stretch)
			sum += w[k]
		}
		if sum != 0 {
			for k := range w {
				w[k] /= sum
			}
		}
		list[i] = taps{first, w}
	}
	return list
}

// nearest adds the step up as the Python Imaging Library does, so that ties
// fall to the same side.
func nearest(in, out int) []taps {
	one := []float64{1}
	list := make([]taps, out)
	step := float64(in) / float64(out)
	at := step / 2
	for i := range list {
		list[i] = taps{min(int(at), in-1), one}
		at += step
	}
	return list
}
