package scanpane

import (
	"picasso/backend/score"
	"testing"

	"picasso/ui/control"
)

func TestCurveScales(t *testing.T) {
	answers := []control.Answered{{Scores: score.Scores{Probabilities: []float32{0.2, 0.8}, Logits: []float32{-1, 3}}}, {}}
	values, lo, hi := curveOf(answers, score.ClassTarget(1, score.Probability))
	if values[0] < 0.79 || values[1] == values[1] || lo != 0 || hi != 1 {
		t.Errorf("%v on %v…%v", values, lo, hi)
	}
	if values, lo, hi = curveOf(answers, score.ClassTarget(1, score.Logit)); values[0] != 3 || lo != 2 || hi != 4 {
		t.Errorf("%v on %v…%v", values, lo, hi)
	}
}
