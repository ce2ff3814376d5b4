package audit

import (
	"context"
	"fmt"

	"picasso/backend/infer"
	"picasso/backend/picture"
	"picasso/backend/score"
)

// Series makes one row of a series of n slices, because the slices of a patient are
// no independent cases. The answer to a series is the mean of the answers to its
// slices; the map is that of the slice which speaks most for the class explained,
// the first where several do. open gives slice i.
func (a Auditor) Series(ctx context.Context, n int, open func(ctx context.Context, i int) (*picture.Image, error)) (Row, []float32, error) {
	if n < 1 {
		return Row{}, nil, fmt.Errorf("the series has no slices")
	}
	all, err := a.slices(ctx, n, open)
	if err != nil {
		return Row{}, nil, err
	}
	var r Row
	a.answer(&r, meanOf(all))
	best := 0
	for i, s := range all {
		if s.Probabilities[r.Explained] > all[best].Probabilities[r.Explained] {
			best = i
		}
	}
	r.Slice = best
	m, err := open(ctx, best)
	if err != nil {
		return Row{}, nil, err
	}
	x, err := a.Subject.Prepare(m)
	if err != nil {
		return Row{}, nil, err
	}
	if a.Features { // of the other slices they are not needed
		if _, r.Features, err = a.predict(ctx, x); err != nil {
			return Row{}, nil, err
		}
	}
	cells, err := a.explain(ctx, &r, m, x, sight{answer: all[best]})
	r.describe(m, none().Low)
	r.RegionMass, r.RegionLift = Number(none().Low), Number(none().Low)
	return r, cells, err
}

// slices are the answers to all slices, in batches that suit the model.
func (a Auditor) slices(ctx context.Context, n int, open func(ctx context.Context, i int) (*picture.Image, error)) ([]score.Scores, error) {
	var all []score.Scores
	var batch []infer.Tensor
	for i := range n {
		m, err := open(ctx, i)
		if err != nil {
			return nil, err
		}
		x, err := a.Subject.Prepare(m)
		if err != nil {
			return nil, err
		}
		if batch = append(batch, x); len(batch) < max(a.Subject.Batch(), 1) && i < n-1 {
			continue
		}
		answers, err := a.Subject.Predict(ctx, batch)
		if err != nil {
			return nil, err
		}
		all, batch = append(all, answers...), batch[:0]
	}
	return all, nil
}

// meanOf is the mean of answers.
func meanOf(all []score.Scores) score.Scores {
	mean := score.Scores{Probabilities: make([]float32, len(all[0].Probabilities))}
	if all[0].Logits != nil {
		mean.Logits = make([]float32, len(all[0].Logits))
	}
	for _, s := range all {
		for k, p := range s.Probabilities {
			mean.Probabilities[k] += p / float32(len(all))
		}
		for k := range mean.Logits {
			mean.Logits[k] += s.Logits[k] / float32(len(all))
		}
	}
	return mean
}
