package gradients

import (
	"context"
	"errors"

	"picasso/backend/infer"
	"picasso/backend/onnx/gradient"
)

// errMisjudged says that the shapes which were inferred are not those that the
// runtime gives.
var errMisjudged = errors.New("the shapes inside the model are not those that its operators promise")

// foretell derives the facts without a run, which saves a session and one or
// two runs; ok is false where that is not possible. What it says is compared
// with every tensor that the forward pass gives. d.mu is held.
func (d *Differentiator) foretell() (facts gradient.Facts, ok bool) {
	in := d.host.Input()
	feeds := d.graph.Graph.Feeds()
	if d.only != nil || d.observing || len(feeds) != 1 || feeds[0].Name != in.Name {
		return gradient.Facts{}, false
	}
	var two map[string][]int64
	if in.Batched && !in.FixedBatch {
		two = d.feeds(2)
	}
	return gradient.Foretell(d.graph, d.feeds(1), two)
}

// feeds is the shape of the input for n pictures, by its name.
func (d *Differentiator) feeds(n int) map[string][]int64 {
	in := d.host.Input()
	var shape []int64
	for _, length := range in.Fed(n) {
		shape = append(shape, int64(length))
	}
	return map[string][]int64{in.Name: shape}
}

// judge compares what a forward pass of n pictures gave with the facts, where
// these were foretold.
func (d *Differentiator) judge(e *exposed, values []infer.Value, n int) error {
	if !d.foretold {
		return nil
	}
	for i, name := range e.tensors {
		if !d.facts.Gives(name, values[i].Shape(), n) {
			return errMisjudged
		}
	}
	return nil
}

// judged runs something that relies on the facts. Should they turn out to be
// wrong, the model is observed, and it is run again.
func (d *Differentiator) judged(ctx context.Context, run func() error) error {
	err := run()
	if !errors.Is(err, errMisjudged) || ctx.Err() != nil {
		return err
	}
	d.mu.Lock()
	if d.foretold {
		d.observing, d.foretold, d.probed = true, false, false
		clear(d.plans)
		clear(d.kept)
		d.passes, d.layers, d.means = nil, nil, nil
		d.rolesMu.Lock()
		d.roles = nil
		d.rolesMu.Unlock()
	}
	d.mu.Unlock()
	return run()
}
