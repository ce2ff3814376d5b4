package gradient

import (
	"context"
	"fmt"

	"picasso/backend/infer"
	"picasso/backend/score"
	"picasso/visualizers"
	"picasso/visualizers/ascent"
)

func init() { visualizers.Register(classModel{}) }

// classModel draws what a network would draw for a class (Simonyan, Vedaldi and
// Zisserman 2013, section 2). It depends on the class alone, not on the picture.
type classModel struct{}

func (classModel) Info() visualizers.Info {
	return visualizers.Info{
		ID: "class-model", Title: "Class model", Group: visualizers.Gradient, Order: 90, Score: score.Logit,
		Flat:  visualizers.DrawsPictures,
		About: "What this network would draw for the class: a picture that is changed again and again so that its score rises. It shows what the network has learnt to look for, whatever picture is open.",
		Link:  "https://arxiv.org/abs/1312.6034",
	}
}

func (classModel) Settings() []visualizers.Setting { return ascent.Settings() }

func (classModel) Require(s visualizers.Subject) error { return visualizers.RequireGradient(s) }

// Preview counts the gradients.
func (classModel) Preview(s visualizers.Subject, v visualizers.Values) visualizers.Preview {
	return ascent.Preview(s, v)
}

func (classModel) Explain(ctx context.Context, in visualizers.Input, emit func(visualizers.Result)) (visualizers.Result, error) {
	d, err := visualizers.AsDifferentiable(in.Subject)
	if err != nil {
		return visualizers.Result{}, fmt.Errorf("class-model: %w", err)
	}
	var goals []ascent.Goal
	for _, t := range in.Targets {
		goals = append(goals, classGoal(in.Subject, d, t))
	}
	r, err := ascent.Draw(ctx, in, goals, emit)
	if err != nil {
		return visualizers.Result{}, fmt.Errorf("class-model: %w", err)
	}
	return r, nil
}

// classGoal is the score of a target.
func classGoal(s visualizers.Subject, d visualizers.Differentiable, t score.Target) ascent.Goal {
	name := s.ClassName(t.Class)
	if t.Against != score.NoClass {
		name += " rather than " + s.ClassName(t.Against)
	}
	return ascent.Goal{
		Name: name,
		Gradient: func(ctx context.Context, batch []infer.Tensor) ([]infer.Tensor, error) {
			gs, err := d.Gradient(ctx, batch, []score.Target{t})
			if err != nil {
				return nil, err
			}
			out := make([]infer.Tensor, len(gs))
			for i, g := range gs {
				out[i] = g[0]
			}
			return out, nil
		},
		Answer: func(ctx context.Context, x infer.Tensor) (string, error) {
			answers, err := s.Predict(ctx, []infer.Tensor{x})
			if err != nil {
				return "", err
			}
			of := score.Target{Class: t.Class, Against: t.Against, Score: score.Probability}
			return visualizers.Stated(of, answers[0], s), nil
		},
	}
}
