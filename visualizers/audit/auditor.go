package audit

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"picasso/backend/infer"
	"picasso/backend/mask"
	"picasso/backend/picture"
	"picasso/backend/preprocess"
	"picasso/backend/score"
	"picasso/visualizers"
	"picasso/visualizers/audit/statistics"
)

// Subject is a model that pictures are audited with.
type Subject interface {
	visualizers.Subject
	// Place is where the model's input lies in a picture.
	Place(m *picture.Image) preprocess.Placement
}

// Auditor makes rows: an answer and one small map of every picture.
type Auditor struct {
	Subject Subject
	Method  visualizers.Visualizer
	Values  visualizers.Values
	// Class is what is explained of every picture, [Predicted] for the class with
	// the highest score.
	Class int
	// Score is what the map explains. Logits do not saturate: where the model is
	// sure of itself, probabilities hardly move.
	Score score.Score
	// Features adds the penultimate activations to every row; the subject must be
	// [Featured].
	Features bool
}

// Predicted is the class that the model says.
const Predicted = -1

// PredictedName stands for [Predicted] where classes are named.
const PredictedName = "predicted"

// Choose is the method and the settings that an audit uses unless others are asked
// for, and why: Grad-CAM where the model has gradients, else occlusion with 49
// windows.
func Choose(s visualizers.Subject, find func(id string) (visualizers.Visualizer, bool)) (v visualizers.Visualizer, settings []string, why string, err error) {
	if v, ok := find("grad-cam"); ok && visualizers.RequireLayerGradient(s) == nil {
		return v, nil, "Grad-CAM is used: one pass forwards and one backwards for each picture.", nil
	}
	v, ok := find("occlusion")
	if !ok {
		return nil, nil, "", errors.New("there is no method for maps")
	}
	return v, []string{"size=25%", "stride=14.29%"}, "Occlusion with 49 windows is used, because the model gives no gradients.", nil
}

// Row explains one picture. bytes is the size of its file, NaN where it is not
// known; region, which may be nil, is where the object is. The map has Side×Side cells
// of the picture, nil where it says nothing.
func (a Auditor) Row(ctx context.Context, m *picture.Image, region *mask.Mask, bytes float64) (Row, []float32, error) {
	x, err := a.Subject.Prepare(m)
	if err != nil {
		return Row{}, nil, err
	}
	seen, err := a.see(ctx, x)
	if err != nil {
		return Row{}, nil, err
	}
	defer seen.close()
	r := Row{SHA256: m.SHA256, Features: seen.features}
	a.answer(&r, seen.answer)
	cells, err := a.explain(ctx, &r, m, x, seen)
	if err != nil {
		return Row{}, nil, err
	}
	r.describe(m, bytes)
	return r, cells, r.inside(cells, region)
}

// explain makes the map of a row's class, which the row learns the place of.
func (a Auditor) explain(ctx context.Context, r *Row, m *picture.Image, x infer.Tensor, seen sight) ([]float32, error) {
	in := visualizers.Input{Subject: a.Subject, Image: m, Tensor: x, Base: seen.answer, Kept: seen.kept, Targets: []score.Target{score.ClassTarget(r.Explained, a.Score)}, Values: a.Values}
	result, err := a.Method.Explain(ctx, in, func(visualizers.Result) {})
	if err != nil {
		return nil, err
	}
	if len(result.Maps) != 1 || result.Maps[0].Channels > 1 {
		return nil, fmt.Errorf("%s gives %d maps of a picture; choose a method that gives one", a.Method.Info().Title, len(result.Maps))
	}
	got := result.Maps[0]
	if slices.ContainsFunc(got.Values, func(v float32) bool { return v != v }) {
		return nil, errors.New("the map holds values that are not numbers (NaN)")
	}
	cells := a.cells(got, m)
	r.locate(PlaceOf(cells, Side, Side))
	if r.Strength.Rounded() == 0 {
		cells = nil
	}
	return cells, nil
}

// cells brings a map to the cells of the picture.
func (a Auditor) cells(got visualizers.Map, m *picture.Image) []float32 {
	_, height, width := a.Subject.Shape()
	at := a.Subject.Place(m)
	if got.WholePicture {
		at, height, width = preprocess.Placement{ScaleX: 1, ScaleY: 1}, m.Height, m.Width
	}
	return Reduce(got.Values, got.Height, got.Width, at, height, width, m.Height, m.Width)
}

// answer takes in what the model says of the picture.
func (a Auditor) answer(r *Row, s score.Scores) {
	order := s.Order()
	r.Predicted = order[0]
	r.RunnerUp = order[min(1, len(order)-1)]
	r.Name = a.Subject.ClassName(r.Predicted)
	p := func(class int) float64 { return float64(s.Probabilities[class]) }
	r.Probability, r.Logit = Number(p(r.Predicted)), Number(math.NaN())
	r.Margin = Number(p(r.Predicted) - p(r.RunnerUp))
	if len(order) == 1 {
		r.Margin = r.Probability
	}
	if a.Subject.HasLogits() {
		r.Logit = Number(s.Logits[r.Predicted])
	}
	shares := make([]float64, len(s.Probabilities))
	for i := range shares {
		shares[i] = p(i)
	}
	if len(order) <= MostProbabilities {
		r.Probabilities = NumbersOf(shares...)
	}
	r.Entropy = Number(statistics.Entropy(shares))
	r.Explained = a.Class
	if a.Class == Predicted {
		r.Explained = r.Predicted
	}
}
