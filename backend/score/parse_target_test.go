package score

import (
	"fmt"
	"testing"
)

func TestParseTarget(t *testing.T) {
	m := names{"cat", "dog", "semi-trailer", "tench, Tinca tinca", "12", "hound, dog"}
	base := Scores{Probabilities: []float32{0.1, 0.5, 0.2, 0.15, 0.04, 0.01}}
	for _, tt := range []struct {
		text string
		want []Target
	}{
		{"top", []Target{ClassTarget(1, Logit)}},
		{"TOP:2", []Target{ClassTarget(1, Logit), ClassTarget(2, Logit)}},
		{"top:99", []Target{ClassTarget(1, Logit), ClassTarget(2, Logit), ClassTarget(3, Logit), ClassTarget(0, Logit), ClassTarget(4, Logit), ClassTarget(5, Logit)}},
		{"3", []Target{ClassTarget(3, Logit)}},
		{" Dog ", []Target{ClassTarget(1, Logit)}},
		{"tench", []Target{ClassTarget(3, Logit)}},
		{"tinca tinca", []Target{ClassTarget(3, Logit)}},
		{"hound-tinca tinca", []Target{{5, 3, Logit}}},
		{"semi-trailer", []Target{ClassTarget(2, Logit)}},
		{"cat-dog", []Target{{0, 1, Logit}}},
		{"semi-trailer - cat", []Target{{2, 0, Logit}}},
		{"0-1", []Target{{0, 1, Logit}}},
		{"12", nil}, {"cat-cow", nil}, {"cow", nil}, {"top:0", nil}, {"top:x", nil}, {"-1", nil}, {"", nil},
	} {
		got, err := ParseTarget(tt.text, m, base, Logit)
		if tt.want == nil {
			if err == nil {
				t.Errorf("%q was read as %v", tt.text, got)
			}
			continue
		}
		if err != nil || fmt.Sprint(got) != fmt.Sprint(tt.want) {
			t.Errorf("%q: got %v, %v, want %v", tt.text, got, err, tt.want)
		}
	}
	if _, err := ParseTarget("top", m, Scores{}, Logit); err == nil {
		t.Error("there is a best class without a prediction")
	}
}

type names []string

func (n names) Classes() int { return len(n) }

func (n names) ClassName(i int) string { return n[i] }
