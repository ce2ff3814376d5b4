package gradients

import (
	"context"
	"fmt"
	"slices"
	"time"

	"picasso/backend/infer"
	"picasso/backend/score"
)

// Notes say in words where the gradients computed so far are not the
// exact ones of the model as it runs; nil where they are.
func (d *Differentiator) Notes() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.notes)
}

// Gradient returns d target / d input for every tensor of the batch and every
// target: result[i][k] is C×H×W, in score per model unit. The tensors of a
// batch are run together as far as the model and the memory allow, the targets
// of one tensor share its forward pass. Results are no gradients unless the
// rule for rectifiers is [ExactRectifier].
//
// The first call probes the model and opens the sessions it needs. Errors:
// [*gradient.Unsupported] names the operator without a rule.
func (d *Differentiator) Gradient(ctx context.Context, rule score.Rectifier, batch []infer.Tensor, targets []score.Target) ([][]infer.Tensor, error) {
	out := make([][]infer.Tensor, len(batch))
	for i := range out {
		out[i] = make([]infer.Tensor, len(targets))
	}
	if err := d.ready(ctx); err != nil {
		return nil, err
	}
	for _, group := range d.group(targets) {
		plan, err := d.backward(ctx, planKey{group.seed, d.host.Input().Name, rule})
		if err != nil {
			return nil, err
		}
		for start := 0; start < len(batch); {
			n, began := min(len(batch)-start, d.pictures(plan)), time.Now()
			pass, err := d.forward(ctx, plan, batch[start:start+n])
			if err != nil {
				return nil, err
			}
			err = d.backwards(ctx, plan, pass, group, func(i, k int, g infer.Tensor) {
				out[start+i][group.places[k]] = d.host.Input().Planar(g.Data)
			})
			pass.close()
			if err != nil {
				return nil, err
			}
			d.host.Took(n, time.Since(began))
			start += n
		}
	}
	return out, nil
}

// LayerGradient returns the layer's activation for x and, for every target,
// d target / d activation; all are C×h×w.
func (d *Differentiator) LayerGradient(ctx context.Context, layer string, x infer.Tensor, targets []score.Target) (activation infer.Tensor, gradients []infer.Tensor, err error) {
	if err := d.ready(ctx); err != nil {
		return infer.Tensor{}, nil, err
	}
	gradients = make([]infer.Tensor, len(targets))
	for _, group := range d.group(targets) {
		plan, err := d.backward(ctx, planKey{group.seed, layer, score.ExactRectifier})
		if err != nil {
			return infer.Tensor{}, nil, err
		}
		pass, err := d.forward(ctx, plan, []infer.Tensor{x})
		if err != nil {
			return infer.Tensor{}, nil, err
		}
		err = d.backwards(ctx, plan, pass, group, func(_, k int, g infer.Tensor) {
			gradients[group.places[k]] = g
		})
		if err == nil {
			activation, err = pass.one(layer)
		}
		pass.close()
		if err != nil {
			return infer.Tensor{}, nil, err
		}
	}
	if len(activation.Shape) != 3 {
		return infer.Tensor{}, nil, fmt.Errorf("the tensor %q of shape %v has no channels, height and width", layer, activation.Shape)
	}
	return activation, gradients, nil
}
