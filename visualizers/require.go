package visualizers

import (
	"errors"
	"fmt"
)

// ErrNoGradient means that a method needs gradients which the model cannot
// give; the error around it says why.
var ErrNoGradient = errors.New("this model has no gradient")

// WithoutGradients names what works on any model.
const WithoutGradients = "occlusion, RISE and Score-CAM work without gradients"

// AsDifferentiable is the subject's gradient, or why there is none.
func AsDifferentiable(s Subject) (Differentiable, error) {
	d, ok := s.(Differentiable)
	if !ok {
		return nil, fmt.Errorf("%w; %s", ErrNoGradient, WithoutGradients)
	}
	if err := d.CheckGradient(); err != nil {
		return nil, fmt.Errorf("%w: %w; %s", ErrNoGradient, err, WithoutGradients)
	}
	return d, nil
}

// RequireGradient is Require of the methods that need input gradients.
func RequireGradient(s Subject) error {
	_, err := AsDifferentiable(s)
	return err
}

// GradientNotes say where the subject's gradients are not the exact ones.
func GradientNotes(s Subject) []string {
	if n, ok := s.(interface{ GradientNotes() []string }); ok {
		return n.GradientNotes()
	}
	return nil
}

// What visualizers outside this package share with those inside.

// ErrNoLayers means that a method reads inner activations and the model shows
// none with spatial axes.
var ErrNoLayers = errors.New("no inner activation of this model has spatial axes; use occlusion or saliency")

// ErrNoLogits means that a method needs logits which the model does not show.
var ErrNoLogits = errors.New("the model has no logits")

// RequireLayers says why no inner activation can be read.
func RequireLayers(s Subject) error {
	if l, ok := s.(Layered); !ok || l.LastLayer() == "" {
		return ErrNoLayers
	}
	return nil
}

// LayerChoice is a choice among the model's layers; "last" is the last one
// before the scores.
func LayerChoice(f Field) Choice {
	return Choice{Field: f, Options: []string{"last"}, From: LayerNames}
}
