package layers

import (
	"context"
	"fmt"
	"math"
	"slices"

	"picasso/backend/infer"
	"picasso/visualizers"
	"picasso/visualizers/gradient"
)

func init() { visualizers.Register(scoreCAM{}) }

// scoreCAM weighs every channel of a layer by the score of the image seen
// through that channel (Wang et al. 2020). No gradients are needed.
type scoreCAM struct{}

var scoreChannels = visualizers.Int{
	Field: visualizers.Field{ID: "most", Title: "Channels",
		Doc: "Maximum number of channels to try, starting with those that vary most; 0 tries all. Each channel takes one run of the model."},
	Min: 0, Max: 4096, Step: 1, Default: 0,
}

func (scoreCAM) Info() visualizers.Info {
	return visualizers.Info{
		ID: "score-cam", Title: "Score-CAM", Group: visualizers.Layers, Order: 72, Volumes: true,
		About: "Masks the picture with each channel of the last spatial layer and weights the channels by the resulting score. Needs no gradients.",
		Link:  "https://arxiv.org/abs/1910.01279",
	}
}

func (scoreCAM) Settings() []visualizers.Setting {
	return []visualizers.Setting{camLayer, scoreChannels, camReLU, camUpsample}
}

func (scoreCAM) Require(s visualizers.Subject) error {
	_, _, err := featuresOf(s, nil)
	return err
}

// featuresOf finds the layer that a setting names. Networks that end in a map of
// the classes themselves (Lin et al. 2014: a convolution with a channel for
// each class, and the mean of every channel) have their last features in front
// of it: a class is not found by looking through a thousand others.
func featuresOf(s visualizers.Subject, v visualizers.Values) (visualizers.Layered, visualizers.Layer, error) {
	l, last, err := layerOf(s, camLayer, v)
	if err != nil || camLayer.In(v) != "last" || last.Channels != s.Classes() {
		return l, last, err
	}
	before := visualizers.Layer{}
	for _, layer := range l.Layers() {
		if layer.Name == last.Name {
			break
		}
		if layer.Channels != s.Classes() {
			before = layer
		}
	}
	if before.Name == "" {
		before = last
	}
	return l, before, nil
}

// Preview counts the channels.
func (scoreCAM) Preview(s visualizers.Subject, v visualizers.Values) visualizers.Preview {
	_, layer, err := featuresOf(s, v)
	if err != nil {
		return visualizers.Preview{Warnings: []string{err.Error()}}
	}
	passes := layer.Channels
	if most := scoreChannels.In(v); most > 0 {
		passes = min(passes, most)
	}
	return visualizers.PassPreview(s, passes)
}

func (scoreCAM) Explain(ctx context.Context, in visualizers.Input, emit func(visualizers.Result)) (visualizers.Result, error) {
	r, err := scoreChannelsOf(ctx, in, emit)
	if err != nil {
		return visualizers.Result{}, fmt.Errorf("score-cam: %w", err)
	}
	return r, nil
}

func scoreChannelsOf(ctx context.Context, in visualizers.Input, emit func(visualizers.Result)) (visualizers.Result, error) {
	if err := in.Check(); err != nil {
		return visualizers.Result{}, err
	}
	l, layer, err := featuresOf(in.Subject, in.Values)
	if err != nil {
		return visualizers.Result{}, err
	}
	activations, err := l.Activations(ctx, layer.Name, []infer.Tensor{in.Tensor})
	if err != nil {
		return visualizers.Result{}, err
	}
	c := newChannels(in, layer, activations[0])
	var r visualizers.Result
	batch := max(1, in.Subject.Batch())
	for start := 0; start < len(c.order); start += batch {
		end := min(len(c.order), start+batch)
		if err := c.run(ctx, c.order[start:end]); err != nil {
			return visualizers.Result{}, err
		}
		r = c.result(end)
		if emit != nil && end < len(c.order) {
			r.Stage = "channels"
			emit(r)
		}
		if err := in.Rest(ctx, r.Done); err != nil {
			return visualizers.Result{}, err
		}
	}
	return r, nil
}

// channels weighs the channels of one activation.
type channels struct {
	in     visualizers.Input
	layer  visualizers.Layer
	a      infer.Tensor
	order  []int       // channels to try, those that vary most first
	scores [][]float64 // per target and tried channel
	tried  []int
}

func newChannels(in visualizers.Input, layer visualizers.Layer, a infer.Tensor) *channels {
	c := &channels{in: in, layer: layer, a: a, scores: make([][]float64, len(in.Targets))}
	spread := make([]float64, layer.Channels)
	for k := range spread {
		c.order = append(c.order, k)
		spread[k] = gradient.SpanOf(a.Slice(k))
	}
	slices.SortStableFunc(c.order, func(x, y int) int {
		switch {
		case spread[x] > spread[y]:
			return -1
		case spread[x] < spread[y]:
			return 1
		}
		return 0
	})
	if most := scoreChannels.In(in.Values); most > 0 && most < len(c.order) {
		c.order = c.order[:most]
	}
	return c
}

// run scores the image seen through each of the given channels.
func (c *channels) run(ctx context.Context, part []int) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	var inputs []infer.Tensor
	for _, k := range part {
		inputs = append(inputs, visualizers.Masked(c.in.Tensor, c.window(k)))
	}
	answers, err := c.in.Subject.Predict(ctx, inputs)
	if err != nil {
		return fmt.Errorf("channel %d: %w", part[0], err)
	}
	for _, a := range answers {
		for k, t := range c.in.Targets {
			f, err := t.Value(a)
			if err != nil {
				return err
			}
			c.scores[k] = append(c.scores[k], f)
		}
	}
	c.tried = append(c.tried, part...)
	return nil
}

// window is a channel enlarged to the input and scaled to 0…1; a channel
// without structure hides everything.
func (c *channels) window(k int) []float32 {
	plane := visualizers.EnlargeLayer(c.in.Subject, c.layer, c.a.Slice(k).Data)
	low, high := slices.Min(plane), slices.Max(plane)
	for i, v := range plane {
		plane[i] = 0
		if high > low {
			plane[i] = (v - low) / (high - low)
		}
	}
	return plane
}

// result weighs the channels tried so far by the softmax of their scores.
func (c *channels) result(done int) visualizers.Result {
	r := visualizers.Result{Done: float64(done) / float64(len(c.order)), Passes: done + 1}
	for k, t := range c.in.Targets {
		weights := make([]float64, c.layer.Channels)
		for i, w := range softmax(c.scores[k]) {
			weights[c.tried[i]] = w
		}
		plane := weighted(c.a, func(ch int) float64 { return weights[ch] })
		r.Maps = append(r.Maps, camMap(c.in, t, c.layer, plane, "Score-CAM"))
	}
	r.Note = camNote(c.layer)
	return r
}

func softmax(v []float64) []float64 {
	top := slices.Max(v)
	out := make([]float64, len(v))
	var sum float64
	for i, x := range v {
		out[i] = math.Exp(x - top)
		sum += out[i]
	}
	for i := range out {
		out[i] /= sum
	}
	return out
}
