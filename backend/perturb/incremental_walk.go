package perturb

import (
	"context"
	"errors"
	"slices"
	"sync"

	"picasso/backend/infer"
	"picasso/backend/onnx/incremental"
	"picasso/backend/preprocess"
	"picasso/backend/score"
)

// baseMaps are the whole maps of the unchanged picture, by tensor; nil for
// tensors that never leave a segment.
type baseMaps [][]float32

// axisPlan is what a range of places on an axis comes to along the plan.
type axisPlan struct {
	reach []incremental.Interval // by tensor
	crops []incremental.Crop     // by segment
	any   []bool                 // by segment: whether it has to run
}

// along works out one range, once.
func (p *incrementalPlan) along(axis int, changed incremental.Interval) *axisPlan {
	p.mu.Lock()
	defer p.mu.Unlock()
	if a := p.axes[axis][changed]; a != nil {
		return a
	}
	a := &axisPlan{reach: p.Prefix.Reach(axis, changed)}
	for _, s := range p.Segments {
		c, any := s.Fit(axis, a.reach)
		a.crops, a.any = append(a.crops, c), append(a.any, any)
	}
	p.axes[axis][changed] = a
	return a
}

// lastUse is the segment after which each tensor's patches are not read any
// more; the number of segments where the tail reads them.
func lastUse(p *incremental.Plan) []int {
	last := make([]int, len(p.Prefix.Tensors))
	for i, s := range p.Segments {
		for _, e := range s.Entries {
			last[e.Tensor] = i
		}
	}
	for _, id := range append(slices.Clone(p.Tail.Inputs), p.Tail.Local...) {
		last[id] = len(p.Segments)
	}
	return last
}

// untouched are the maps of one picture, kept because the same picture is asked
// about again whenever a setting changes.
type untouched struct {
	picture memoryKey
	maps    baseMaps
}

// mapsOf are the whole maps of a picture; fresh tells that they were computed.
func (p *incrementalPlan) mapsOf(ctx context.Context, base infer.Tensor) (maps baseMaps, fresh bool, err error) {
	key := fingerprint(base)
	if u := p.untouched.Load(); u != nil && u.picture == key {
		return u.maps, false, nil
	}
	p.engine.makeRoom(p)
	if maps, err = p.remember(ctx, base); err == nil {
		p.untouched.Store(&untouched{key, maps})
	}
	return maps, true, err
}

// remember runs the plan on whole maps.
func (p *incrementalPlan) remember(ctx context.Context, base infer.Tensor) (baseMaps, error) {
	in, err := p.engine.host.Input().Feed([]infer.Tensor{base})
	if err != nil {
		return nil, err
	}
	maps := make(baseMaps, len(p.Prefix.Tensors))
	maps[0] = in.Data
	w := &walk{plan: p, maps: maps, arena: &arena{}}
	whole := []crop{{state: &copyState{patches: make([]*patch, len(maps))}, at: make([]incremental.Crop, p.Prefix.Rank)}}
	for i, s := range p.Segments {
		outputs, err := w.run(ctx, i, whole)
		if err != nil {
			return nil, err
		}
		for k, e := range s.Exits {
			maps[e.Tensor] = slices.Clone(outputs[k].Data)
			w.arena.put(outputs[k].Data)
		}
	}
	return maps, nil
}

// score takes the copies through the plan, spread over the workers. Copies
// that differ in places near to each other go together, for their crops are
// alike.
func (p *incrementalPlan) score(ctx context.Context, maps baseMaps, batch []infer.Tensor, changed []Box) ([]score.Scores, float64, error) {
	order := make([]int, len(batch))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return slices.Compare(changed[a].From[:], changed[b].From[:])
	})
	out := make([]score.Scores, len(batch))
	workers := min(p.workers(), len(batch))
	errs, macs := make([]error, workers), make([]float64, workers)
	var wait sync.WaitGroup
	for k := range workers {
		mine := order[k*len(batch)/workers : (k+1)*len(batch)/workers]
		wait.Go(func() {
			for part := range slices.Chunk(mine, p.batch()) {
				w := &walk{plan: p, maps: maps, arena: p.engine.borrow()}
				for _, i := range part {
					w.begin(batch[i], changed[i], &out[i])
				}
				if errs[k] = w.score(ctx); errs[k] != nil {
					return // what a stopped run may still write to is not lent again
				}
				macs[k] += w.macs
				p.engine.giveBack(w.arena)
			}
		})
	}
	wait.Wait()
	total := 0.0
	for _, m := range macs {
		total += m
	}
	return out, total, errors.Join(errs...)
}

// walk takes some copies through the plan.
type walk struct {
	plan   *incrementalPlan
	maps   baseMaps
	arena  *arena
	copies []*copyState
	alive  []lent
	macs   float64
}

// lent is memory of the arena that patches of a tensor are read from.
type lent struct {
	tensor int
	data   []float32
}

// copyState is one copy on its way.
type copyState struct {
	axes    []*axisPlan
	patches []*patch // by tensor; nil where nothing differs
	out     *score.Scores
}

// crop is a copy's part in one run of a segment.
type crop struct {
	state *copyState
	at    []incremental.Crop // along each axis
}

// begin adds a copy of which only the input differs.
func (w *walk) begin(t infer.Tensor, changed Box, out *score.Scores) {
	in, rank := w.plan.engine.host.Input(), w.plan.Prefix.Rank
	sides := sidesOf(in)
	changed = changed.within(sides)
	c := &copyState{patches: make([]*patch, len(w.maps)), out: out}
	spans := changed.along(rank)
	for axis, span := range spans {
		c.axes = append(c.axes, w.plan.along(axis, span))
	}
	w.copies = append(w.copies, c)
	if changed.Empty() {
		return
	}
	p := &patch{data: t.Data, part: spans, crop: Box{To: sides}.along(rank)}
	if in.Layout == preprocess.NHWC {
		p.crop = p.part
		p.data = interleavedPart(t, sides, changed)
	}
	c.patches[0] = p
}

// interleavedPart is a part of a C×(slices·rows)×columns tensor with the channels
// last.
func interleavedPart(t infer.Tensor, sides Size, part Box) []float32 {
	channels, plane := t.Shape[0], t.Shape[1]*t.Shape[2]
	size := part.Size()
	out := make([]float32, 0, channels*size[0]*size[1]*size[2])
	part.Lines(1, sides, func(from, to int) {
		for i := from; i < to; i++ {
			for c := range channels {
				out = append(out, t.Data[c*plane+i])
			}
		}
	})
	return out
}

func (w *walk) score(ctx context.Context) error {
	for i := range w.plan.Segments {
		for _, group := range w.groups(i) {
			if err := w.segment(ctx, i, group); err != nil {
				return err
			}
		}
		w.alive = slices.DeleteFunc(w.alive, func(l lent) bool {
			done := w.plan.last[l.tensor] <= i
			if done {
				w.arena.put(l.data)
			}
			return done
		})
	}
	err := w.finish(ctx)
	for _, l := range w.alive {
		w.arena.put(l.data)
	}
	return err
}

// segment runs one segment for copies whose crops have one size and keeps what
// differs.
func (w *walk) segment(ctx context.Context, i int, group []crop) error {
	s := w.plan.Segments[i]
	outputs, err := w.run(ctx, i, group)
	if err != nil {
		return err
	}
	for k, e := range s.Exits {
		w.alive = append(w.alive, lent{e.Tensor, outputs[k].Data})
		for n, c := range group {
			p := &patch{data: outputs[k].Slice(n).Data, crop: s.ExitSpans(k, c.at)}
			for _, a := range c.state.axes {
				p.part = append(p.part, a.reach[e.Tensor])
			}
			if !slices.ContainsFunc(p.part, incremental.Interval.Empty) {
				c.state.patches[e.Tensor] = p
			}
		}
	}
	return nil
}

// run feeds a segment with crops of one size. The outputs are lent.
func (w *walk) run(ctx context.Context, i int, group []crop) ([]infer.Tensor, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s, tensors := w.plan.Segments[i], w.plan.Prefix.Tensors
	size := group[0].at
	inputs, outputs := make([]infer.Tensor, len(s.Entries)), make([]infer.Tensor, len(s.Exits))
	for k, e := range s.Entries {
		l := tensors[e.Tensor]
		f := newField(l)
		inputs[k] = w.arena.tensor(cropShape(l, len(group), s.EntrySpans(k, size))...)
		for n, c := range group {
			f.cut(inputs[k].Slice(n).Data, w.maps[e.Tensor], s.EntrySpans(k, c.at), c.state.patches[e.Tensor])
		}
	}
	for k, e := range s.Exits {
		outputs[k] = w.arena.tensor(cropShape(tensors[e.Tensor], len(group), s.ExitSpans(k, size))...)
	}
	if err := infer.RunInto(ctx, w.plan.parts[i], inputs, outputs); err != nil {
		return nil, err
	}
	w.macs += float64(len(group)) * s.MultiplyAdds(size)
	for _, t := range inputs {
		w.arena.put(t.Data)
	}
	return outputs, nil
}

// cropShape is the shape of n crops of a tensor.
func cropShape(l *incremental.Local, n int, spans []incremental.Interval) []int {
	shape := slices.Clone(l.Shape)
	shape[0] = n
	for axis, span := range spans {
		shape[l.Axes[axis]] = span.Len()
	}
	return shape
}
