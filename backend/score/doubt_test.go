package score

import (
	"cmp"
	"context"
	"picasso/backend/infer"
	"slices"
	"strings"
	"testing"

	"picasso/backend/picture"
)

// brightness scores two classes by the mean of the input.
type brightness struct{}

func (brightness) Predict(_ context.Context, batch []infer.Tensor) ([]Scores, error) {
	var sum float32
	for _, v := range batch[0].Data {
		sum += v
	}
	white := sum / float32(len(batch[0].Data))
	return []Scores{{Probabilities: []float32{white, 1 - white}}}, nil
}

func (brightness) Rank(s Scores) []Class {
	var out []Class
	for i, p := range s.Probabilities {
		out = append(out, Class{Index: i, Name: []string{"white", "black"}[i], Probability: p})
	}
	slices.SortStableFunc(out, func(a, b Class) int { return cmp.Compare(b.Probability, a.Probability) })
	return out
}

func tensor(channels int, values ...float32) infer.Tensor {
	t := infer.NewTensor(channels, 1, len(values)/channels)
	copy(t.Data, values)
	return t
}

// picky knows light shapes on dark only.
type picky struct{ brightness }

func (m picky) Predict(_ context.Context, batch []infer.Tensor) ([]Scores, error) {
	p := []float32{0.5, 0.5}
	if batch[0].Data[0] == 0 { // a dark corner
		p = []float32{0.97, 0.03}
	}
	return []Scores{{Probabilities: p}}, nil
}

func TestNegativeIsSuspected(t *testing.T) {
	h := picky{}
	dark := tensor(1, 0, 0.3, 0.6, 1)
	light := tensor(1, 1, 0.3, 0.6, 0)
	for _, c := range []struct {
		input infer.Tensor
		want  bool
	}{{dark, false}, {light, true}} {
		scores, _ := h.Predict(t.Context(), []infer.Tensor{c.input})
		if got := negative(t.Context(), h, c.input, scores[0]); strings.Contains(got, "negative") != c.want {
			t.Errorf("%v: %q", c.input.Data, got)
		}
	}
}

// What needs no answer is said without one, and values are no classes.
func TestDoubtsOfValues(t *testing.T) {
	ramp := picture.NewFloat("ramp", 4, 1, 1, []float32{1, 0.3, 0.6, 0})
	light := tensor(1, 1, 0.3, 0.6, 0)
	s := Scores{Probabilities: []float32{0.5, 0.5}}
	for kind, want := range map[OutputKind]int{Classes: 1, Regression: 0, Embedding: 0} {
		if got := Doubts(t.Context(), picky{}, ramp, light, s, kind); len(got) != want {
			t.Errorf("%s: says %q", kind, got)
		}
	}
	flat := tensor(1, 3, 3, 3, 3)
	if got := Doubts(t.Context(), picky{}, nil, flat, s, Classes); len(got) != 0 {
		t.Errorf("of an array it says %q", got)
	}
	if got := Doubts(t.Context(), picky{}, ramp, flat, s, Classes); len(got) != 1 || !strings.Contains(got[0], "nothing is left of the picture") {
		t.Errorf("says %q", got)
	}
}
