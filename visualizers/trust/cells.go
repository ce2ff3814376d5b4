package trust

import (
	"math"
	"math/rand/v2"

	"picasso/visualizers"
	"picasso/visualizers/trust/similarity"
)

// cells divide the model's input; they are covered whole, since single pixels
// are too small to matter to a network. Three numbers stand for slices, rows and
// columns; a picture is one slice.
type cells struct {
	counts [3]int
	size   [3]int // of the input, in pixels
	solid  bool   // the input is a volume
}

// Numbers of cells along an edge, of a picture and of a volume, where map and input
// have as many.
const (
	gridEdge  = 16
	solidEdge = 8
)

// cellsFor are the cells by which a map of some size is tested.
func cellsFor(g similarity.Grid, size [3]int) cells {
	edge := gridEdge
	if g.Depth > 0 {
		edge = solidEdge
	}
	c := cells{size: size, solid: g.Depth > 0}
	for k, n := range g.Sizes() {
		c.counts[k] = min(edge, n, size[k])
	}
	return c
}

// sizesOf are those of a model's input.
func sizesOf(s visualizers.Subject) [3]int {
	_, height, width := s.Shape()
	depth := max(visualizers.DepthOf(s), 1)
	return [3]int{depth, height / depth, width}
}

func (c cells) count() int { return c.counts[0] * c.counts[1] * c.counts[2] }

// box is a part of the input, from and up to but not including.
type box struct{ from, to [3]int }

// box is a cell in pixels of the input.
func (c cells) box(i int) box {
	var b box
	for k, at := range [3]int{i / c.counts[2] / c.counts[1], i / c.counts[2] % c.counts[1], i % c.counts[2]} {
		b.from[k], b.to[k] = at*c.size[k]/c.counts[k], (at+1)*c.size[k]/c.counts[k]
	}
	return b
}

// pixels is the number of them in the box.
func (b box) pixels() int {
	return (b.to[0] - b.from[0]) * (b.to[1] - b.from[1]) * (b.to[2] - b.from[2])
}

// rows visits the rows of the box in an input of a size, from and to one of its
// pixels.
func (b box) rows(size [3]int, visit func(from, to int)) {
	for z := b.from[0]; z < b.to[0]; z++ {
		for y := b.from[1]; y < b.to[1]; y++ {
			row := (z*size[1] + y) * size[2]
			visit(row+b.from[2], row+b.to[2])
		}
	}
}

// order lists the cells from what a map marks most to what speaks most against
// its target; equal cells stay in row order.
func (c cells) order(g similarity.Grid) []int {
	return similarity.Descending(g.On(c.counts).Values)
}

// random lists the cells in an order that the seed alone decides.
func (c cells) random(seed uint64) []int { return rand.New(rand.NewPCG(seed, 0)).Perm(c.count()) }

// curve is what becomes of the score while cells are covered, and while they
// are shown, in one order. Step k of n has about k/n of the pixels; points that
// have not been measured are NaN.
type curve struct {
	order     []int
	fractions []float64 // of the pixels, one more than there are steps
	deletion  []point   // with that part covered
	insertion []point   // with only that part to be seen
}

// point is a score on both scales; the logit is NaN where there is none.
type point struct{ value, logit float64 }

var unknown = point{math.NaN(), math.NaN()}

func (p point) known() bool { return !math.IsNaN(p.value) }

// newCurve is a curve of which only the ends are known: the picture as it is,
// and all of it covered.
func (c cells) newCurve(order []int, steps int, whole, covered point) *curve {
	v := &curve{order: order, fractions: make([]float64, steps+1), deletion: make([]point, steps+1), insertion: make([]point, steps+1)}
	for k := range v.fractions {
		pixels := 0
		for _, i := range order[:v.first(k)] {
			pixels += c.box(i).pixels()
		}
		v.fractions[k] = float64(pixels) / float64(c.size[0]*c.size[1]*c.size[2])
		v.deletion[k], v.insertion[k] = unknown, unknown
	}
	v.deletion[0], v.insertion[steps] = whole, whole
	v.deletion[steps], v.insertion[0] = covered, covered
	return v
}

// first is how many cells of the order step k has reached.
func (v *curve) first(k int) int {
	steps := len(v.fractions) - 1
	return (k*len(v.order) + steps/2) / steps
}

// area is the area under known points over the part of the picture, 0…1 where
// scores are; points lie as far apart as they are.
func area(fractions, values []float64) float64 {
	var sum float64
	last := -1
	for i, v := range values {
		if math.IsNaN(v) {
			continue
		}
		if last >= 0 {
			sum += (values[last] + v) / 2 * (fractions[i] - fractions[last])
		}
		last = i
	}
	return sum
}
