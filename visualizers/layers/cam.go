package layers

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"picasso/backend/infer"
	"picasso/backend/score"
	"picasso/visualizers"
)

// cam is the family of class activation maps: an inner activation A (C×h×w)
// and the gradient g of the score with respect to it become one h×w plane.
type cam struct {
	info  visualizers.Info
	plane func(activation, gradient infer.Tensor) []float64
}

// Settings of the family.
var (
	camLayer = visualizers.Choice{
		Field: visualizers.Field{ID: "layer", Title: "Layer",
			Doc: "The activation to use: a tensor of the graph with spatial axes. last: the last one before the scores. Earlier layers are finer and less specific to the class."},
		Options: []string{"last"}, From: visualizers.LayerNames,
	}
	camReLU = visualizers.Toggle{
		Field: visualizers.Field{ID: "relu", Title: "Positive only",
			Doc: "Shows only what speaks for the class. If off, the map is signed and also shows what speaks against the class."},
		Default: true,
	}
	camUpsample = visualizers.Choice{
		Field: visualizers.Field{ID: "upsample", Title: "Resolution",
			Doc: "bilinear: enlarges the map to the size of the model's input. none: shows the cells of the layer, which is the true resolution of the map."},
		Options: []string{"bilinear", "none"},
	}
)

// layerOf finds the layer that a setting names.
func layerOf(s visualizers.Subject, setting visualizers.Choice, v visualizers.Values) (visualizers.Layered, visualizers.Layer, error) {
	return findLayer(s, setting.In(v))
}

// findLayer finds a layer by name; "last" is the last one before the scores.
func findLayer(s visualizers.Subject, name string) (visualizers.Layered, visualizers.Layer, error) {
	l, ok := s.(visualizers.Layered)
	if !ok || l.LastLayer() == "" {
		return nil, visualizers.Layer{}, visualizers.ErrNoLayers
	}
	if name == "last" {
		name = l.LastLayer()
	}
	for _, layer := range l.Layers() {
		if layer.Name == name {
			return l, layer, nil
		}
	}
	return nil, visualizers.Layer{}, fmt.Errorf("this model has no layer %q with spatial axes; the setting layer lists those it has", name)
}

func (c cam) Info() visualizers.Info { return c.info }

func (cam) Settings() []visualizers.Setting {
	return []visualizers.Setting{camLayer, camReLU, camUpsample}
}

func (cam) Require(s visualizers.Subject) error { return visualizers.RequireLayerGradient(s) }

func (c cam) Explain(ctx context.Context, in visualizers.Input, _ func(visualizers.Result)) (visualizers.Result, error) {
	planes, layer, err := c.planes(ctx, in)
	if err != nil {
		return visualizers.Result{}, fmt.Errorf("%s: %w", c.info.ID, err)
	}
	r := visualizers.Result{Done: 1, Passes: 1}
	for k, p := range planes {
		r.Maps = append(r.Maps, camMap(in, in.Targets[k], layer, p, c.info.Title))
	}
	r.Note, r.Warnings = camNote(layer), visualizers.GradientNotes(in.Subject)
	return r, nil
}

// planes are the h×w maps of every target, with their sign.
func (c cam) planes(ctx context.Context, in visualizers.Input) ([][]float64, visualizers.Layer, error) {
	if err := in.Check(); err != nil {
		return nil, visualizers.Layer{}, err
	}
	if err := ctx.Err(); err != nil {
		return nil, visualizers.Layer{}, err
	}
	d, ok := in.Subject.(visualizers.LayerDifferentiable)
	if !ok {
		return nil, visualizers.Layer{}, fmt.Errorf("%w; %s", visualizers.ErrNoGradient, visualizers.WithoutGradients)
	}
	_, layer, err := layerOf(in.Subject, camLayer, in.Values)
	if err != nil {
		return nil, visualizers.Layer{}, err
	}
	if err := d.CheckLayerGradient(layer.Name); err != nil {
		return nil, visualizers.Layer{}, fmt.Errorf("%w: %w; %s", visualizers.ErrNoGradient, err, visualizers.WithoutGradients)
	}
	activation, gradients, err := backFrom(ctx, d, layer.Name, in)
	if err != nil {
		return nil, visualizers.Layer{}, err
	}
	planes := make([][]float64, len(gradients))
	for k, g := range gradients {
		planes[k] = c.plane(activation, g)
	}
	return planes, layer, nil
}

// backFrom goes back from the run that gave the answer, or from one of its own.
func backFrom(ctx context.Context, d visualizers.LayerDifferentiable, layer string, in visualizers.Input) (activation infer.Tensor, gradients []infer.Tensor, err error) {
	if in.Kept != nil && in.Kept.Layer == layer {
		return in.Kept.LayerGradient(ctx, in.Targets)
	}
	return d.LayerGradient(ctx, layer, in.Tensor, in.Targets)
}

// LayerOf implements [visualizers.LayerBased].
func (cam) LayerOf(s visualizers.Subject, v visualizers.Values) string {
	_, layer, err := layerOf(s, camLayer, v)
	if err != nil {
		return ""
	}
	return layer.Name
}

// camMap draws a plane of the layer as the settings ask.
func camMap(in visualizers.Input, t score.Target, layer visualizers.Layer, plane []float64, title string) visualizers.Map {
	symbol := t.Symbol(in.Subject)
	m := visualizers.Map{
		Target: t, Channels: 1, Depth: layer.Depth, Height: layer.Height, Width: layer.Width,
		Values: make([]float32, len(plane)), Signed: true, Cells: true,
		Unit: title + " of " + symbol, Positive: "what the layer sees here speaks for " + symbol,
	}
	for i, v := range plane {
		m.Values[i] = float32(v)
	}
	if camReLU.In(in.Values) {
		m.Signed = false
		for i, v := range m.Values {
			m.Values[i] = max(0, v)
		}
	}
	if camUpsample.In(in.Values) != "none" {
		_, height, width := in.Subject.Shape()
		m.Values = visualizers.EnlargeLayer(in.Subject, layer, m.Values)
		m.Depth = visualizers.DepthOf(in.Subject)
		m.Height, m.Width, m.Cells = height, width, false
	}
	m.Finding = camFinding(in, m, plane)
	return m
}

// camNote names the layer.
func camNote(layer visualizers.Layer) string {
	channels := fmt.Sprintf("%d channels", layer.Channels)
	if layer.Channels == 1 {
		channels = "one channel"
	}
	text := fmt.Sprintf("Layer %s: %s of %d×%d cells.", layer.Name, channels, layer.Height, layer.Width)
	if layer.Depth > 0 {
		text = fmt.Sprintf("Layer %s: %s of %d×%d×%d cells.", layer.Name, channels, layer.Depth, layer.Height/layer.Depth, layer.Width)
	}
	if layer.Form != "" {
		text = strings.TrimSuffix(text, ".") + " (" + layer.Form + ")."
	}
	return text
}

// camFinding says where what the layer sees speaks most for the target of a map,
// and when nothing does. plane is the layer's own, with its sign.
func camFinding(in visualizers.Input, m visualizers.Map, plane []float64) string {
	is := visualizers.Stated(m.Target, in.Base, in.Subject)
	if none := withoutEvidence(plane); none != "" {
		return is + " " + none
	}
	best := visualizers.Highest(m.Values)
	if best < 0 {
		return is
	}
	place := "around " + m.Spot(best)
	if m.Cells && m.Depth == 0 {
		place = fmt.Sprintf("in row %d, column %d of its cells", best/m.Width+1, best%m.Width+1)
	}
	above := 0
	for _, v := range m.Values {
		if v >= m.Values[best]/2 {
			above++
		}
	}
	return fmt.Sprintf("%s What the layer sees speaks for it most %s, and at least half as much in %s of the input.",
		is, place, visualizers.Percent(float64(above)/float64(len(m.Values))))
}

// withoutEvidence says when nothing in the layer speaks for a target; else "".
func withoutEvidence(plane []float64) string {
	if slices.ContainsFunc(plane, func(v float64) bool { return v > 0 }) {
		return ""
	}
	return "No positive evidence: nothing in the layer speaks for it."
}

// weighted is Σ_c weight(c)·A_c.
func weighted(a infer.Tensor, weight func(c int) float64) []float64 {
	n := a.Shape[1] * a.Shape[2]
	out := make([]float64, n)
	for c := range a.Shape[0] {
		w := weight(c)
		for i, v := range a.Data[c*n : (c+1)*n] {
			out[i] += w * float64(v)
		}
	}
	return out
}

// local is Σ_c w(g)·A at every cell.
func local(a, g infer.Tensor, weight func(gradient float64) float64) []float64 {
	n := a.Shape[1] * a.Shape[2]
	out := make([]float64, n)
	for i, v := range a.Data {
		out[i%n] += weight(float64(g.Data[i])) * float64(v)
	}
	return out
}
