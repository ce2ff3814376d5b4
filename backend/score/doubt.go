package score

import (
	"context"
	"fmt"

	"picasso/backend/infer"
	"picasso/backend/picture"
	"picasso/backend/preprocess"
)

// Asked is a model that is asked about a picture and about its negative.
type Asked interface {
	Predict(ctx context.Context, batch []infer.Tensor) ([]Scores, error)
	Rank(s Scores) []Class // all classes, best first
}

// Doubts says what looks wrong with the tensor t (C×H×W) that img became, for
// which the model gave the scores s: what the picture lacks, what
// [preprocess.Check] finds and, where the scores are those of classes, that the
// negative of a grey input gets a much surer answer, which takes one more pass
// where the answer is unsure. img is nil for an array.
func Doubts(ctx context.Context, m Asked, img *picture.Image, t infer.Tensor, s Scores, kind OutputKind) []string {
	var out []string
	if m, ok := m.(interface{ Missing(*picture.Image) []string }); ok {
		out = m.Missing(img)
	}
	wrong := preprocess.Check(img, t)
	out = append(out, wrong...)
	if img == nil || len(t.Data) == 0 || !kind.OfClasses() || preprocess.SaysNothing(img, t) {
		return out
	}
	if text := negative(ctx, m, t, s); text != "" {
		out = append(out, text)
	}
	return out
}

// Confidence below which the negative of a grey picture is tried, and from
// which its answer is telling.
const (
	unsure = 0.6
	sure   = 0.9
)

// negative tells when the negative of a grey input gets a much surer answer:
// the classic mistake with digits, light on dark for dark on light.
func negative(ctx context.Context, m Asked, t infer.Tensor, s Scores) string {
	if t.Shape[0] != 1 {
		return ""
	}
	now := m.Rank(s)
	if len(now) < 2 || !(now[0].Probability < unsure) {
		return ""
	}
	inverse := t.Clone()
	lo, hi := preprocess.Limits(t.Data)
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
