package words

import (
	"testing"

	"picasso/backend/score"
)

func TestBarsOfScoresThatAreNoProbabilities(t *testing.T) {
	if got := fullBar([]score.Class{{Probability: 921}, {Probability: 281}}); got != 921 {
		t.Errorf("a full bar is %v", got)
	}
	if got := fullBar([]score.Class{{Probability: 0.2}}); got != 1 {
		t.Errorf("a full bar is %v", got)
	}
}

// Bars show the scale that is chosen: logits from the lowest to the highest,
// with zero inside.
func TestBarsShowTheChosenScale(t *testing.T) {
	ranked := []score.Class{{Index: 0, Probability: 0.9, Logit: 6}, {Index: 1, Probability: 0.1, Logit: -2}}
	s := ScaleOf(ranked, score.Logit)
	if s.At(0) != 0.25 || s.At(6) != 1 || s.At(-2) != 0 {
		t.Errorf("logits lie at %v, %v, %v", s.At(0), s.At(6), s.At(-2))
	}
	if s = ScaleOf(ranked, score.Probability); s.At(0) != 0 || s.At(0.5) != 0.5 {
		t.Errorf("probabilities lie at %v, %v", s.At(0), s.At(0.5))
	}
}
