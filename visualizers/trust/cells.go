package trust

import (
	"image"
	"math"
	"math/rand/v2"

	"picasso/visualizers/trust/similarity"
)

// cells divide the model's input; they are covered whole, since single pixels
// are too small to matter to a network.
type cells struct {
	rows, columns int
	height, width int // of the input, in pixels
}

// gridEdge is the number of cells along an edge, where map and input have as
// many.
const gridEdge = 16

// cellsFor are the cells by which a map of some size is tested.
func cellsFor(g similarity.Grid, height, width int) cells {
	return cells{min(gridEdge, g.Height, height), min(gridEdge, g.Width, width), height, width}
}

func (c cells) count() int { return c.rows * c.columns }

// rect is a cell in pixels of the input.
func (c cells) rect(i int) image.Rectangle {
	y, x := i/c.columns, i%c.columns
	return image.Rect(x*c.width/c.columns, y*c.height/c.rows, (x+1)*c.width/c.columns, (y+1)*c.height/c.rows)
}

// order lists the cells from what a map marks most to what speaks most against
// its target; equal cells stay in row order.
func (c cells) order(g similarity.Grid) []int {
	return similarity.Descending(g.Pooled(c.rows, c.columns).Values)
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
			pixels += c.rect(i).Dx() * c.rect(i).Dy()
		}
		v.fractions[k] = float64(pixels) / float64(c.height*c.width)
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
