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

// ErrNoVolumes means that a method looks at pictures and the model takes volumes.
var ErrNoVolumes = errors.New("explains pictures, not volumes")

// Suits says why a method cannot explain a model, or nil: see [Requirer]. Whoever
// runs a method asks this first.
func Suits(v Visualizer, s Subject) error {
	if info := v.Info(); DepthOf(s) > 0 && !info.Volumes {
		if info.Flat != "" {
			return fmt.Errorf("%s %w: %s", info.Title, ErrNoVolumes, info.Flat)
		}
		return fmt.Errorf("%s %w; %s explain volumes", info.Title, ErrNoVolumes, WithVolumes)
	}
	if r, ok := v.(Requirer); ok {
		return r.Require(s)
	}
	return nil
}

// WithVolumes names methods for models of volumes.
const WithVolumes = "occlusion, saliency and its family, Grad-CAM and its family, RISE, LIME and KernelSHAP"

// DrawsPictures is why methods that draw what a network likes explain no volumes.
const DrawsPictures = "it draws a picture that looks natural, by what is known of pictures; nothing like it is known of volumes"

// DepthOf is the number of slices of the volumes that a subject takes, 0 where it
// takes pictures. The tensors of volumes are C×(D·H)×W: see [preprocess.Input].
func DepthOf(s Subject) int {
	if d, ok := s.(interface{ Depth() int }); ok {
		return d.Depth()
	}
	return 0
}

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
