package backend

import (
	"context"

	"picasso/backend/onnx/incremental"
)

// IncrementalUnits is the number of units of the model's local beginning.
func (m *Model) IncrementalUnits(ctx context.Context) (int, error) {
	e := m.incremental()
	d := m.differentiator()
	if err := d.ready(ctx); err != nil {
		return 0, err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.prefix == nil {
		if err := e.trace(d); err != nil {
			return 0, err
		}
	}
	return e.prefix.Units(), nil
}

// IncrementalSplit is [Model.Incremental] with segments that end at the given
// units, whatever they cost.
func (m *Model) IncrementalSplit(ctx context.Context, base Tensor, ends ...int) (*Incremental, error) {
	e := m.incremental()
	p := &incrementalPlan{Plan: e.prefix.Split(ends...), engine: e}
	for axis := range p.axes {
		p.axes[axis] = map[incremental.Interval]*axisPlan{}
	}
	e.mu.Lock()
	err := e.open(ctx, p)
	p.users++
	e.mu.Unlock()
	if err != nil {
		return nil, err
	}
	inc := &Incremental{model: m, plan: p, checked: true}
	inc.maps, err = p.remember(ctx, base)
	return inc, err
}
