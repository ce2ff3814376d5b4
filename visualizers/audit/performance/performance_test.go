package performance

import (
	"math"
	"testing"

	"picasso/visualizers/audit"
)

// labels are the true classes of items.
type labels []int

func (l labels) Of(i, class int) (is, known bool) { return l[i] == class, l[i] >= 0 }

// Two classes, worked by hand: the probabilities of class 1 are .9 .8 .7 .6 .55 .5
// .4 .3, and items 0, 1, 3 and 6 are of it; so AUROC is .75 and average precision
// .8303571 (audit.md, known answer 4).
func worked() ([]audit.Row, labels) {
	var rows []audit.Row
	for _, p := range []audit.Number{.9, .8, .7, .6, .55, .5, .4, .3} {
		r := audit.Row{Predicted: 1, Probability: p, Probabilities: audit.NumbersOf(float64(1-p), float64(p)), RegionLift: audit.Number(math.NaN())}
		if p < .5 {
			r.Predicted, r.Probability = 0, 1-p
		}
		rows = append(rows, r)
	}
	return rows, labels{1, 1, 0, 1, 0, 0, 1, 0}
}

func TestTwoClassesByHand(t *testing.T) {
	rows, truth := worked()
	rows = append(rows, audit.Row{Error: "unreadable", Predicted: -1}, audit.Row{Predicted: 1, Probability: .99})
	truth = append(truth, 1, -1)
	p := Measure(rows, truth, 2, true)
	if p.Answered != 8 || p.Accuracy.Hits != 4 {
		t.Errorf("%d of %d are right, want 4 of 8", p.Accuracy.Hits, p.Answered)
	}
	if got := p.Confusion; len(got) != 2 || got[0] != nil && (got[0][0] != 1 || got[0][1] != 3 || got[1][0] != 1 || got[1][1] != 3) {
		t.Errorf("confusion %v", got)
	}
	c := p.Classes[1]
	if c.Precision.Hits != 3 || c.Precision.Of != 6 || c.Recall.Of != 4 || math.Abs(c.F1-.6) > 1e-12 {
		t.Errorf("class 1: %+v", c)
	}
	if math.Abs(c.Curve.AUROC-.75) > 1e-12 || math.Abs(c.Curve.AveragePrecision-.8303571) > 1e-7 {
		t.Errorf("curve %+v", c.Curve)
	}
	if h := c.Curve.Half; h.TruePositives != 3 || h.FalsePositives != 3 || h.Value != .5 {
		t.Errorf("at ½: %+v", h)
	}
	// Youden: .8 gives 2/4 + 4/4 − 1 = .5, .6 gives 3/4 + 3/4 − 1 = .5; the first wins.
	if y := c.Curve.Youden; y.Value != .8 {
		t.Errorf("Youden at %g", y.Value)
	}
	// F1: at .6 2·3/(4+4) = .75, the best.
	if f := c.Curve.BestF1; f.Value != .6 || f.F1 != .75 {
		t.Errorf("F1 %g at %g", f.F1, f.Value)
	}
	if len(p.Pairs) != 2 || p.Pairs[0] != (Pair{0, 1, 3}) {
		t.Errorf("pairs %v", p.Pairs)
	}
	if len(p.Surest) != 4 || p.Surest[0] != 2 {
		t.Errorf("surest wrong %v", p.Surest)
	}
	if len(p.Warnings) == 0 {
		t.Error("8 answers are enough for calibration")
	}
}

func TestRightForTheWrongReason(t *testing.T) {
	rows, truth := worked()
	rows[0].RegionLift, rows[1].RegionLift, rows[2].RegionLift = .2, 3, .1
	if p := Measure(rows, truth, 2, true); len(p.LuckyMaps) != 1 || p.LuckyMaps[0] != 0 {
		t.Errorf("right for the wrong reason: %v", p.LuckyMaps)
	}
}
