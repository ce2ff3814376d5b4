package script

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"picasso/backend/infer"
	"picasso/backend/score"
	"picasso/visualizers"
	"picasso/visualizers/cover"
	"picasso/visualizers/script/wire"
	"picasso/visualizers/trust"
)

// Explain runs the script in a sandbox, once for each target. Images that the
// model has answered for one target are not run again for the next.
func (s *Script) Explain(ctx context.Context, in visualizers.Input, emit func(visualizers.Result)) (visualizers.Result, error) {
	if err := s.ready(ctx, in); err != nil {
		return visualizers.Result{}, err
	}
	p, err := s.start(ctx)
	if err != nil {
		return visualizers.Result{}, err
	}
	e := &execution{script: s, process: p, in: in, emit: emit, known: newMemory(in)}
	_, err = s.declared(ctx, p)
	if err == nil {
		err = e.all(ctx)
	}
	p.end()
	if err != nil {
		return visualizers.Result{}, fmt.Errorf("%s: %w", s.info.ID, s.verdict(ctx, p, err))
	}
	return e.result(1, ""), nil
}

// ready finds what is wrong before a process is started.
func (s *Script) ready(ctx context.Context, in visualizers.Input) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := in.Check(); err != nil {
		return fmt.Errorf("%s: the input cannot be explained: %w", s.info.ID, err)
	}
	if err := s.Require(in.Subject); err != nil {
		return fmt.Errorf("%s: %w", s.info.ID, err)
	}
	if slices.Contains(s.needs, wire.NeedPicture) && in.Image == nil {
		return fmt.Errorf("%s: %w", s.info.ID, cover.ErrNoPicture)
	}
	return nil
}

// execution is one run of a script: its process and what it found so far.
type execution struct {
	script  *Script
	process *process
	in      visualizers.Input
	emit    func(visualizers.Result)
	known   *memory

	target  int // being explained
	maps    []visualizers.Map
	parts   []visualizers.Part
	passes  int
	done    float64
	printed int
	values  int // kept of results
	copies  []infer.Tensor
	judges  trust.Judge
}

// all explains every target in turn.
func (e *execution) all(ctx context.Context) error {
	for e.target = range e.in.Targets {
		if err := e.begin(); err != nil {
			return err
		}
		output, err := e.attend(ctx)
		if err != nil {
			return err
		}
		for _, t := range output.Tensors {
			e.values += len(t.Data)
		}
		if e.values > e.script.host.Limits.Result {
			return &Error{File: e.script.name, Message: fmt.Sprintf("its results have more than %d values", e.script.host.Limits.Result)}
		}
		maps, parts, err := e.found(output)
		if err != nil {
			return err
		}
		e.maps, e.parts = append(e.maps, maps...), merge(e.parts, parts)
		e.done = max(e.done, float64(e.target+1)/float64(len(e.in.Targets)))
	}
	if len(e.maps) != 0 && len(e.maps) != len(e.in.Targets) {
		return &Error{File: e.script.name, Message: "run returned heat maps for only some of the classes"}
	}
	return nil
}

// atOnce is the least number of images a script should send together: every
// question is a change of processes, even where the model takes one by one.
const atOnce = 8

// begin sends the target to explain.
func (e *execution) begin() error {
	t := e.in.Targets[e.target]
	m := e.in.Subject
	job := &wire.Job{
		Target: wire.Target{Class: t.Class, Against: t.Against, Logit: t.Score == score.Logit, Symbol: t.Symbol(m)},
		Values: map[string]any{}, HasLogits: m.HasLogits(), HasPicture: e.in.Image != nil,
		HasGradients: visualizers.RequireGradient(m) == nil, Batch: max(atOnce, m.Batch()), Depth: visualizers.DepthOf(m),
	}
	if _, err := t.Value(e.in.Base); err != nil {
		return err
	}
	for _, set := range e.script.settings {
		job.Values[set.Key()] = chosen(set, e.in)
	}
	for i := range m.Classes() {
		job.Labels = append(job.Labels, m.ClassName(i))
	}
	if l, ok := m.(visualizers.Layered); ok && slices.Contains(e.script.needs, wire.NeedLayers) {
		job.LastLayer = l.LastLayer()
		for _, y := range l.Layers() {
			job.Layers = append(job.Layers, wire.Layer{Name: y.Name, Channels: y.Channels, Depth: y.Depth, Height: y.Height / max(y.Depth, 1), Width: y.Width, Axes: y.Axes, Form: y.Form})
		}
	}
	return e.send(&wire.Message{Kind: wire.Run, Job: job, Tensors: []wire.Tensor{
		toWire(e.in.Tensor, visualizers.DepthOf(m)), vector(e.in.Base.Probabilities), vector(e.in.Base.Logits),
	}})
}

// send words a message that cannot be written: too large, or nobody reads it.
func (e *execution) send(m *wire.Message) error {
	err := e.process.send(m)
	if err != nil && !errors.Is(err, wire.ErrFrame) {
		return &lost{err}
	}
	return err
}

// attend serves the script until it has finished one target.
func (e *execution) attend(ctx context.Context) (*wire.Message, error) {
	for {
		m, err := e.process.receive()
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil {
			return nil, &lost{err}
		}
		switch m.Kind {
		case wire.Print:
			e.script.print(m.Text, &e.printed)
		case wire.Progress:
			e.report(m.Share, m.Text, nil, nil)
		case wire.Partial:
			err = e.partial(m)
		case wire.Call:
			err = e.serve(ctx, m)
		case wire.Finished:
			return m, nil
		case wire.Failed:
			return nil, newError(e.script.name, m.Fault)
		default:
			return nil, &lost{wire.ErrFrame}
		}
		if err != nil {
			return nil, err
		}
	}
}

// partial shows results so far. Maps are shown when every target has one.
func (e *execution) partial(m *wire.Message) error {
	maps, parts, err := e.found(m)
	if err != nil {
		return err
	}
	e.report(e.share(), "", append(slices.Clone(e.maps), maps...), parts)
	return nil
}

// share is how much of the present target is done.
func (e *execution) share() float64 {
	n := float64(len(e.in.Targets))
	return e.done*n - float64(e.target)
}

func (e *execution) report(share float64, stage string, maps []visualizers.Map, parts []visualizers.Part) {
	share = min(max(share, 0), 1)
	e.done = max(e.done, (float64(e.target)+share)/float64(len(e.in.Targets)))
	if e.emit == nil {
		return
	}
	r := e.result(e.done, cut(stage, 100))
	r.Maps, r.Parts = nil, merge(slices.Clone(e.parts), parts)
	if len(maps) == len(e.in.Targets) {
		r.Maps = maps
	}
	e.emit(r)
}

func (e *execution) result(done float64, stage string) visualizers.Result {
	r := visualizers.Result{Maps: e.maps, Parts: e.parts, Done: done, Passes: e.passes, Stage: stage}
	if done == 1 && len(r.Maps) == 0 && len(r.Parts) == 0 {
		r.Warnings = []string{"The script finished but returned nothing to show."}
	}
	return r
}

// toWire is a tensor as scripts see it: slices, of which there are depth where that is
// not 0, have an axis of their own.
func toWire(t infer.Tensor, depth int) wire.Tensor {
	if depth == 0 {
		return wire.Tensor{Shape: t.Shape, Data: t.Data}
	}
	return wire.Tensor{Shape: []int{t.Shape[0], depth, t.Shape[1] / depth, t.Shape[2]}, Data: t.Data}
}

// fromWire is a tensor as models get it: slices lie under each other.
func fromWire(t wire.Tensor) infer.Tensor {
	if len(t.Shape) == 4 {
		return infer.Tensor{Shape: []int{t.Shape[0], t.Shape[1] * t.Shape[2], t.Shape[3]}, Data: t.Data}
	}
	return infer.Tensor{Shape: t.Shape, Data: t.Data}
}

func vector(v []float32) wire.Tensor { return wire.Tensor{Shape: []int{len(v)}, Data: v} }
