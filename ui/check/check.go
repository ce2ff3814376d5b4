// Package check says in words what looks wrong with the input that a picture
// became. Window and command line ask it alike.
package check

import (
	"context"
	"fmt"
	"math"
	"picasso/backend/infer"
	"picasso/backend/score"

	"picasso/backend/picture"
)

// ChannelStats are what one channel of a model's input holds.
type ChannelStats struct{ Min, Mean, Max float64 }

// Statistics measures every channel of a C×H×W tensor.
func Statistics(t infer.Tensor) []ChannelStats {
	if len(t.Shape) != 3 || t.Check() != nil {
		return nil
	}
	n := t.Shape[1] * t.Shape[2]
	out := make([]ChannelStats, t.Shape[0])
	for c := range out {
		s := ChannelStats{Min: math.Inf(1), Max: math.Inf(-1)}
		for _, v := range t.Data[c*n : (c+1)*n] {
			x := float64(v)
			s.Min, s.Max, s.Mean = min(s.Min, x), max(s.Max, x), s.Mean+x/float64(n)
		}
		out[c] = s
	}
	return out
}

// Model is what is asked about a picture and about its negative.
type Model interface {
	Predict(ctx context.Context, batch []infer.Tensor) ([]score.Scores, error)
	Rank(s score.Scores) []score.Class // all classes, best first
}

// Input says what looks wrong with the tensor t (C×H×W) that img became, for
// which the model gave the scores s: whether the numbers suit the model cannot
// be known, but an input without content, one cut off at its limits, or a
// negative can. classes tells that the scores are those of classes; only then
// the negative of a grey input is tried, by one more pass where the answer is
// unsure. img is nil for an array, which is used as it is.
func Input(ctx context.Context, m Model, img *picture.Image, t infer.Tensor, s score.Scores, classes bool) []string {
	var out []string
	if m, ok := m.(interface{ Missing(*picture.Image) []string }); ok {
		out = m.Missing(img)
	}
	if img == nil || len(t.Data) == 0 {
		return out
	}
	flat := pictureAtLimits(img)
	switch {
	case flat == 1: // a picture of one or two values says nothing about its preparation
		return out
	case constant(t):
		return append(out, fmt.Sprintf("All values of the model's input are %.4g: nothing is left of the picture. Check scale, window and standard deviation.", t.Data[0]))
	}
	if share := atLimits(t) - flat; share > 0.3 {
		out = append(out, fmt.Sprintf("%.0f %% more of the model's input than of the picture is at the lowest or highest value, so contrast is lost. Check window, range and clip.", 100*share))
	}
	if !classes {
		return out
	}
	if text := negative(ctx, m, t, s); text != "" {
		out = append(out, text)
	}
	return out
}

func constant(t infer.Tensor) bool {
	for _, v := range t.Data {
		if v != t.Data[0] {
			return false
		}
	}
	return len(t.Data) > 0
}

// atLimits is the share of values that are the lowest or the highest.
func atLimits(t infer.Tensor) float64 {
	lo, hi := limits(t.Data)
	n := 0
	for _, v := range t.Data {
		if v == lo || v == hi {
			n++
		}
	}
	return float64(n) / float64(max(len(t.Data), 1))
}

func limits(data []float32) (lo, hi float32) {
	lo, hi = data[0], data[0]
	for _, v := range data {
		lo, hi = min(lo, v), max(hi, v)
	}
	return lo, hi
}

// sampled bounds the pixels of a picture that are measured along each side.
const sampled = 256

// pictureAtLimits is atLimits of the picture itself, from a sample.
func pictureAtLimits(m *picture.Image) float64 {
	t := infer.Tensor{}
	for y := 0; y < m.Height; y += max(1, m.Height/sampled) {
		for x := 0; x < m.Width; x += max(1, m.Width/sampled) {
			for c := range m.Channels {
				t.Data = append(t.Data, m.At(x, y, c))
			}
		}
	}
	if len(t.Data) == 0 {
		return 0
	}
	return atLimits(t)
}

// Confidence below which the negative of a grey picture is tried, and from
// which its answer is telling.
const (
	unsure = 0.6
	sure   = 0.9
)

// negative tells when the negative of a grey input gets a much surer answer:
// the classic mistake with digits, light on dark for dark on light.
func negative(ctx context.Context, m Model, t infer.Tensor, s score.Scores) string {
	if t.Shape[0] != 1 {
		return ""
	}
	now := m.Rank(s)
	if len(now) < 2 || !(now[0].Probability < unsure) {
		return ""
	}
	inverse := t.Clone()
	lo, hi := limits(t.Data)
	for i, v := range inverse.Data {
		inverse.Data[i] = lo + hi - v
	}
	scores, err := m.Predict(ctx, []infer.Tensor{inverse})
	if err != nil || len(scores) != 1 {
		return ""
	}
	other := m.Rank(scores[0])[0]
	if !(other.Probability >= sure) {
		return ""
	}
	return fmt.Sprintf("The picture is %s with %.2f, its negative is %s with %.2f. The model may expect light on dark, but the picture is dark on light.",
		now[0].Name, now[0].Probability, other.Name, other.Probability)
}
