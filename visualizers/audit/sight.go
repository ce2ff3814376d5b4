package audit

import (
	"context"

	"picasso/backend/infer"
	"picasso/backend/score"
	"picasso/visualizers"
)

// Keeping is a Subject that keeps a run for gradients with respect to a layer.
type Keeping interface {
	// KeptRun answers for one picture and gives its features where they are asked for; from
	// is the score that is explained. Errors say why that takes more than one run.
	KeptRun(ctx context.Context, layer string, from score.Score, x infer.Tensor, features bool) (*visualizers.Kept, error)
}

// sight is what a model says of a picture.
type sight struct {
	answer   score.Scores
	features []float32         // nil where rows have none
	kept     *visualizers.Kept // the run, where the method goes back from it; else nil
}

func (s sight) close() {
	if s.kept != nil {
		s.kept.Close()
	}
}

// see asks the model about a picture, and keeps the run where the map follows from it:
// a class activation map then takes one run, not two.
func (a Auditor) see(ctx context.Context, x infer.Tensor) (sight, error) {
	if layer := a.layer(); layer != "" {
		kept, err := a.Subject.(Keeping).KeptRun(ctx, layer, a.Score, x, a.Features)
		if err == nil {
			return sight{kept.Answer, kept.Features, kept}, nil
		}
		if ctx.Err() != nil {
			return sight{}, ctx.Err()
		}
	}
	answer, features, err := a.predict(ctx, x)
	return sight{answer: answer, features: features}, err
}

// layer is the one that the method goes back to from a run that can be kept, "" where
// there is none.
func (a Auditor) layer() string {
	based, ok := a.Method.(visualizers.LayerBased)
	if _, keeps := a.Subject.(Keeping); !ok || !keeps {
		return ""
	}
	return based.LayerOf(a.Subject, a.Values)
}

// predict is the answer to one picture, with its features where rows have them.
func (a Auditor) predict(ctx context.Context, x infer.Tensor) (score.Scores, []float32, error) {
	if f, ok := a.Subject.(Featured); ok && a.Features {
		return f.Featured(ctx, x)
	}
	answers, err := a.Subject.Predict(ctx, []infer.Tensor{x})
	if err != nil {
		return score.Scores{}, nil, err
	}
	return answers[0], nil, nil
}
