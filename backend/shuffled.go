package backend

import (
	"context"
	"fmt"
	"math"

	"picasso/backend/infer"
	"picasso/backend/onnx"
	"picasso/backend/onnx/gradient"
	"picasso/backend/onnx/shuffle"
)

// Weighted is the part of the model's graph that its scores are made by, without
// local functions, for [Model.Reweighed].
func (m *Model) Weighted(ctx context.Context) (*onnx.Model, error) {
	if err := m.current(ctx); err != nil {
		return nil, err
	}
	file := m.graph().Clone()
	tensors := m.scoring().Tensors()
	if err := file.Graph.Expose(tensors...); err != nil {
		return nil, err
	}
	file.Graph.KeepOutputs(tensors...)
	file.Graph.Prune()
	if len(file.Functions) > 0 {
		var err error
		if file, err = gradient.Inline(file); err != nil {
			return nil, err
		}
		file.Functions = nil
	}
	return file, file.Graph.Sort()
}

// Reweighed opens the model with other weights: file is a copy of
// [Model.Weighted] with other constants of the same shapes. It is used like m and
// closed apart from it, without asking the user's file again.
func (m *Model) Reweighed(ctx context.Context, file *onnx.Model) (*Model, error) {
	m.mu.RLock()
	other := &Model{
		Path: m.Path, Name: m.Name, File: file, Card: m.Card.Clone(),
		opener: m.opener, provider: m.provider, threads: m.threads, mapped: m.mapped, notice: m.notice,
		pictures: m.pictures, edited: true, single: m.single, jobs: infer.NewJobs(), trying: untried{},
	}
	other.parts = newParts(other.weights())
	if m.references != nil {
		other.references = &references{told: true}
	}
	m.mu.RUnlock()
	var err error
	if other.main, err = other.openForward(ctx, m.scoring().Tensors()...); err != nil {
		return nil, err
	}
	return other, nil
}

// Gauged opens a gauge of the model, to be run on one picture; end closes it. A
// run gives the standard deviation of what each unit writes.
func (m *Model) Gauged(ctx context.Context, g *shuffle.Gauge, x infer.Tensor) (measure shuffle.Measure, end func() error, err error) {
	small, folder, err := g.Model.Detach()
	if err != nil {
		return nil, nil, err
	}
	data, err := small.Encode()
	if err != nil {
		return nil, nil, err
	}
	s, err := host{m}.Open(ctx, infer.Source{Bytes: data, Folder: folder})
	if err != nil {
		return nil, nil, fmt.Errorf("the layers of %s cannot be measured: %w", m.Name, err)
	}
	_, spec := m.preparation()
	fed, err := spec.Feed([]infer.Tensor{x})
	if err != nil {
		s.Close()
		return nil, nil, err
	}
	return func(ctx context.Context, factors []float64) ([]float64, error) {
		return gaugedRun(ctx, s, g, fed, factors)
	}, s.Close, nil
}

func gaugedRun(ctx context.Context, s infer.Session, g *shuffle.Gauge, fed infer.Tensor, factors []float64) ([]float64, error) {
	inputs := make([]infer.Tensor, len(s.Inputs()))
	for i := range inputs {
		inputs[i] = fed
	}
	for i, name := range g.Factors {
		if at := infer.PortIndex(s.Inputs(), name); name != "" && at >= 0 {
			inputs[at] = infer.Tensor{Shape: []int{}, Data: []float32{float32(factors[i])}}
		}
	}
	outputs, err := s.Run(ctx, inputs)
	if err != nil {
		return nil, err
	}
	spreads := make([]float64, len(g.Outputs))
	for i, name := range g.Outputs {
		spreads[i] = math.NaN()
		if at := infer.PortIndex(s.Outputs(), name); name != "" && at >= 0 {
			spreads[i] = deviation(outputs[at].Data)
		}
	}
	return spreads, nil
}

// deviation is the standard deviation of values.
func deviation(values []float32) float64 {
	var sum, squares float64
	for _, v := range values {
		sum += float64(v)
	}
	mean := sum / float64(len(values))
	for _, v := range values {
		squares += (float64(v) - mean) * (float64(v) - mean)
	}
	return math.Sqrt(squares / float64(len(values)))
}
