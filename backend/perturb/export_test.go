package perturb

import (
	"context"

	"picasso/backend/infer"
)

// Units is the number of units of the model's local beginning.
func Units(ctx context.Context, s *Scorer) (int, error) {
	e := s.incremental
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

// Bound sets the bytes that the scorer may hold of maps and of copies on their way.
func Bound(s *Scorer, maps, flight int64) {
	s.incremental.bounds = bounds{maps, flight}
}

// Held are the bytes of the maps that unused plans keep.
func Held(s *Scorer) (held int64) {
	e := s.incremental
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, p := range e.plans {
		if p.untouched.Load() != nil {
			held += 4 * p.maps()
		}
	}
	return held
}

// Split scores copies incrementally, with segments that end at the given
// units, whatever they cost.
func Split(ctx context.Context, s *Scorer, base infer.Tensor, ends ...int) (Copies, error) {
	e := s.incremental
	p := e.newPlan(e.prefix.Split(ends...), Size{})
	p.users++
	if err := e.open(ctx, p); err != nil {
		return nil, err
	}
	p.proven.Store(true) // to be judged by the caller
	maps, err := p.remember(ctx, base)
	return &copies{
		scorer: s, base: base, engine: IncrementalEngine, prepared: true, run: &incrementalRun{plan: p, maps: maps},
	}, err
}
