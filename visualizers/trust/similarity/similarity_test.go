package similarity

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s = %.7f, want %.7f", what, got, want)
	}
}

func row(values ...float64) Grid { return Grid{Height: 1, Width: len(values), Values: values} }

func grid(height, width int, at func(y, x int) float64) Grid {
	g := Grid{Height: height, Width: width, Values: make([]float64, height*width)}
	for i := range g.Values {
		g.Values[i] = at(i/width, i%width)
	}
	return g
}

func TestRanksOfTiesAreTheirMean(t *testing.T) {
	for i, got := range ranks([]float64{30, 10, 20, 20, 10}) {
		near(t, "rank", got, []float64{5, 1.5, 3.5, 3.5, 1.5}[i], 0)
	}
}

func TestSpearman(t *testing.T) {
	near(t, "with ties", Spearman(row(30, 10, 20, 20, 10), row(1, 2, 3, 4, 5)), -.5270463, 1e-7)
	near(t, "of a rising function", Spearman(row(1, 2, 3, 4), row(math.Exp(1), math.Exp(2), math.Exp(3), math.Exp(4))), 1, 1e-12)
	near(t, "against the sign", Spearman(row(-3, -1, 1, 2), row(3, 1, -1, -2)), -1, 1e-12)
	near(t, "without signs", SpearmanAbs(row(-3, -1, 1.5, 2), row(3, 1, -1.5, -2)), 1, 1e-12)
}

// Zeros that a baseline put into both maps must not make them alike.
func TestSpearmanLeavesOutWhatIsZeroInBoth(t *testing.T) {
	a, b := row(3, 1, 2, 0, 0, 0, 0), row(1, 3, 2, 0, 0, 0, 0)
	near(t, "padded by zeros", Spearman(a, b), -1, 1e-12)
	near(t, "with a gap", Spearman(row(3, math.NaN(), 1, 2), row(1, 5, 3, 2)), -1, 1e-12)
}

func TestConstantMapsHaveNoCorrelation(t *testing.T) {
	for _, pair := range [][2]Grid{{row(1, 1, 1), row(1, 2, 3)}, {row(0, 0), row(0, 0)}, {row(), row()}} {
		if got := Spearman(pair[0], pair[1]); !math.IsNaN(got) {
			t.Errorf("Spearman of %v = %v, want NaN", pair, got)
		}
	}
}

func TestSSIMOfOneUniformWindow(t *testing.T) {
	a := grid(7, 7, func(y, x int) float64 { return float64(7*y+x) / 48 })
	transposed := grid(7, 7, func(y, x int) float64 { return float64(7*x+y) / 48 })
	inverted := grid(7, 7, func(y, x int) float64 { return 1 - float64(7*y+x)/48 })
	uniform := window{radius: 3, weights: []float64{1, 1, 1, 1, 1, 1, 1}, sample: true}
	near(t, "transposed", uniform.index(a, transposed, [3]int{0, 3, 3}, 1), .2836378, 1e-7)
	near(t, "inverted", uniform.index(a, inverted, [3]int{0, 3, 3}, 1), -.9898949, 1e-7)
	near(t, "itself", uniform.index(a, a, [3]int{0, 3, 3}, 1), 1, 1e-12)
}

func TestSSIM(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	a := grid(20, 30, func(int, int) float64 { return random.NormFloat64() })
	b := grid(20, 30, func(int, int) float64 { return random.NormFloat64() })
	scaled := grid(20, 30, func(y, x int) float64 { return 7 * a.Values[y*30+x] })
	near(t, "itself", SSIM(a, a), 1, 1e-12)
	near(t, "a multiple", SSIM(a, scaled), 1, 1e-9)
	near(t, "order", SSIM(a, b), SSIM(b, a), 1e-12)
	near(t, "two constants", SSIM(row(2, 2, 2), row(5, 5, 5)), 1, 0)
	if got := SSIM(a, b); math.Abs(got) > .15 {
		t.Errorf("SSIM of noise and noise = %v", got)
	}
	holes := grid(20, 30, func(y, x int) float64 {
		if y < 3 {
			return math.NaN()
		}
		return a.Values[y*30+x]
	})
	near(t, "with unknown rows", SSIM(holes, holes), 1, 1e-9)
}

func TestPoolingKeepsTheMean(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	g := grid(97, 131, func(int, int) float64 { return random.Float64() })
	p := g.Shrunk(ComparedEdge)
	if p.Height != 64 || p.Width != 64 {
		t.Fatalf("pooled to %d×%d", p.Height, p.Width)
	}
	near(t, "mean", mean(p.Values), mean(g.Values), 1e-12)
	if small := row(1, 2, 3).Shrunk(64); len(small.Values) != 3 {
		t.Errorf("a map of 3 cells became %d", len(small.Values))
	}
	halves := row(0, 1, 5).On([3]int{1, 1, 2}) // the middle pixel belongs to both halves
	near(t, "first half", halves.Values[0], 1./3, 1e-12)
	near(t, "second half", halves.Values[1], 11./3, 1e-12)
	nan := row(math.NaN(), 4, math.NaN(), math.NaN()).On([3]int{1, 1, 2})
	if nan.Values[0] != 4 || !math.IsNaN(nan.Values[1]) {
		t.Errorf("pooled around gaps: %v", nan.Values)
	}
}

func TestTopIoU(t *testing.T) {
	near(t, "chance", ChanceIoU(.1), .0526, 1e-4)
	near(t, "the same", TopIoU(row(9, 8, 1, 1), row(9, 8, 1, 1), .5), 1, 0)
	near(t, "one of three", TopIoU(row(9, 8, 1, 1), row(9, 1, 8, 1), .5), 1./3, 1e-12)
	near(t, "negatives do not count", TopIoU(row(9, -8, -9, -9), row(9, 8, -9, -9), .5), .5, 1e-12)
	if got := TopIoU(row(-1, -2), row(0, 0), .5); !math.IsNaN(got) {
		t.Errorf("IoU of maps that point nowhere = %v", got)
	}
}

// Independent choices meet as often as ChanceIoU says.
func TestTopIoUOfChance(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	a := grid(300, 300, func(int, int) float64 { return random.Float64() })
	b := grid(300, 300, func(int, int) float64 { return random.Float64() })
	near(t, "IoU", TopIoU(a, b, .1), ChanceIoU(.1), .006)
}

func TestAUPRC(t *testing.T) {
	near(t, "perfect", AUPRC([]float64{4, 3, 2, 1}, []bool{true, true, false, false}), 1, 1e-12)
	near(t, "by hand", AUPRC([]float64{4, 3, 2, 1}, []bool{false, true, false, true}), .5, 1e-12) // (1/2 + 2/4)/2
	near(t, "flat is chance", AUPRC([]float64{1, 1, 1, 1}, []bool{true, false, false, false}), .25, 1e-12)
	near(t, "unknown takes no part", AUPRC([]float64{4, math.NaN(), 2}, []bool{true, true, false}), 1, 1e-12)
	if got := AUPRC([]float64{1, 2}, []bool{true, true}); !math.IsNaN(got) {
		t.Errorf("AUPRC where everything is inside = %v", got)
	}
}

// TestVolumes: cells of a volume are means of boxes, and a part of a voxel counts
// by its share, worked out by hand; likeness looks at neighbouring slices too.
func TestVolumes(t *testing.T) {
	g := Grid{Depth: 3, Height: 2, Width: 2, Values: []float64{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}}
	half := g.On([3]int{2, 1, 1}) // slices 0 and half of 1; half of 1 and 2
	if want := []float64{(1.5*4 + 5.5*2) / 6, (5.5*2 + 9.5*4) / 6}; half.Depth != 2 || math.Abs(half.Values[0]-want[0])+math.Abs(half.Values[1]-want[1]) > 1e-12 {
		t.Errorf("cells of %v: %v, want %v", half.Sizes(), half.Values, want)
	}
	if m := g.Mirrored(); !slices.Equal(m.Values[:4], []float64{1, 0, 3, 2}) || m.Depth != 3 {
		t.Errorf("mirrored %v", m.Values)
	}
	if s := SSIM(g, g); math.Abs(s-1) > 1e-12 {
		t.Errorf("a volume is like itself by %g", s)
	}
	swapped := g.With([]float64{8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3}) // the slices in the other order
	if s := SSIM(g, swapped); s > 0.5 {
		t.Errorf("a volume is like the one upside down by %g", s)
	}
	if g.Edge() != SolidEdge || g.Shrunk(2).Sizes() != [3]int{2, 2, 2} {
		t.Errorf("compared at %d, shrunk to %v", g.Edge(), g.Shrunk(2).Sizes())
	}
}
