package gradient

import "picasso/backend/onnx"

// sampler reads a tensor [N, C, S], whose places S stand for axes of the given
// lengths, between its places. It writes the reading in elementary operators,
// so that both the tensor and the coordinates have their exact gradients.
type sampler struct {
	*call
	sizes   []int64
	padding string // what lies outside: zeros, border or reflection
	mode    string // nearest, linear or cubic
	align   bool   // the first and last places are the ends of the range
	alone   bool   // N is 1
}

// tap is one place that is read along an axis: its number as a float, and its
// weight ("" is 1).
type tap struct{ place, weight string }

// sample reads x [N, C, S] at the coordinates [N, 1, P] by axis, counted in
// places from 0; the result is [N, C, P].
func (s sampler) sample(x string, channels, points int64, coordinates []string) string {
	taps := make([][]tap, len(coordinates))
	for a, at := range coordinates {
		taps[a] = s.taps(at)
	}
	var parts []string
	s.combine(taps, nil, func(chosen []tap) {
		parts = append(parts, s.read(x, channels, points, chosen))
	})
	return s.total(parts)
}

// combine calls use for every choice of one tap by axis.
func (s sampler) combine(taps [][]tap, chosen []tap, use func([]tap)) {
	if len(chosen) == len(taps) {
		use(chosen)
		return
	}
	for _, t := range taps[len(chosen)] {
		s.combine(taps, append(chosen[:len(chosen):len(chosen)], t), use)
	}
}

// limits are the ends of an axis.
func (s sampler) limits(a int) (lo, hi float64) {
	if s.align {
		return 0, float64(s.sizes[a] - 1)
	}
	return -0.5, float64(s.sizes[a]) - 0.5
}

// inside is a place beyond axis a brought into the axis, as the runtime does it:
// it is places that are clamped or reflected, not coordinates.
func (s sampler) inside(at string, a int) string {
	lo, hi := s.limits(a)
	length := hi - lo
	if length == 0 {
		return s.number(0)
	}
	distance := s.abs(s.shift(at, -lo))
	turns := s.op("Floor", []string{s.scale(distance, 1/length)})
	rest := s.sub(distance, s.scale(turns, length))
	odd := s.sub(turns, s.scale(s.op("Floor", []string{s.scale(turns, 0.5)}), 2))
	return s.choose(s.greater(odd, 0.5), s.sub(s.number(hi), rest), s.shift(rest, lo))
}

func (b *builder) clamp(x string, lo, hi float64) string {
	return b.op("Min", []string{b.op("Max", []string{x, b.number(lo)}), b.number(hi)})
}

// taps are the places read for a coordinate, with their weights.
func (s sampler) taps(at string) []tap {
	if s.mode == "nearest" {
		return []tap{{place: s.op("Round", []string{at})}}
	}
	first := s.op("Floor", []string{at})
	t := s.sub(at, first)
	if s.mode != "cubic" {
		return []tap{{first, s.complement(t)}, {s.shift(first, 1), t}}
	}
	rest := s.complement(t)
	return []tap{
		{s.shift(first, -1), s.outer(s.shift(t, 1))}, {first, s.inner(t)},
		{s.shift(first, 1), s.inner(rest)}, {s.shift(first, 2), s.outer(s.shift(rest, 1))},
	}
}

// sharpness is the parameter of cubic convolution (Keys 1981,
// doi:10.1109/TASSP.1981.1163711) that the runtime uses.
const sharpness = -0.75

// inner is its kernel for distances up to 1, outer for those between 1 and 2.
func (s sampler) inner(d string) string {
	cubic := s.shift(s.scale(d, sharpness+2), -sharpness-3)
	return s.shift(s.mul(cubic, s.square(d)), 1)
}

func (s sampler) outer(d string) string {
	const a = sharpness
	sum := s.shift(s.scale(d, a), -5*a)
	sum = s.shift(s.mul(sum, d), 8*a)
	return s.shift(s.mul(sum, d), -4*a)
}

// read takes one place of every axis, times its weight, and 0 outside where
// zeros lie there.
func (s sampler) read(x string, channels, points int64, chosen []tap) string {
	flat, weight := "", ""
	times := func(w string) {
		if weight == "" {
			weight = w
		} else if w != "" {
			weight = s.mul(weight, w)
		}
	}
	for a, t := range chosen {
		place := t.place
		last := float64(s.sizes[a] - 1)
		if s.padding == "zeros" {
			within := s.both(s.greater(place, -0.5), s.less(place, last+0.5))
			times(s.cast(within, onnx.Float))
		}
		if s.padding == "reflection" {
			place = s.inside(place, a)
		}
		place = s.clamp(place, 0, last)
		if flat == "" {
			flat = place
		} else {
			flat = s.add(s.scale(flat, float64(s.sizes[a])), place)
		}
		times(t.weight)
	}
	if s.alone {
		value := s.op("Gather", []string{x, s.reshape(s.cast(flat, onnx.Int64), []int64{points})}, onnx.IntAttr("axis", 2))
		if weight == "" {
			return value
		}
		return s.mul(value, weight)
	}
	index := s.op("Expand", []string{s.cast(flat, onnx.Int64), s.ints(1, channels, points)})
	value := s.op("GatherElements", []string{x, index}, onnx.IntAttr("axis", 2))
	if weight == "" {
		return value
	}
	return s.mul(value, weight)
}

// exactPlaces bounds the places of a tensor that float32 numbers count.
const exactPlaces = 1 << 24

// lowerGridSample reads a picture at the places that a grid names: numbers from
// −1 to 1, for the last axis first.
func lowerGridSample(c *call) {
	f, g := c.in(0), c.in(1)
	axes := f.rank() - 2
	if axes < 1 || g.rank() != axes+2 || product(f.Shape[2:]) > exactPlaces {
		c.refuse("reads a tensor of shape %v at a grid of shape %v, for which there is no rule", f.Shape, g.Shape)
		return
	}
	s := sampler{call: c, sizes: f.Shape[2:], padding: c.node.AttrString("padding_mode", "zeros"), align: c.node.AttrInt("align_corners", 0) != 0}
	switch mode := c.node.AttrString("mode", "linear"); mode {
	case "linear", "bilinear":
		s.mode = "linear"
	case "cubic", "bicubic":
		s.mode = "cubic"
	case "nearest":
		s.mode = mode
	default:
		c.refuse("has mode %q, for which there is no rule", mode)
	}
	s.alone = f.Shape[0] == 1 && f.Batch < 0 && g.Batch < 0 && c.facts.fixed
	points := product(g.Shape[1 : axes+1])
	coordinates := make([]string, axes)
	for a := range coordinates {
		at := c.slice(c.arg(1), int64(axes+1), int64(axes-1-a), int64(axes-a))
		coordinates[a] = s.places(c.reshape(at, []int64{-1, 1, points}), a)
	}
	x := c.reshape(c.arg(0), []int64{-1, f.Shape[1], product(s.sizes)})
	y := s.sample(x, f.Shape[1], points, coordinates)
	c.give(0, c.reshape(y, append([]int64{-1, f.Shape[1]}, g.Shape[1:axes+1]...)))
}

// places turns numbers from −1 to 1 into places of axis a.
func (s sampler) places(at string, a int) string {
	n := float64(s.sizes[a])
	if s.align {
		return s.scale(s.shift(at, 1), (n-1)/2)
	}
	return s.shift(s.scale(s.shift(at, 1), n/2), -0.5)
}

// lowerAffineGrid: the grid of a transformed picture is the matrix θ times the
// places of an untransformed one, which are constants.
func lowerAffineGrid(c *call) {
	size := c.integers(1)
	axes := len(size) - 2
	f := c.in(0)
	if c.err != nil || axes < 2 || f.rank() != 3 || f.Shape[1] != int64(axes) || product(size[2:]) > exactPlaces {
		c.refuse("makes a grid of size %v from a matrix of shape %v, for which there is no rule", size, f.Shape)
		return
	}
	align := c.node.AttrInt("align_corners", 0) != 0
	points := int(product(size[2:]))
	base := make([]float32, 0, points*(axes+1))
	for p := range points {
		row := make([]float32, axes+1)
		row[axes] = 1
		rest := p
		for a := axes - 1; a >= 0; a-- {
			n := int(size[2+a])
			row[axes-1-a] = float32(gridPlace(rest%n, n, align))
			rest /= n
		}
		base = append(base, row...)
	}
	places := c.floats([]int64{int64(points), int64(axes + 1)}, base)
	grid := c.matmul(places, c.transpose(c.arg(0), []int64{0, 2, 1}))
	c.give(0, c.reshape(grid, append(append([]int64{-1}, size[2:]...), int64(axes))))
}

// gridPlace is place i of n as a number from −1 to 1.
func gridPlace(i, n int, align bool) float64 {
	if !align {
		return (2*float64(i)+1)/float64(n) - 1
	}
	if n == 1 {
		return 0
	}
	return 2*float64(i)/float64(n-1) - 1
}
