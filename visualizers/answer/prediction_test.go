package answer

import (
	"math"
	"strings"
	"testing"

	"picasso/backend/fake"
	"picasso/backend/score"
	"picasso/visualizers"
)

func TestVerdict(t *testing.T) {
	name := func(i int) string { return string(rune('a' + i)) }
	for _, c := range []struct {
		p    []float32
		want []string
	}{
		{[]float32{0.02, 0.97, 0.01}, []string{"Very sure: b with 97.0 %, then a with 2.0 %", "of 1.58 bits"}},
		{[]float32{0.5, 0.5}, []string{"Undecided: a with 50.0 %, then b with 50.0 %", "Entropy 1.00 of 1.00 bits"}},
		{[]float32{0.6, 0.4}, []string{"Leaning: a"}},
		{[]float32{0.8, 0.2}, []string{"Sure: a"}},
		{[]float32{1, 0}, []string{"a with 100.0 %, then b with 0.0 %", "Entropy 0.00"}},
		{[]float32{0.99999, 0.00001}, []string{"over 99.9 %", "under 0.1 %"}},
		{[]float32{0.9, 0.8, 0.1}, []string{"Independent scores: 2 of 3 classes above 50 %, the highest is a with 90.0 %"}},
		{[]float32{0.3}, []string{"a: 30.0 %"}},
	} {
		got := verdict(c.p, name)
		for _, want := range c.want {
			if !strings.Contains(got, want) {
				t.Errorf("%v: %q does not say %q", c.p, got, want)
			}
		}
	}
}

func TestOddScores(t *testing.T) {
	nan := float32(math.NaN())
	for want, p := range map[string][]float32{
		"":                  {0.25, 0.75},
		"not numbers":       {0.5, nan},
		"not probabilities": {-3, 7},
	} {
		if got := oddScores(p); !strings.Contains(got, want) || (want == "") != (got == "") {
			t.Errorf("%v: %q, want %q", p, got, want)
		}
	}
}

// unsettled is a model whose scores may be anything.
type unsettled struct{ *fake.Subject }

func (unsettled) Percent() bool                       { return false }
func (unsettled) Measure(c int, _ score.Score) string { return []string{"score(cat)", "score(dog)"}[c] }

// What is in doubt is told as a number, neither as a percentage nor as sure.
func TestScoresInDoubtAreNoPercentages(t *testing.T) {
	r, err := prediction{}.Explain(t.Context(), visualizers.Input{Subject: unsettled{}, Base: score.Scores{Probabilities: []float32{0.25, 0.75}}}, nil)
	if err != nil || r.Note != "score(dog) is 0.75, then score(cat) with 0.25." {
		t.Errorf("says %q, %v", r.Note, err)
	}
}
