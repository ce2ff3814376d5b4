package check

import (
	"cmp"
	"context"
	"picasso/backend/infer"
	"picasso/backend/score"
	"slices"
	"strings"
	"testing"

	"picasso/backend/picture"
)

// brightness scores two classes by the mean of the input.
type brightness struct{}

func (brightness) Predict(_ context.Context, batch []infer.Tensor) ([]score.Scores, error) {
	var sum float32
	for _, v := range batch[0].Data {
		sum += v
	}
	white := sum / float32(len(batch[0].Data))
	return []score.Scores{{Probabilities: []float32{white, 1 - white}}}, nil
}

func (brightness) Rank(s score.Scores) []score.Class {
	var out []score.Class
	for i, p := range s.Probabilities {
		out = append(out, score.Class{Index: i, Name: []string{"white", "black"}[i], Probability: p})
	}
	slices.SortStableFunc(out, func(a, b score.Class) int { return cmp.Compare(b.Probability, a.Probability) })
	return out
}

func tensor(channels int, values ...float32) infer.Tensor {
	t := infer.NewTensor(channels, 1, len(values)/channels)
	copy(t.Data, values)
	return t
}

func TestDoubtsAboutTheInput(t *testing.T) {
	ramp := picture.NewFloat("ramp", 8, 1, 1, []float32{0, 1, 2, 3, 4, 5, 6, 7})
	h := brightness{}
	for _, c := range []struct {
		name  string
		input infer.Tensor
		want  string
	}{
		{"as it is", tensor(1, 0, .1, .2, .3, .4, .5, .6, .7), ""},
		{"constant", tensor(1, 3, 3, 3, 3, 3, 3, 3, 3), "are 3"},
		{"cut off", tensor(1, 0, 0, 0, 0, .5, 1, 1, 1), "contrast"},
	} {
		base, err := h.Predict(t.Context(), []infer.Tensor{c.input})
		if err != nil {
			t.Fatal(err)
		}
		got := strings.Join(Input(t.Context(), h, ramp, c.input, base[0], true), " ")
		if (c.want == "") != (got == "") || !strings.Contains(got, c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// picky knows light shapes on dark only.
type picky struct{ brightness }

func (m picky) Predict(_ context.Context, batch []infer.Tensor) ([]score.Scores, error) {
	p := []float32{0.5, 0.5}
	if batch[0].Data[0] == 0 { // a dark corner
		p = []float32{0.97, 0.03}
	}
	return []score.Scores{{Probabilities: p}}, nil
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

func TestStatistics(t *testing.T) {
	got := Statistics(tensor(2, 1, 2, 6, -1, 0, 1))
	if len(got) != 2 || got[0] != (ChannelStats{1, 3, 6}) || got[1] != (ChannelStats{-1, 0, 1}) {
		t.Errorf("%+v", got)
	}
	if Statistics(infer.Tensor{Shape: []int{4}}) != nil {
		t.Error("a tensor without channels has statistics")
	}
}

// An array is used as it is; what it lacks can still be said.
func TestArraysAreTakenAsTheyAre(t *testing.T) {
	flat := tensor(1, 3, 3, 3, 3)
	if got := Input(t.Context(), brightness{}, nil, flat, score.Scores{Probabilities: []float32{3, -2}}, true); len(got) != 0 {
		t.Errorf("says %q", got)
	}
}
