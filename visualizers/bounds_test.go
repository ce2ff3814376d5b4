package visualizers_test

import (
	"image"
	"math"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"picasso/backend/score"
	"picasso/visualizers"
)

// pair names two classes.
type pair struct{}

func (pair) ClassName(i int) string { return []string{"this", "that"}[i] }
func (pair) Classes() int           { return 2 }

// rugged is a grid of windows whose scores jump between the ends of what a score can
// be, of which those at a distance have been run.
func rugged(rng *rand.Rand, distance int, logits bool) *visualizers.Patches {
	const side, size, stride = 12, 6, 3
	w := &visualizers.Patches{Height: size + (side-1)*stride, Width: size + (side-1)*stride, Rows: side, Columns: side,
		Size: image.Pt(size, size), Stride: image.Pt(stride, stride), Scores: make([]score.Scores, side*side)}
	answer := func() score.Scores {
		p := float32(1 / (1 + math.Exp(8*rng.NormFloat64())))
		s := score.Scores{Probabilities: []float32{p, 1 - p}}
		if logits {
			s.Logits = []float32{20 * (p - .5), 20 * (.5 - p)}
		}
		return s
	}
	w.Base = answer()
	for i := range side * side {
		at := image.Pt(i%side*stride, i/side*stride)
		w.Rects = append(w.Rects, image.Rectangle{Min: at, Max: at.Add(w.Size)})
		if i%side%distance == distance/2 && i/side%distance == distance/2 {
			w.Scores[i] = answer()
		}
	}
	return w
}

var amount = regexp.MustCompile(`by (?:an estimated )?([<>]?[0-9.]+|almost 0)\.$`)

// What was not run is estimated, and an estimate may bend beyond what a probability can
// do. No map, and nothing that is said of one, claims that a probability falls by more
// than it is, or rises above 1; and what was estimated is called so.
func TestNoProbabilityFallsByMoreThanItself(t *testing.T) {
	rounding := func(v float64) float64 { // three digits
		if v > 1 {
			return 5e-3
		}
		return 5e-4
	}
	rng := rand.New(rand.NewPCG(3, 15))
	bent := false
	for range 300 {
		for _, distance := range []int{1, 2, 4} {
			w := rugged(rng, distance, true)
			for _, target := range []score.Target{score.ClassTarget(0, score.Probability), score.ClassTarget(1, score.Probability),
				{Class: 0, Against: 1, Score: score.Probability}} {
				m, err := w.Map(target, pair{})
				if err != nil {
					t.Fatal(err)
				}
				base, _ := target.Value(w.Base)
				least, most := base-1, base
				if target.Against != score.NoClass {
					most = base + 1
				}
				lo, hi := float64(slices.Min(m.Values)), float64(slices.Max(m.Values))
				if lo < least-1e-6 || hi > most+1e-6 {
					t.Fatalf("%s is %g, its map goes from %g to %g", target.Symbol(pair{}), base, lo, hi)
				}
				bent = bent || distance > 1 && (hi > most-1e-6 || lo < least+1e-6)
				if said := amount.FindStringSubmatch(m.Finding); said != nil {
					by, err := strconv.ParseFloat(strings.TrimLeft(said[1], "<>almost "), 64)
					if err != nil || by > most+rounding(most) {
						t.Fatalf("of %g it is said: %s", most, m.Finding)
					}
				} else if !strings.Contains(m.Finding, "lowers it nowhere") {
					t.Fatalf("the finding has another form: %s", m.Finding)
				}
				if whole := distance == 1; whole && (strings.Contains(m.Finding, "estimated") || strings.Contains(m.Finding, "As far as")) {
					t.Fatalf("all windows were run: %s", m.Finding)
				}
			}
		}
	}
	if !bent {
		t.Error("no estimate came to its bound: the test sees nothing")
	}
}

// The window that is named as the one where a score is lowest is one that was run.
func TestTheLowestCellWasRun(t *testing.T) {
	w := rugged(rand.New(rand.NewPCG(1, 2)), 4, false)
	for i := range w.Scores { // all alike: an estimate is as low as what it comes from
		if w.Known(i) {
			w.Scores[i] = score.Scores{Probabilities: []float32{.25, .75}}
		}
	}
	w.Cells = true
	m, err := w.Map(score.ClassTarget(0, score.Probability), pair{})
	if err != nil || !strings.Contains(m.Finding, "while row 3, column 3 of the grid is covered") {
		t.Errorf("%v: %s", err, m.Finding)
	}
}

// Logits have no bounds, so that estimates of them are only called so.
func TestEstimatesOfLogitsAreCalledEstimates(t *testing.T) {
	w := rugged(rand.New(rand.NewPCG(9, 9)), 4, true)
	for i := range w.Scores {
		if w.Known(i) { // the more to the lower right, the more it falls
			v := -float32(i)
			w.Scores[i] = score.Scores{Probabilities: []float32{0, 1}, Logits: []float32{v, -v}}
		}
	}
	m, err := w.Map(score.ClassTarget(0, score.Logit), pair{})
	if err != nil || !strings.Contains(m.Finding, "by an estimated ") {
		t.Errorf("%v: %s", err, m.Finding)
	}
}
