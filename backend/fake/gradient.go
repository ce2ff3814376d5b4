package fake

import (
	"context"
	"fmt"

	"picasso/backend/infer"
	"picasso/backend/score"
)

// Differentiable is a linear subject with its exact gradient, the weights.
type Differentiable struct {
	*Subject
	weights [][]float32
}

// LinearGradient is [Linear] with gradients.
func LinearGradient(channels, height, width int, weights ...[]float32) *Differentiable {
	return &Differentiable{Linear(channels, height, width, weights...), weights}
}

// CheckGradient finds nothing missing.
func (d *Differentiable) CheckGradient() error { return nil }

// Gradient is the weights of the target's class, less those of the class it is
// set against, on both scales.
func (d *Differentiable) Gradient(ctx context.Context, batch []infer.Tensor, targets []score.Target) ([][]infer.Tensor, error) {
	out := make([][]infer.Tensor, len(batch))
	for i := range batch {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		for _, t := range targets {
			if t.Class < 0 || t.Class >= len(d.weights) || t.Against >= len(d.weights) {
				return nil, fmt.Errorf("class %d is outside 0…%d", max(t.Class, t.Against), len(d.weights)-1)
			}
			g := infer.NewTensor(d.Channels, d.Height, d.Width)
			copy(g.Data, d.weights[t.Class])
			if t.Against != score.NoClass {
				for k, w := range d.weights[t.Against] {
					g.Data[k] -= w
				}
			}
			out[i] = append(out[i], g)
		}
	}
	return out, nil
}
