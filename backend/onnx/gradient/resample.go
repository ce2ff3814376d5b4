package gradient

import "math"

// resampling is how a Resize reads its input: which coordinate an output
// position stands for and which inputs are mixed there. Single precision is
// kept where the runtime uses it, for rounding decides between neighbours.
type resampling struct {
	mode, coordinate, rounding string
	cubic                      float64
	exclude, antialias         bool
	scale, start, end          []float32 // by axis
}

// identity reports that an axis of unchanged length is read unchanged.
func (r resampling) identity(a int) bool {
	return r.scale[a] == 1 && (r.coordinate != "tf_crop_and_resize" || r.start[a] == 0 && r.end[a] == 1)
}

// weights is one row per output position with the share of every input.
func (r resampling) weights(a, n, m int) [][]float32 {
	rows := make([][]float32, m)
	for o := range rows {
		rows[o] = make([]float32, n)
		at := r.source(a, o, n, m)
		if r.coordinate == "tf_crop_and_resize" && (at < 0 || at > float32(n-1)) {
			continue // the extrapolation value, a constant
		}
		switch {
		case r.mode == "nearest":
			rows[o][r.nearest(at, r.scale[a], n)] = 1
		case r.antialias && r.scale[a] < 1:
			r.smooth(rows[o], float64(at), float64(r.scale[a]))
		case r.mode == "cubic":
			r.mix(rows[o], float64(at), 2, r.kernel)
		default:
			r.mix(rows[o], min(max(float64(at), 0), float64(n-1)), 1, tent)
		}
	}
	return rows
}

// source is the input coordinate of output o (attribute
// coordinate_transformation_mode).
func (r resampling) source(a, o, n, m int) float32 {
	x, s := float32(o), r.scale[a]
	switch r.coordinate {
	case "asymmetric":
		return x / s
	case "align_corners":
		if m == 1 {
			return 0
		}
		return x * float32(n-1) / float32(m-1)
	case "pytorch_half_pixel":
		if m == 1 {
			return 0
		}
	case "tf_half_pixel_for_nn":
		return (x + 0.5) / s
	case "tf_crop_and_resize":
		first, last := r.start[a], r.end[a]
		if m == 1 {
			return 0.5 * (first + last) * float32(n-1)
		}
		return first*float32(n-1) + x*(last-first)*float32(n-1)/float32(m-1)
	case "half_pixel_symmetric":
		adjustment := float32(m) / (s * float32(n))
		centre := float32(n) / 2
		return centre*(1-adjustment) + (x+0.5)/s - 0.5
	}
	return (x+0.5)/s - 0.5
}

// nearest rounds a coordinate to an input (attribute nearest_mode).
func (r resampling) nearest(at, scale float32, n int) int {
	x, i := float64(at), 0.0
	switch r.rounding {
	case "simple":
		i = math.Trunc(x)
		if scale < 1 {
			i = math.Ceil(x)
		}
	case "floor":
		i = math.Floor(x)
	case "ceil":
		i = math.Ceil(x)
	case "round_prefer_ceil":
		i = math.Floor(x + 0.5)
	default:
		i = math.Ceil(x - 0.5)
	}
	return int(min(max(i, 0), float64(n-1)))
}

// mix adds the weights of the 2·reach inputs around a coordinate. What lies
// outside counts for the edge, or with exclude_outside for nothing.
func (r resampling) mix(row []float32, at float64, reach int, kernel func(float64) float64) {
	left := int(math.Floor(at))
	r.fill(row, left-reach+1, left+reach, func(i int) float64 { return kernel(at - float64(i)) }, r.exclude && reach > 1)
}

// smooth widens the kernel by the reduction (attribute antialias), as Pillow
// does.
func (r resampling) smooth(row []float32, at, scale float64) {
	reach, kernel := 1.0, tent
	if r.mode == "cubic" {
		reach, kernel = 2, r.kernel
	}
	support := reach / scale
	first, last := math.Floor(at+1-support), math.Floor(at+1+support)-1
	r.fill(row, int(first), int(last), func(i int) float64 { return kernel((float64(i) - at) * scale) }, r.exclude)
}

func (r resampling) fill(row []float32, first, last int, weight func(int) float64, exclude bool) {
	sum := 0.0
	sums := make([]float64, len(row))
	for i := first; i <= last; i++ {
		inside := min(max(i, 0), len(row)-1)
		if exclude && inside != i {
			continue
		}
		w := weight(i)
		sum += w
		sums[inside] += w
	}
	for i, w := range sums {
		if sum != 0 {
			row[i] = float32(w / sum)
		}
	}
}

// tent is the kernel of linear interpolation.
func tent(d float64) float64 { return max(0, 1-math.Abs(d)) }

// kernel is that of cubic convolution (Keys 1981, doi:10.1109/TASSP.1981.1163711).
func (r resampling) kernel(d float64) float64 {
	a, t := r.cubic, math.Abs(d)
	switch {
	case t <= 1:
		return ((a+2)*t-(a+3))*t*t + 1
	case t < 2:
		return ((a*t-5*a)*t+8*a)*t - 4*a
	}
	return 0
}
