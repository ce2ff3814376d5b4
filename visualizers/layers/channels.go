package layers

import (
	"cmp"
	"context"
	"math"
	"slices"

	"picasso/backend/infer"
	"picasso/backend/score"
	"picasso/visualizers"
)

// Channel is what one channel of a layer does in a picture.
type Channel struct {
	Index     int
	Mean, Max float64 // of its activations
	// Contribution is Σ gradient × activation over its cells: what the score would
	// lose, to first order, without the channel, in the score's own unit. NaN where
	// there is no gradient.
	Contribution float64
}

// Channels describes every channel of a layer for an input, the contributions
// being those to a target. Where the model has no gradient there, they are NaN
// and lack says why.
func Channels(ctx context.Context, s visualizers.Subject, layer string, x infer.Tensor, t score.Target) (list []Channel, lack, err error) {
	l, found, err := findLayer(s, layer)
	if err != nil {
		return nil, nil, err
	}
	activation, gradient, lack, err := bothOf(ctx, l, found.Name, x, t)
	if err != nil {
		return nil, nil, err
	}
	return Describe(activation, gradient), lack, nil
}

// Describe describes every channel of a layer's activation, C×h×w, without a run.
// gradient is d score / d activation, of the same shape; without values where there
// is none, and the contributions are NaN.
func Describe(activation, gradient infer.Tensor) []Channel {
	list := make([]Channel, activation.Shape[0])
	plane := activation.Shape[1] * activation.Shape[2]
	for c := range list {
		a := activation.Data[c*plane : (c+1)*plane]
		list[c] = Channel{Index: c, Mean: visualizers.MeanOf(a), Max: float64(slices.Max(a)), Contribution: math.NaN()}
		if gradient.Data == nil {
			continue
		}
		list[c].Contribution = 0
		for i, v := range a {
			list[c].Contribution += float64(v) * float64(gradient.Data[c*plane+i])
		}
	}
	return list
}

// bothOf is a layer's activation, and the gradient of a target there or why
// there is none.
func bothOf(ctx context.Context, l visualizers.Layered, layer string, x infer.Tensor, t score.Target) (activation, gradient infer.Tensor, lack, err error) {
	d, ok := l.(visualizers.LayerDifferentiable)
	lack = visualizers.ErrNoGradient
	if ok {
		lack = d.CheckLayerGradient(layer)
	}
	if lack != nil {
		list, err := l.Activations(ctx, layer, []infer.Tensor{x})
		if err != nil {
			return infer.Tensor{}, infer.Tensor{}, nil, err
		}
		return list[0], infer.Tensor{}, lack, nil
	}
	activation, gradients, err := d.LayerGradient(ctx, layer, x, []score.Target{t})
	if err != nil {
		return infer.Tensor{}, infer.Tensor{}, nil, err
	}
	return activation, gradients[0], nil, nil
}

// Order is what channels are sorted by.
type Order string

// Orders of channels: by their index, else the largest first.
const (
	ByIndex        Order = "index"
	ByMean         Order = "mean"
	ByMax          Order = "max"
	ByContribution Order = "contribution"
)

// Orders lists them.
func Orders() []Order { return []Order{ByContribution, ByMean, ByMax, ByIndex} }

// Sort sorts channels; equal ones keep their order, and those without a number
// come last.
func Sort(list []Channel, by Order) {
	of := map[Order]func(Channel) float64{
		ByIndex:        func(c Channel) float64 { return -float64(c.Index) },
		ByMean:         func(c Channel) float64 { return c.Mean },
		ByMax:          func(c Channel) float64 { return c.Max },
		ByContribution: func(c Channel) float64 { return c.Contribution },
	}[by]
	slices.SortStableFunc(list, func(a, b Channel) int { return cmp.Compare(of(b), of(a)) })
}
