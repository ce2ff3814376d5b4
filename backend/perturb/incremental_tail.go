package perturb

import (
	"context"
	"errors"

	"picasso/backend/infer"
)

// finish runs the tail and reads the scores.
func (w *walk) finish(ctx context.Context) error {
	host := w.plan.engine.host
	step := len(w.copies)
	if host.Input().FixedBatch {
		step = 1
	}
	scoring := host.Reader()
	names := scoring.Tensors()
	for at := 0; at < len(w.copies); at += step {
		group := w.copies[at:min(at+step, len(w.copies))]
		found, err := w.outputs(ctx, group)
		if err != nil {
			return err
		}
		for n, c := range group {
			tensors := make([]infer.Tensor, len(names))
			for k, name := range names {
				t := found[name]
				if len(t.Shape) == 0 || t.Shape[0] != len(group) {
					return errors.New("the last part of the model does not return one answer per picture")
				}
				tensors[k] = t.Slice(n)
				tensors[k].Shape = append([]int{1}, tensors[k].Shape...)
			}
			if *c.out, err = scoring.Read(tensors); err != nil {
				return err
			}
		}
	}
	return nil
}

// outputs are the wanted tensors of some copies.
func (w *walk) outputs(ctx context.Context, group []*copyState) (map[string]infer.Tensor, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	tail, tensors := w.plan.Tail, w.plan.Prefix.Tensors
	found := map[string]infer.Tensor{}
	for _, id := range tail.Local {
		t := infer.NewTensor(append([]int{len(group)}, tensors[id].Shape[1:]...)...)
		w.whole(t, id, group)
		found[tensors[id].Name] = t
	}
	if w.plan.tail == nil {
		return found, nil
	}
	inputs := make([]infer.Tensor, len(tail.Inputs))
	for k, id := range tail.Inputs {
		inputs[k] = w.arena.tensor(append([]int{len(group)}, tensors[id].Shape[1:]...)...)
		w.whole(inputs[k], id, group)
	}
	outputs, err := w.plan.tail.Run(ctx, inputs)
	if err != nil {
		return nil, err
	}
	for _, t := range inputs {
		w.arena.put(t.Data)
	}
	w.macs += float64(len(group)) * tail.MultiplyAdds
	for k, name := range tail.Names {
		found[name] = outputs[k]
	}
	return found, nil
}

// whole fills t with whole maps of a tensor, one per copy.
func (w *walk) whole(t infer.Tensor, id int, group []*copyState) {
	f := newField(w.plan.Prefix.Tensors[id])
	for n, c := range group {
		dst := t.Slice(n).Data
		copy(dst, w.maps[id])
		if p := c.patches[id]; p != nil {
			f.paste(dst, p)
		}
	}
}
