package gradients

import (
	"context"
	"fmt"

	"picasso/backend/infer"
	"picasso/backend/score"
)

// group are scalars that one backward model serves.
type group struct {
	seed   string // tensor in which they are
	starts []start
	places []int // of the scalars in the caller's list
}

// start is d scalar / d seed tensor for picture i of a pass, in the shape of the
// tensor for one picture.
type start func(p *pass, i int) (infer.Tensor, error)

// group sorts targets by the tensor that their gradient starts from.
func (d *Differentiator) group(targets []score.Target) []group {
	var groups []group
	for i, t := range targets {
		seed := d.seedFor(t)
		k := 0
		for k < len(groups) && groups[k].seed != seed {
			k++
		}
		if k == len(groups) {
			groups = append(groups, group{seed: seed})
		}
		groups[k].starts = append(groups[k].starts, func(p *pass, i int) (infer.Tensor, error) { return d.seedOf(p, i, t, seed) })
		groups[k].places = append(groups[k].places, i)
	}
	return groups
}

// seedFor is the tensor that the gradient of a target starts from.
func (d *Differentiator) seedFor(t score.Target) string {
	out := d.host.Output()
	switch {
	case out.Kind == score.Detection && (t.Score == score.Probability || out.LogitTensor == ""):
		return out.Name
	case out.LogitTensor == "", t.Score == score.Probability && !d.chain:
		return out.Name
	}
	return out.LogitTensor
}

// chooseSeed finds out whether probabilities can be computed from the logits
// here. That is exact where float32 has rounded a probability to 1, and saves
// a pair of sessions. It is done on one picture and compared with the model's
// own output.
func (d *Differentiator) chooseSeed(ctx context.Context) error {
	out := d.host.Output()
	if out.Kind == score.Detection || out.Kind == score.Selection || out.LogitTensor == "" {
		return nil
	}
	if !out.InGraph {
		d.chain = true
		return nil
	}
	s := d.host.Reader()
	if !s.Separate {
		return nil // the logits are of no use, then the output serves
	}
	tensors, err := d.host.Try(ctx)
	if err != nil {
		return err
	}
	values, err := s.Table(tensors[0], s.Output.Axis)
	if err != nil {
		return err
	}
	raw, err := s.Table(tensors[1], s.Output.LogitAxis)
	if err != nil {
		return nil
	}
	want := s.Probabilities(values, raw)
	s.Output.InGraph = false
	got := s.Probabilities(values, raw)
	d.chain = (s.Output.Activation == score.Softmax || s.Output.Activation == score.Sigmoid) && agree(want.Sum(nil), got.Sum(nil))
	return nil
}

// seedOf is the start of a target.
func (d *Differentiator) seedOf(p *pass, i int, t score.Target, seed string) (infer.Tensor, error) {
	s := d.host.Reader()
	if t.Class < 0 || t.Class >= s.Output.Classes || t.Against >= s.Output.Classes {
		return infer.Tensor{}, fmt.Errorf("class %d is outside 0…%d", max(t.Class, t.Against), s.Output.Classes-1)
	}
	if t.Score == score.Logit && !s.Logits() {
		return infer.Tensor{}, fmt.Errorf("the model has no %v output", t.Score)
	}
	batched := d.host.Input().Batched && !s.Output.Whole
	value, err := p.entry(seed, i, batched)
	if err != nil {
		return infer.Tensor{}, err
	}
	switch s.Output.Kind {
	case score.Detection:
		output, err := p.entry(s.Output.Name, i, batched)
		if err != nil {
			return infer.Tensor{}, err
		}
		return s.BoxSeed(t, output, value, seed)
	case score.Selection:
		var tensors []infer.Tensor
		for _, name := range s.Tensors() {
			part, err := p.entry(name, i, batched)
			if err != nil {
				return infer.Tensor{}, err
			}
			tensors = append(tensors, part)
		}
		return s.SelectionSeed(t, tensors)
	}
	axis := s.Output.Axis
	if seed == s.Output.LogitTensor && s.Separate {
		axis = s.Output.LogitAxis
	}
	values, err := s.Table(value, axis)
	if err != nil {
		return infer.Tensor{}, err
	}
	if s.References != nil {
		return infer.Tensor{Shape: value.Shape, Data: s.CosineSeed(t, values.Data)}, nil
	}
	return infer.Tensor{Shape: value.Shape, Data: s.ClassSeed(t, values, s.Mapping(t, seed))}, nil
}

// entry is a tensor's part for picture i, with a batch axis of 1.
func (p *pass) entry(name string, i int, batched bool) (infer.Tensor, error) {
	t, err := p.value(name).Tensor()
	if err != nil {
		return infer.Tensor{}, err
	}
	return infer.Entry(t, i, batched)
}
