package gradients

import (
	"context"
	"slices"
	"time"

	"picasso/backend/infer"
	"picasso/backend/score"
)

// Notes say in words where the gradients computed so far are not the
// exact ones of the model as it runs; nil where they are.
func (d *Differentiator) Notes() []string {
	d.notesMu.Lock()
	defer d.notesMu.Unlock()
	return slices.Clone(d.notes)
}

// note adds a sentence to the notes, once.
func (d *Differentiator) note(text string) {
	d.notesMu.Lock()
	defer d.notesMu.Unlock()
	if !slices.Contains(d.notes, text) {
		d.notes = append(d.notes, text)
	}
}

// Gradient returns d target / d input for every tensor of the batch and every
// target: result[i][k] is C×H×W, in score per model unit. The tensors of a
// batch are run together as far as the model and the memory allow, the targets
// of one tensor share its forward pass. Results are no gradients unless the
// rule for rectifiers is [ExactRectifier].
//
// The first call probes the model and opens the sessions it needs. Errors:
// [*gradient.Unsupported] names the operator without a rule.
func (d *Differentiator) Gradient(ctx context.Context, rule score.Rectifier, batch []infer.Tensor, targets []score.Target) (list [][]infer.Tensor, err error) {
	err = d.judged(ctx, func() error {
		list, err = d.gradient(ctx, rule, batch, targets)
		return err
	})
	return list, err
}

func (d *Differentiator) gradient(ctx context.Context, rule score.Rectifier, batch []infer.Tensor, targets []score.Target) ([][]infer.Tensor, error) {
	if err := d.ready(ctx); err != nil {
		return nil, err
	}
	if d.varies(d.host.Input().Name) {
		return d.onePerOne(ctx, batch, func(d *Differentiator, one []infer.Tensor) ([][]infer.Tensor, error) {
			return d.Gradient(ctx, rule, one, targets)
		})
	}
	return d.fromGroups(ctx, rule, batch, d.group(targets), len(targets))
}

// Foresee opens in the background what the gradient of a target with respect to the
// picture takes, so that the first one does not wait for it. It does nothing where that
// depends on the picture.
func (d *Differentiator) Foresee(ctx context.Context, rule score.Rectifier, t score.Target) error {
	if err := d.Check(d.host.Input().Name); err != nil {
		return err
	}
	if err := d.ready(ctx); err != nil || d.varies(d.host.Input().Name) {
		return err
	}
	_, err := d.backward(ctx, planKey{seed: d.seedFor(t), wrt: d.host.Input().Name, rule: rule})
	return err
}

// onePerOne differentiates pictures each by itself.
func (d *Differentiator) onePerOne(ctx context.Context, batch []infer.Tensor, run func(*Differentiator, []infer.Tensor) ([][]infer.Tensor, error)) ([][]infer.Tensor, error) {
	out := make([][]infer.Tensor, len(batch))
	for i := range batch {
		err := d.alone(ctx, batch[i], func(d *Differentiator) error {
			one, err := run(d, batch[i:i+1])
			if err == nil {
				out[i] = one[0]
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// fromGroups is d scalar / d input for every tensor and each of the scalars of
// the groups, of which there are count.
func (d *Differentiator) fromGroups(ctx context.Context, rule score.Rectifier, batch []infer.Tensor, groups []group, count int) ([][]infer.Tensor, error) {
	out := make([][]infer.Tensor, len(batch))
	for i := range out {
		out[i] = make([]infer.Tensor, count)
	}
	for _, group := range groups {
		key := planKey{seed: group.seed, wrt: d.host.Input().Name, rule: rule}
		lanes := d.lanes(key, len(batch))
		key.lane = lanes > 1
		plan, err := d.backward(ctx, key)
		if err != nil {
			return nil, err
		}
		began := time.Now()
		err = d.inLanes(ctx, plan, lanes, len(batch), func(ctx context.Context, from, to int) error {
			return d.both(ctx, plan, group, batch[from:to], func(i, k int, g infer.Tensor) {
				out[from+i][group.places[k]] = d.host.Input().Planar(g.Data)
			})
		})
		if err != nil {
			return nil, err
		}
		d.host.Took(len(batch), time.Since(began))
	}
	return out, nil
}

// LayerGradient returns the layer's activation for x and, for every target,
// d target / d activation; all are C×h×w.
func (d *Differentiator) LayerGradient(ctx context.Context, layer string, x infer.Tensor, targets []score.Target) (activation infer.Tensor, gradients []infer.Tensor, err error) {
	err = d.judged(ctx, func() error {
		activation, gradients, err = d.layerGradient(ctx, layer, x, targets)
		return err
	})
	return activation, gradients, err
}

func (d *Differentiator) layerGradient(ctx context.Context, layer string, x infer.Tensor, targets []score.Target) (activation infer.Tensor, gradients []infer.Tensor, err error) {
	if err := d.ready(ctx); err != nil {
		return infer.Tensor{}, nil, err
	}
	if d.varies(layer) {
		err = d.alone(ctx, x, func(d *Differentiator) (err error) {
			activation, gradients, err = d.LayerGradient(ctx, layer, x, targets)
			return err
		})
		return activation, gradients, err
	}
	read, err := d.layer(layer)
	if err != nil {
		return infer.Tensor{}, nil, err
	}
	found := layerFound{gradients: make([]infer.Tensor, len(targets))}
	for _, group := range d.group(targets) {
		plan, err := d.backward(ctx, planKey{seed: group.seed, wrt: layer, rule: score.ExactRectifier})
		if err != nil {
			return infer.Tensor{}, nil, err
		}
		pass, err := d.forward(ctx, plan, []infer.Tensor{x})
		if err != nil {
			return infer.Tensor{}, nil, err
		}
		err = d.layerBackwards(ctx, plan, pass, group, read, &found)
		pass.close()
		if err != nil {
			return infer.Tensor{}, nil, err
		}
	}
	return found.read(read)
}

// layerFound are a layer's values for a picture, and gradients as the model holds them.
type layerFound struct {
	activation infer.Tensor
	gradients  []infer.Tensor
}

// layerBackwards adds the gradients of the targets of a group, from a pass that is there.
func (d *Differentiator) layerBackwards(ctx context.Context, plan *backward, p *pass, g group, read mapped, found *layerFound) error {
	err := d.backwards(ctx, plan, p, g, func(_, k int, t infer.Tensor) { found.gradients[g.places[k]] = t })
	if err != nil {
		return err
	}
	value, err := p.value(read.Name).Tensor()
	if err == nil {
		found.activation, err = d.picture(read, value, 0, 1)
	}
	return err
}

// read brings the gradients into the order of the layer's C×h×w.
func (f *layerFound) read(read mapped) (activation infer.Tensor, gradients []infer.Tensor, err error) {
	for k, g := range f.gradients {
		planes, err := read.cells.Planes(g.Data)
		if err != nil {
			return infer.Tensor{}, nil, err
		}
		f.gradients[k] = infer.Tensor{Shape: f.activation.Shape, Data: planes}
	}
	return f.activation, f.gradients, nil
}

// varies reports whether shapes between the tensor and the scores, or which way
// leads there, depend on the picture, as boolean masks make them do. Then a
// differentiator observes one picture alone.
func (d *Differentiator) varies(wrt string) bool {
	if d.only != nil {
		return false
	}
	if _, err := d.Cover(wrt); err != nil {
		return false
	}
	d.coverMu.Lock()
	defer d.coverMu.Unlock()
	return d.covers[wrt].varies
}
