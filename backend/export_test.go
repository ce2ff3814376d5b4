package backend

import (
	"context"
	"image"
)

// IncrementalUnits is the number of units of the model's local beginning.
func (m *Model) IncrementalUnits(ctx context.Context) (int, error) {
	e := m.scorer().incremental
	graph, facts, err := e.host.Observe(ctx)
	if err != nil {
		return 0, err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.prefix == nil {
		if err := e.trace(graph, facts); err != nil {
			return 0, err
		}
	}
	return e.prefix.Units(), nil
}

// SplitCopies is [Model.Copies] by the incremental way, with segments that end
// at the given units, whatever they cost.
func (m *Model) SplitCopies(ctx context.Context, base Tensor, ends ...int) (Copies, error) {
	s := m.scorer()
	e := s.incremental
	p := e.newPlan(e.prefix.Split(ends...), image.Point{})
	p.users++
	if err := e.open(ctx, p); err != nil {
		return nil, err
	}
	p.proven.Store(true) // to be judged by the caller
	run := &incrementalRun{plan: p}
	maps, err := p.remember(ctx, base)
	run.maps = maps
	return &copies{
		scorer: s, base: base, engine: IncrementalEngine, prepared: true, run: run,
	}, err
}
