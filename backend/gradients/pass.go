package gradients

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"picasso/backend/infer"
	"picasso/backend/onnx/gradient"
)

// Bounds on the memory of one run. On the CPU several pictures together only
// push each other out of the caches: networks of more than a few megabytes of
// activations run one picture at a time. Several scores of one picture share
// the weights' way through the caches and gain.
const (
	cpuPictureBytes    = 16 << 20
	devicePictureBytes = 512 << 20
	scoreBytes         = 256 << 20
)

// pass is a forward pass whose tensors wait for the backward pass.
type pass struct {
	session infer.Session
	names   []string
	values  []infer.Value
	count   int // pictures
}

func (p *pass) close() { infer.Recycle(p.session, p.values) }

// value is a tensor of the pass.
func (p *pass) value(name string) infer.Value { return p.values[slices.Index(p.names, name)] }

// pictures is how many pictures go through a plan together.
func (d *Differentiator) pictures(b *backward, onCPU bool) int {
	if b.Batching == gradient.Single || d.host.Input().FixedBatch || !d.host.Input().Batched || d.host.Output().Whole {
		return 1
	}
	bytes := int64(1)
	for _, t := range b.forward.tensors {
		bytes += 4 * d.facts.Elements(t)
	}
	limit := int64(devicePictureBytes)
	if onCPU {
		limit = cpuPictureBytes
	}
	return int(min(max(limit/bytes, 1), int64(d.host.Batch())))
}

// forward runs the model and keeps the tensors that the backward pass needs.
func (d *Differentiator) forward(ctx context.Context, b *backward, batch []infer.Tensor) (*pass, error) {
	return d.run(ctx, b.forward, batch)
}

// run runs a forward session and keeps its tensors.
func (d *Differentiator) run(ctx context.Context, e *exposed, batch []infer.Tensor) (*pass, error) {
	in, err := d.host.Input().Feed(batch)
	if err != nil {
		return nil, err
	}
	session, err := e.wait(ctx)
	if err != nil {
		return nil, err
	}
	values, err := infer.RunKeep(ctx, session, []infer.Value{infer.Given(in)})
	if err != nil {
		return nil, err
	}
	p := &pass{session, e.tensors, values, len(batch)}
	if err := d.judge(e, values, len(batch)); err != nil {
		p.close()
		return nil, err
	}
	return p, nil
}

// backwards runs the backward model for every picture of the pass and every
// target of the group, several at once where the plan allows, and hands the
// gradients to found, without the batch axis.
func (d *Differentiator) backwards(ctx context.Context, b *backward, p *pass, g group, found func(i, k int, gradient infer.Tensor)) error {
	seeds := make([][]infer.Tensor, p.count) // by picture and target
	for i := range seeds {
		seeds[i] = make([]infer.Tensor, len(g.starts))
		for k, start := range g.starts {
			if err := ctx.Err(); err != nil {
				return err
			}
			var err error
			if seeds[i][k], err = start(p, i); err != nil {
				return err
			}
		}
	}
	if p.count == 1 {
		onCPU, err := d.onCPU(ctx, b)
		if err != nil {
			return err
		}
		together := b.Batching == gradient.Broadcast && !(infer.IsApart(ctx) && onCPU)
		return d.inGroups(ctx, b, p, seeds[0], together, func(k int, t infer.Tensor) { found(0, k, t) })
	}
	for k := range g.starts {
		column := make([]infer.Tensor, p.count)
		for i := range column {
			column[i] = seeds[i][k]
		}
		out, err := d.propagate(ctx, b, p, column)
		if err != nil {
			return err
		}
		for i, t := range out {
			found(i, k, t)
		}
	}
	return nil
}

// inGroups propagates the seeds of one picture, together where allowed. The
// first time the first one is checked against a run of its own.
func (d *Differentiator) inGroups(ctx context.Context, b *backward, p *pass, seeds []infer.Tensor, together bool, found func(k int, t infer.Tensor)) error {
	limit := 1
	if together && !d.doubted(b) && !d.host.Output().Whole {
		limit = max(1, int(scoreBytes/(4*max(1, d.facts.Elements(b.key.wrt)+d.largest(b)))))
	}
	for start := 0; start < len(seeds); {
		n := min(limit, len(seeds)-start)
		out, err := d.propagate(ctx, b, p, seeds[start:start+n])
		if n > 1 && (err == nil || !errors.Is(err, infer.ErrOutOfMemory)) && ctx.Err() == nil && !d.prove(ctx, b, p, seeds[start], out) {
			limit = 1
			continue
		}
		if err != nil {
			return err
		}
		for k, t := range out {
			found(start+k, t)
		}
		start += n
	}
	return nil
}

// largest is the number of elements of the largest activation of a plan.
func (d *Differentiator) largest(b *backward) int64 {
	n := int64(0)
	for _, name := range b.Activations {
		n = max(n, d.facts.Elements(name))
	}
	return 4 * n
}

func (d *Differentiator) doubted(b *backward) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return b.Batching != gradient.Broadcast
}

// prove compares the first result of a joint run with a run of its own, once
// for each plan. Where they disagree the plan is run seed by seed from then on.
func (d *Differentiator) prove(ctx context.Context, b *backward, p *pass, seed infer.Tensor, out []infer.Tensor) bool {
	d.mu.Lock()
	proven := b.proven
	d.mu.Unlock()
	if proven {
		return true
	}
	alone, err := d.propagate(ctx, b, p, []infer.Tensor{seed})
	ok := err == nil && len(out) > 0 && agree(alone[0].Data, out[0].Data)
	d.mu.Lock()
	defer d.mu.Unlock()
	b.proven = ok
	if !ok && ctx.Err() == nil {
		b.Batching = gradient.Paired
	}
	return ok
}

// agree compares with the largest value as the measure.
func agree(a, b []float32) bool {
	if len(a) != len(b) {
		return false
	}
	var worst, largest float64
	for i, v := range a {
		worst, largest = max(worst, math.Abs(float64(v-b[i]))), max(largest, math.Abs(float64(v)))
	}
	return worst <= 1e-3*largest || worst == 0
}

// propagate runs the backward model once on seeds stacked along the batch axis
// and cuts the gradients apart.
func (d *Differentiator) propagate(ctx context.Context, b *backward, p *pass, seeds []infer.Tensor) ([]infer.Tensor, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	session, err := b.session.wait(ctx)
	if err != nil {
		return nil, err
	}
	inputs := make([]infer.Value, 0, len(b.Activations)+1)
	for _, name := range b.Activations {
		inputs = append(inputs, p.value(name))
	}
	inputs = append(inputs, infer.Given(d.stack(seeds, b.key.seed, p.value(b.key.seed).Shape())))
	outputs, err := infer.RunKeep(ctx, session, inputs)
	if err != nil {
		return nil, err
	}
	defer infer.Recycle(session, outputs)
	t, err := outputs[0].Tensor()
	if err != nil {
		return nil, err
	}
	if in := d.host.Input(); !in.Batched && b.key.wrt == in.Name {
		return []infer.Tensor{t.Clone()}, nil
	}
	if b.key.wrt != d.host.Input().Name {
		return d.layerGradients(b, t, len(seeds))
	}
	if len(t.Shape) == 0 || t.Shape[0] < len(seeds) {
		return nil, fmt.Errorf("the gradient of %s has the shape %v for %d scores", d.host.Name(), t.Shape, len(seeds))
	}
	out := make([]infer.Tensor, len(seeds))
	for i := range out {
		out[i] = t.Slice(i).Clone()
	}
	return out, nil
}

// layerGradients cuts the gradients of some scores with respect to a layer
// apart; each is as the model holds the layer for one picture.
func (d *Differentiator) layerGradients(b *backward, t infer.Tensor, scores int) ([]infer.Tensor, error) {
	read, err := d.layer(b.key.wrt)
	if err != nil {
		return nil, err
	}
	fact, _ := d.facts.Fact(b.key.wrt)
	one := infer.Elements(d.facts.Shape(b.key.wrt)) / read.cells.Pictures
	n := len(t.Data) / max(one, 1)
	if n < scores || b.Batching == gradient.Single && fact.Batch < 0 && scores > 1 {
		return nil, fmt.Errorf("the gradient of %s has the shape %v for %d scores", d.host.Name(), t.Shape, scores)
	}
	out := make([]infer.Tensor, scores)
	for i := range out {
		data, err := d.slab(read, t, i, n)
		if err != nil {
			return nil, err
		}
		out[i] = infer.Tensor{Shape: []int{len(data)}, Data: slices.Clone(data)}
	}
	return out, nil
}

// stack joins seeds along the batch axis. A model that takes a fixed number of
// pictures gets zeros for those that are not asked for. ran is the shape that
// the forward pass gave.
func (d *Differentiator) stack(seeds []infer.Tensor, of string, ran []int) infer.Tensor {
	if one := seeds[0]; len(seeds) == 1 && len(one.Data) == infer.Elements(ran) {
		return infer.Tensor{Shape: ran, Data: one.Data} // also where a shape depends on the picture
	}
	shape := d.facts.Shape(of)
	if len(shape) == 0 {
		return seeds[0]
	}
	rows := shape[0] // per picture, or of all pictures of a fixed batch
	one := len(seeds[0].Data)
	per := infer.Elements(shape)
	total := max(per, one*len(seeds))
	out := infer.Tensor{Data: make([]float32, 0, total)}
	for _, s := range seeds {
		out.Data = append(out.Data, s.Data...)
	}
	out.Data = append(out.Data, make([]float32, total-len(out.Data))...)
	out.Shape = append([]int{rows * (total / per)}, shape[1:]...)
	return out
}
