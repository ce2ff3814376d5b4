package visualizers

import (
	"context"
	"fmt"
	"strings"

	"picasso/backend/infer"
	"picasso/backend/score"
)

// cam is the family of class activation maps: an inner activation A (C×h×w)
// and the gradient g of the score with respect to it become one h×w plane.
type cam struct {
	info  Info
	plane func(activation, gradient infer.Tensor) []float64
}

// Settings of the family.
var (
	camLayer = Choice{
		Field: Field{ID: "layer", Title: "Layer",
			Doc: "The activation that is weighed: a tensor of the graph with spatial axes. last is the last one before the scores; earlier ones are finer and less about classes."},
		Options: []string{"last"}, From: layerNames,
	}
	camReLU = Toggle{
		Field: Field{ID: "relu", Title: "Positive only",
			Doc: "Keep only what speaks for the class. Switched off the map keeps its sign, and what speaks against the class shows too."},
		Default: true,
	}
	camUpsample = Choice{
		Field: Field{ID: "upsample", Title: "Resolution",
			Doc: "bilinear enlarges the map to the model's input; none shows the layer's own cells, which is all the map really knows."},
		Options: []string{"bilinear", "none"},
	}
)

func layerNames(s Subject) []string {
	l, ok := s.(Layered)
	if !ok {
		return nil
	}
	var names []string
	for _, layer := range l.Layers() {
		names = append(names, layer.Name)
	}
	return names
}

// layerOf finds the layer that a setting names.
func layerOf(s Subject, setting Choice, v Values) (Layered, Layer, error) {
	l, ok := s.(Layered)
	if !ok || l.LastLayer() == "" {
		return nil, Layer{}, fmt.Errorf("no inner activation of this model has spatial axes; use occlusion or saliency")
	}
	name := setting.In(v)
	if name == "last" {
		name = l.LastLayer()
	}
	for _, layer := range l.Layers() {
		if layer.Name == name {
			return l, layer, nil
		}
	}
	return nil, Layer{}, fmt.Errorf("layer %q is no spatial activation of this model; `layer` lists them", name)
}

func (c cam) Info() Info { return c.info }

func (cam) Settings() []Setting { return []Setting{camLayer, camReLU, camUpsample} }

func (cam) Require(s Subject) error { return requireLayerGradient(s) }

func requireLayerGradient(s Subject) error {
	d, ok := s.(LayerDifferentiable)
	if !ok {
		return fmt.Errorf("%w; %s", ErrNoGradient, instead)
	}
	last := d.LastLayer()
	if last == "" {
		return fmt.Errorf("no inner activation of this model has spatial axes; use occlusion or saliency")
	}
	if err := d.CheckLayerGradient(last); err != nil {
		return fmt.Errorf("%w: %w; %s", ErrNoGradient, err, instead)
	}
	return nil
}

func (c cam) Explain(ctx context.Context, in Input, _ func(Result)) (Result, error) {
	planes, layer, err := c.planes(ctx, in)
	if err != nil {
		return Result{}, fmt.Errorf("%s: %w", c.info.ID, err)
	}
	r := Result{Done: 1, Passes: 1}
	for k, p := range planes {
		r.Maps = append(r.Maps, camMap(in, in.Targets[k], layer, p, c.info.Title))
	}
	r.Note, r.Warnings = camNote(in, layer, planes), gradientNotes(in.Subject)
	return r, nil
}

// planes are the h×w maps of every target, with their sign.
func (c cam) planes(ctx context.Context, in Input) ([][]float64, Layer, error) {
	if err := in.check(); err != nil {
		return nil, Layer{}, err
	}
	if err := ctx.Err(); err != nil {
		return nil, Layer{}, err
	}
	d, ok := in.Subject.(LayerDifferentiable)
	if !ok {
		return nil, Layer{}, fmt.Errorf("%w; %s", ErrNoGradient, instead)
	}
	_, layer, err := layerOf(in.Subject, camLayer, in.Values)
	if err != nil {
		return nil, Layer{}, err
	}
	if err := d.CheckLayerGradient(layer.Name); err != nil {
		return nil, Layer{}, fmt.Errorf("%w: %w; %s", ErrNoGradient, err, instead)
	}
	activation, gradients, err := d.LayerGradient(ctx, layer.Name, in.Tensor, in.Targets)
	if err != nil {
		return nil, Layer{}, err
	}
	planes := make([][]float64, len(gradients))
	for k, g := range gradients {
		planes[k] = c.plane(activation, g)
	}
	return planes, layer, nil
}

// camMap draws a plane of the layer as the settings ask.
func camMap(in Input, t score.Target, layer Layer, plane []float64, title string) Map {
	symbol := t.Symbol(in.Subject)
	m := Map{
		Target: t, Channels: 1, Height: layer.Height, Width: layer.Width,
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
		m.Values = enlarge(m.Values, layer.Height, layer.Width, height, width)
		m.Height, m.Width, m.Cells = height, width, false
	}
	return m
}

// camNote names the layer and says when nothing speaks for the class.
func camNote(in Input, layer Layer, planes [][]float64) string {
	text := fmt.Sprintf("Layer %s: %d channels of %d×%d cells.", layer.Name, layer.Channels, layer.Height, layer.Width)
	if layer.Form != "" {
		text = strings.TrimSuffix(text, ".") + " (" + layer.Form + ")."
	}
	if len(planes) == 0 {
		return text
	}
	for _, v := range planes[0] {
		if v > 0 {
			return text
		}
	}
	return text + " No positive evidence: nothing the layer sees speaks for " + in.Targets[0].Symbol(in.Subject) + "."
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

func meanOf(values []float32) float64 {
	var sum float64
	for _, v := range values {
		sum += float64(v)
	}
	return sum / float64(len(values))
}
