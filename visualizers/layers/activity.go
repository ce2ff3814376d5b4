package layers

import (
	"context"
	"fmt"

	"picasso/backend/infer"
	"picasso/backend/perturb"
	"picasso/backend/score"
	"picasso/visualizers"
	"picasso/visualizers/cover"
)

func init() { visualizers.Register(activity{}) }

// activity slides the occlusion window over the image and watches one feature
// map instead of a class: Zeiler and Fergus' second use of occlusion (2014,
// section 4.2), which shows what a feature responds to.
type activity struct{}

var activityChannel = visualizers.Int{
	Field: visualizers.Field{ID: "feature", Title: "Feature map",
		Doc: "The channel of the layer to watch; −1 selects the most active one."},
	Min: -1, Max: 1 << 16, Step: 1, Default: -1,
}

func (activity) Info() visualizers.Info {
	return visualizers.Info{
		ID: "occlusion-activity", Title: "Feature occlusion", Group: visualizers.Layers, Order: 80, Volumes: true,
		About: "Covers one region after another and watches the activity of one feature map in an inner layer. This shows what the feature responds to.",
		Link:  "https://arxiv.org/abs/1311.2901",
	}
}

func (activity) Settings() []visualizers.Setting {
	return []visualizers.Setting{camLayer, activityChannel, cover.OcclusionSize, cover.OcclusionStride, cover.OcclusionFill, cover.OcclusionSeed, cover.OcclusionRefine}
}

func (activity) Require(s visualizers.Subject) error {
	_, _, err := layerOf(s, camLayer, nil)
	return err
}

// Preview counts the windows.
func (activity) Preview(s visualizers.Subject, v visualizers.Values) visualizers.Preview {
	return cover.OcclusionPreview(s, v, string(perturb.PlainEngine))
}

func (activity) Explain(ctx context.Context, in visualizers.Input, emit func(visualizers.Result)) (visualizers.Result, error) {
	r, err := watch(ctx, in, emit)
	if err != nil {
		return visualizers.Result{}, fmt.Errorf("occlusion-activity: %w", err)
	}
	return r, nil
}

// watch runs an ordinary occlusion on a model whose classes are the layer's
// feature maps and whose scores are their mean activity.
func watch(ctx context.Context, in visualizers.Input, emit func(visualizers.Result)) (visualizers.Result, error) {
	if err := in.Check(); err != nil {
		return visualizers.Result{}, err
	}
	l, layer, err := layerOf(in.Subject, camLayer, in.Values)
	if err != nil {
		return visualizers.Result{}, err
	}
	features := units{Subject: in.Subject, layered: l, layer: layer}
	base, err := features.Predict(ctx, []infer.Tensor{in.Tensor})
	if err != nil {
		return visualizers.Result{}, err
	}
	channel := activityChannel.In(in.Values)
	if channel < 0 {
		channel = strongestOf(base[0].Probabilities)
	}
	if channel >= layer.Channels {
		return visualizers.Result{}, fmt.Errorf("feature: layer %s has the channels 0…%d", layer.Name, layer.Channels-1)
	}
	inner := in
	inner.Subject, inner.Base = features, base[0]
	inner.Targets = []score.Target{score.ClassTarget(channel, score.Probability)}
	relabel := func(r visualizers.Result) visualizers.Result { return relabel(features, r, in, channel) }
	r, err := cover.Occlusion{}.Explain(ctx, inner, func(r visualizers.Result) {
		if emit != nil {
			emit(relabel(r))
		}
	})
	return relabel(r), err
}

// strongestOf is the index of the largest value.
func strongestOf(v []float32) int {
	best := 0
	for i, x := range v {
		if x > v[best] {
			best = i
		}
	}
	return best
}

// relabel words a map of the feature, and gives it to every target asked for:
// a feature map has no class. The evidence is about features, so it is dropped.
func relabel(f units, r visualizers.Result, in visualizers.Input, channel int) visualizers.Result {
	r.Patches, r.Note = nil, ""
	if len(r.Maps) == 0 {
		return r
	}
	m := r.Maps[0]
	name := f.ClassName(channel)
	m.Unit, m.Positive = "drop in the mean activity of "+name, "this region excites "+name
	r.Maps = nil
	for _, t := range in.Targets {
		m.Target = t
		r.Maps = append(r.Maps, m)
	}
	r.Note = "Watching " + name + "."
	return r
}
