package layers

import (
	"context"
	"fmt"

	"picasso/backend/infer"
	"picasso/backend/score"
	"picasso/visualizers"
	"picasso/visualizers/gradient"
)

func init() { visualizers.Register(guidedGradCAM{}) }

// guidedGradCAM multiplies guided backpropagation by the enlarged Grad-CAM
// (Selvaraju et al. 2017, section 3.2).
type guidedGradCAM struct{}

func (guidedGradCAM) Info() visualizers.Info {
	return visualizers.Info{
		ID: "guided-grad-cam", Title: "Guided Grad-CAM", Group: visualizers.Layers, Order: 68, Volumes: true, Score: score.Logit,
		About: "Guided backprop where Grad-CAM is positive. It shares the weakness of guided backprop, so do not rely on it alone.",
		Link:  "https://arxiv.org/abs/1610.02391", Caution: gradient.Distrust,
	}
}

func (guidedGradCAM) Settings() []visualizers.Setting {
	return []visualizers.Setting{camLayer, gradient.RectifiedReduce, gradient.ChannelsSetting}
}

func (guidedGradCAM) Require(s visualizers.Subject) error {
	if err := visualizers.RequireLayerGradient(s); err != nil {
		return err
	}
	return gradient.RequireRectified(s)
}

func (v guidedGradCAM) Explain(ctx context.Context, in visualizers.Input, _ func(visualizers.Result)) (visualizers.Result, error) {
	const id = "guided-grad-cam"
	if err := v.Require(in.Subject); err != nil {
		return visualizers.Result{}, fmt.Errorf("%s: %w", id, err)
	}
	planes, layer, err := gradCAM.planes(ctx, in)
	if err != nil {
		return visualizers.Result{}, fmt.Errorf("%s: %w", id, err)
	}
	r, err := gradient.Once(ctx, in, id, gradient.RectifiedReduce, gradient.Excitation, func(visualizers.Differentiable) ([]infer.Tensor, error) {
		guided, err := gradient.RectifiedGradients(ctx, in, score.GuidedRectifier)
		if err != nil {
			return nil, err
		}
		out := make([]infer.Tensor, len(guided))
		for k, g := range guided {
			out[k] = masked(in.Subject, g, planes[k], layer)
		}
		return out, nil
	})
	if err != nil {
		return visualizers.Result{}, err
	}
	r.Warnings = append(r.Warnings, gradient.Distrust)
	r.Note = camNote(layer)
	for k := range r.Maps {
		if none := withoutEvidence(planes[k]); none != "" {
			r.Maps[k].Finding = visualizers.Stated(r.Maps[k].Target, in.Base, in.Subject) + " " + none
		}
	}
	return r, nil
}

// masked multiplies every channel by the positive part of a layer's plane.
func masked(s visualizers.Subject, g infer.Tensor, plane []float64, layer visualizers.Layer) infer.Tensor {
	positive := make([]float32, len(plane))
	for i, v := range plane {
		positive[i] = float32(max(0, v))
	}
	return visualizers.Masked(g, visualizers.EnlargeLayer(s, layer, positive))
}
