package visualizers

import (
	"context"
	"fmt"

	"picasso/backend/gradients"
	"picasso/backend/infer"
	"picasso/backend/score"
)

// Layer is an inner activation of the model with spatial axes (C×h×w).
type Layer = gradients.Layer

// Layered is a Subject whose inner activations can be read.
type Layered interface {
	// Layers lists the spatial activations in the order of the graph.
	Layers() []Layer
	// LastLayer is the one that class activation maps use by default: the last
	// spatial activation before the scores. "" when there is none.
	LastLayer() string
	// Activations returns the layer's C×h×w values for every tensor.
	Activations(ctx context.Context, layer string, batch []infer.Tensor) ([]infer.Tensor, error)
}

// LayerDifferentiable is a Subject with exact gradients of inner activations.
type LayerDifferentiable interface {
	Layered
	// CheckLayerGradient reports why no gradient can be had at the layer.
	CheckLayerGradient(layer string) error
	// LayerGradient returns the layer's activation for x and, for every target,
	// d target / d activation; all are C×h×w.
	LayerGradient(ctx context.Context, layer string, x infer.Tensor, targets []score.Target) (activation infer.Tensor, gradients []infer.Tensor, err error)
}

// Kept is a run of a picture that gave its answer, and that gradients with respect to
// one layer may go back from.
type Kept = gradients.Kept

// LayerBased is a method that takes nothing from the model but gradients with respect to
// one layer: LayerOf names it, "" where the model has none.
type LayerBased interface {
	LayerOf(s Subject, v Values) string
}

// Unit is a channel of a layer: at one cell, or its mean over all.
type Unit = gradients.Unit

// UnitDifferentiable is a Subject with exact gradients of its units.
type UnitDifferentiable interface {
	Layered
	// CheckUnitGradient reports why no gradient of the layer's units can be had.
	CheckUnitGradient(layer string) error
	// UnitGradient returns d unit / d input for every tensor and unit, by a rule for
	// rectifiers: result[i][k] has the shape of batch[i].
	UnitGradient(ctx context.Context, rule score.Rectifier, batch []infer.Tensor, units []Unit) ([][]infer.Tensor, error)
}

// Rectified is a Subject whose backward pass can treat rectifiers (ReLU and
// its kin) by another rule than the derivative.
type Rectified interface {
	// RectifiedGradient is Differentiable.Gradient by the given rule.
	RectifiedGradient(ctx context.Context, rule score.Rectifier, batch []infer.Tensor, targets []score.Target) ([][]infer.Tensor, error)
}

func LayerNames(s Subject) []string {
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

// AsUnitDifferentiable is the subject's gradient of units, or why there is none.
func AsUnitDifferentiable(s Subject) (UnitDifferentiable, error) {
	d, ok := s.(UnitDifferentiable)
	if !ok {
		return nil, fmt.Errorf("%w of inner layers; %s", ErrNoGradient, WithoutGradients)
	}
	last := d.LastLayer()
	if last == "" {
		return nil, ErrNoLayers
	}
	if err := d.CheckUnitGradient(last); err != nil {
		return nil, fmt.Errorf("%w: %w; %s", ErrNoGradient, err, WithoutGradients)
	}
	return d, nil
}

func RequireLayerGradient(s Subject) error {
	d, ok := s.(LayerDifferentiable)
	if !ok {
		return fmt.Errorf("%w; %s", ErrNoGradient, WithoutGradients)
	}
	last := d.LastLayer()
	if last == "" {
		return fmt.Errorf("no inner activation of this model has spatial axes; use occlusion or saliency")
	}
	if err := d.CheckLayerGradient(last); err != nil {
		return fmt.Errorf("%w: %w; %s", ErrNoGradient, err, WithoutGradients)
	}
	return nil
}
