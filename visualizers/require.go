package visualizers

import (
	"errors"
	"fmt"
)

// What visualizers outside this package share with those inside.

// ErrNoLayers means that a method reads inner activations and the model shows
// none with spatial axes.
var ErrNoLayers = errors.New("no inner activation of this model has spatial axes; use occlusion or saliency")

// ErrNoLogits means that a method needs logits which the model does not show.
var ErrNoLogits = errors.New("no logits were found in the model")

// RequireGradient says why no gradient can be had and what works instead.
func RequireGradient(s Subject) error { return requireGradient(s) }

// RequireLayers says why no inner activation can be read.
func RequireLayers(s Subject) error {
	if l, ok := s.(Layered); !ok || l.LastLayer() == "" {
		return ErrNoLayers
	}
	return nil
}

// RequireLayerGradient says why no gradient of inner activations can be had.
func RequireLayerGradient(s Subject) error { return requireLayerGradient(s) }

// LayerChoice is a choice among the model's layers; "last" is the last one
// before the scores.
func LayerChoice(f Field) Choice {
	return Choice{Field: f, Options: []string{"last"}, From: layerNames}
}

// Check refuses an input whose tensor is not what the model takes.
func (in Input) Check() error {
	if err := in.check(); err != nil {
		return fmt.Errorf("the input cannot be explained: %w", err)
	}
	return nil
}
