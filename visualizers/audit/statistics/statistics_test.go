package statistics_test

import (
	"math"
	"slices"
	"testing"

	"picasso/visualizers/audit/statistics"
)

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s is %.9g, want %.9g", what, got, want)
	}
}

func TestIntervalsOfShares(t *testing.T) {
	w := statistics.Wilson(9, 10)
	near(t, "9 of 10, low", w.Low, 0.596, 5e-4)
	near(t, "9 of 10, high", w.High, 0.982, 5e-4)
	w = statistics.Wilson(45, 50)
	near(t, "45 of 50, low", w.Low, 0.786, 5e-4)
	near(t, "45 of 50, high", w.High, 0.957, 5e-4)
	if w := statistics.Wilson(0, 0); w != (statistics.Interval{Low: 0, High: 1}) {
		t.Errorf("of none: %v", w)
	}
}

func TestTellingGroupsApart(t *testing.T) {
	scores := []float64{.9, .8, .7, .6, .55, .5, .4, .3}
	labels := []bool{true, true, false, true, false, false, true, false}
	near(t, "AUROC", statistics.AUROC(scores, labels), .75, 1e-12)
	near(t, "average precision", statistics.AveragePrecision(scores, labels), .8303571, 1e-7)
	equal := []float64{1, 1, 1, 1}
	near(t, "AUROC of equal values", statistics.AUROC(equal, []bool{true, false, true, false}), .5, 0)
	near(t, "p of equal values", statistics.MannWhitney(equal, []bool{true, false, true, false}), 1, 0)
	// U = 0 for 5 and 5: |0 − 12.5| − .5 = 12 over √(25·11/12) = 4.787136, so p = .01218578.
	apart := []float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}
	half := []bool{true, true, true, true, true, false, false, false, false, false}
	near(t, "p of two groups apart", statistics.MannWhitney(apart, half), .01218578, 1e-7)
	if !math.IsNaN(statistics.AUROC(apart, make([]bool, 10))) {
		t.Error("one group has an AUROC")
	}
}

func TestTwoByTwo(t *testing.T) {
	near(t, "8/2 against 1/9", statistics.Fisher(8, 2, 1, 9), .00548, 5e-6)
	near(t, "no difference", statistics.Fisher(5, 5, 5, 5), 1, 1e-9)
}

func TestCalibration(t *testing.T) {
	confidence := []float64{.95, .9, .85, .65, .62, .55, .55, .35}
	right := []bool{true, true, false, true, false, true, false, false}
	near(t, "expected calibration error", statistics.CalibrationError(statistics.Reliability(confidence, right, 10)), .19, 1e-9)
	near(t, "Brier", statistics.Brier(confidence, right), .233675, 1e-9)
}

func TestFalseDiscoveryIsStepUp(t *testing.T) {
	// The third passes (.03 ≤ .05·3/5), so the second does too, though .025 > .05·2/5.
	got := statistics.FalseDiscovery([]float64{.03, .005, .9, .025, .5}, .05)
	if want := []bool{true, true, false, true, false}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := statistics.FalseDiscovery(nil, .05); len(got) != 0 {
		t.Error(got)
	}
}

func TestBootstrapIsSeeded(t *testing.T) {
	values := []float64{1, 2, 3, 4, 100}
	mean, a := statistics.Mean(values, 500, 7)
	_, b := statistics.Mean(values, 500, 7)
	if mean != 22 || a != b || !(a.Low < mean && mean < a.High) {
		t.Errorf("mean %g in %v and %v", mean, a, b)
	}
	if _, one := statistics.Mean([]float64{5}, 500, 7); one != (statistics.Interval{Low: 5, High: 5}) {
		t.Errorf("of one value: %v", one)
	}
}
