package backend

import (
	"context"
	"errors"
	"fmt"
	"image"
	"slices"
	"sync"

	"picasso/backend/onnx/incremental"
)

// baseMaps are the whole maps of the unchanged picture, by tensor; nil for
// tensors that never leave a segment.
type baseMaps [][]float32

// axisPlan is what a range of rows or columns comes to along the plan.
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

// remember runs the plan on whole maps.
func (p *incrementalPlan) remember(ctx context.Context, base Tensor) (baseMaps, error) {
	in, err := p.engine.model.Input.feed([]Tensor{base})
	if err != nil {
		return nil, err
	}
	maps := make(baseMaps, len(p.Prefix.Tensors))
	maps[0] = in.Data
	w := &walk{plan: p, maps: maps, copies: []*copyState{{patches: make([]*patch, len(maps))}}}
	for i, s := range p.Segments {
		outputs, err := w.run(ctx, i, w.copies, incremental.Crop{}, incremental.Crop{})
		if err != nil {
			return nil, err
		}
		for k, e := range s.Exits {
			maps[e.Tensor] = outputs[k].Data
		}
	}
	return maps, nil
}

// score takes the copies through the plan, spread over the workers.
func (p *incrementalPlan) score(ctx context.Context, maps baseMaps, batch []Tensor, changed []image.Rectangle) ([]Scores, float64, error) {
	out := make([]Scores, len(batch))
	workers := min(p.engine.workers, len(batch))
	errs := make([]error, workers)
	macs := make([]float64, workers)
	var wait sync.WaitGroup
	for k := range workers {
		lo, hi := k*len(batch)/workers, (k+1)*len(batch)/workers
		wait.Go(func() {
			for at := lo; at < hi && errs[k] == nil; at += incrementalBatch {
				to := min(at+incrementalBatch, hi)
				w := &walk{plan: p, maps: maps}
				errs[k] = w.score(ctx, batch[at:to], changed[at:to], out[at:to])
				macs[k] += w.macs
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
	copies []*copyState
	macs   float64
}

// copyState is one copy on its way.
type copyState struct {
	axes    [2]*axisPlan
	patches []*patch // by tensor; nil where nothing differs
}

func (w *walk) score(ctx context.Context, batch []Tensor, changed []image.Rectangle, out []Scores) error {
	for i := range batch {
		w.copies = append(w.copies, w.begin(batch[i], changed[i]))
	}
	for i := range w.plan.Segments {
		for key, group := range w.groups(i) {
			if err := w.segment(ctx, i, key, group); err != nil {
				return err
			}
		}
	}
	return w.finish(ctx, out)
}

// begin is a copy of which only the input differs.
func (w *walk) begin(t Tensor, changed image.Rectangle) *copyState {
	in := w.plan.engine.model.Input
	changed = changed.Intersect(image.Rect(0, 0, in.Width, in.Height))
	rows := incremental.Interval{Lo: changed.Min.Y, Hi: changed.Max.Y}
	columns := incremental.Interval{Lo: changed.Min.X, Hi: changed.Max.X}
	c := &copyState{patches: make([]*patch, len(w.maps))}
	c.axes = [2]*axisPlan{w.plan.along(0, rows), w.plan.along(1, columns)}
	if changed.Empty() {
		return c
	}
	p := &patch{data: t.Data, part: [2]incremental.Interval{rows, columns}}
	p.crop = [2]incremental.Interval{{Hi: in.Height}, {Hi: in.Width}}
	if in.Layout == NHWC {
		p.crop = p.part
		p.data = interleavedPart(t, changed)
	}
	c.patches[0] = p
	return c
}

// interleavedPart is a part of a C×H×W tensor as h×w×C.
func interleavedPart(t Tensor, part image.Rectangle) []float32 {
	channels, height, width := t.Shape[0], t.Shape[1], t.Shape[2]
	out := make([]float32, 0, channels*part.Dx()*part.Dy())
	for y := part.Min.Y; y < part.Max.Y; y++ {
		for x := part.Min.X; x < part.Max.X; x++ {
			for c := range channels {
				out = append(out, t.Data[(c*height+y)*width+x])
			}
		}
	}
	return out
}

// cropSize tells crops of different size apart.
type cropSize struct{ y, x int }

// groups are the copies that a segment has to run for, by the size of their
// crops.
func (w *walk) groups(segment int) map[cropSize][]*copyState {
	groups := map[cropSize][]*copyState{}
	for _, c := range w.copies {
		if y, x := c.axes[0], c.axes[1]; y.any[segment] && x.any[segment] {
			key := cropSize{y.crops[segment].Less, x.crops[segment].Less}
			groups[key] = append(groups[key], c)
		}
	}
	return groups
}

// segment runs one segment for copies whose crops have one size and keeps what
// differs.
func (w *walk) segment(ctx context.Context, i int, size cropSize, group []*copyState) error {
	s := w.plan.Segments[i]
	outputs, err := w.run(ctx, i, group, incremental.Crop{Less: size.y}, incremental.Crop{Less: size.x})
	if err != nil {
		return err
	}
	for k, e := range s.Exits {
		for n, c := range group {
			p := &patch{data: outputs[k].Slice(n).Data}
			for axis, a := range c.axes {
				p.crop[axis], p.part[axis] = s.ExitSpan(k, axis, a.crops[i]), a.reach[e.Tensor]
			}
			if !p.part[0].Empty() && !p.part[1].Empty() {
				c.patches[e.Tensor] = p
			}
		}
	}
	return nil
}

// run feeds a segment with crops. Copies without axes take the whole maps.
func (w *walk) run(ctx context.Context, i int, group []*copyState, y, x incremental.Crop) ([]Tensor, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s := w.plan.Segments[i]
	inputs := make([]Tensor, len(s.Entries))
	for k, e := range s.Entries {
		l := w.plan.Prefix.Tensors[e.Tensor]
		f := newField(l)
		shape := append([]int{len(group)}, l.Shape[1:]...)
		shape[l.Axes[0]], shape[l.Axes[1]] = s.EntrySpan(k, 0, y).Len(), s.EntrySpan(k, 1, x).Len()
		inputs[k] = NewTensor(shape...)
		for n, c := range group {
			cy, cx := y, x
			if c.axes[0] != nil {
				cy, cx = c.axes[0].crops[i], c.axes[1].crops[i]
			}
			f.cut(inputs[k].Slice(n).Data, w.maps[e.Tensor], s.EntrySpan(k, 0, cy), s.EntrySpan(k, 1, cx), c.patches[e.Tensor])
		}
	}
	w.macs += float64(len(group)) * s.MultiplyAdds(y, x)
	outputs, err := w.plan.parts[i].Run(ctx, inputs)
	if err != nil {
		return nil, err
	}
	for k, e := range s.Exits {
		l := w.plan.Prefix.Tensors[e.Tensor]
		shape := append([]int{len(group)}, l.Shape[1:]...)
		shape[l.Axes[0]], shape[l.Axes[1]] = s.ExitSpan(k, 0, y).Len(), s.ExitSpan(k, 1, x).Len()
		if !slices.Equal(outputs[k].Shape, shape) {
			return nil, fmt.Errorf("the tensor %q has the shape %v on a crop where %v was expected", l.Name, outputs[k].Shape, shape)
		}
	}
	return outputs, nil
}

// finish runs the tail and reads the scores.
func (w *walk) finish(ctx context.Context, out []Scores) error {
	model := w.plan.engine.model
	step := len(w.copies)
	if model.Input.FixedBatch {
		step = 1
	}
	scoring, names := model.scoring(), model.wanted()
	for at := 0; at < len(w.copies); at += step {
		group := w.copies[at:min(at+step, len(w.copies))]
		found, err := w.outputs(ctx, group)
		if err != nil {
			return err
		}
		for n := range group {
			tensors := [2]Tensor{}
			for k, name := range names {
				t := found[name]
				if len(t.Shape) == 0 || t.Shape[0] != len(group) {
					return errors.New("the tail of the model does not answer picture by picture")
				}
				tensors[k] = t.Slice(n)
				tensors[k].Shape = append([]int{1}, tensors[k].Shape...)
			}
			if out[at+n], err = scoring.scores(tensors[0], tensors[1]); err != nil {
				return err
			}
		}
	}
	return nil
}

// outputs are the wanted tensors of some copies.
func (w *walk) outputs(ctx context.Context, group []*copyState) (map[string]Tensor, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	tail := w.plan.Tail
	found := map[string]Tensor{}
	for _, id := range tail.Local {
		found[w.plan.Prefix.Tensors[id].Name] = w.whole(id, group)
	}
	if w.plan.tail == nil {
		return found, nil
	}
	inputs := make([]Tensor, len(tail.Inputs))
	for k, id := range tail.Inputs {
		inputs[k] = w.whole(id, group)
	}
	outputs, err := w.plan.tail.Run(ctx, inputs)
	if err != nil {
		return nil, err
	}
	w.macs += float64(len(group)) * tail.MultiplyAdds
	for k, name := range tail.Names {
		found[name] = outputs[k]
	}
	return found, nil
}

// whole are whole maps of a tensor, one per copy.
func (w *walk) whole(id int, group []*copyState) Tensor {
	l := w.plan.Prefix.Tensors[id]
	f := newField(l)
	t := NewTensor(append([]int{len(group)}, l.Shape[1:]...)...)
	y, x := incremental.Interval{Hi: f.rows}, incremental.Interval{Hi: f.columns}
	for n, c := range group {
		dst := t.Slice(n).Data
		copy(dst, w.maps[id])
		if p := c.patches[id]; p != nil {
			f.paste(dst, y, x, p)
		}
	}
	return t
}
