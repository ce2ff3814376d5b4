//go:build cgo

package ort

import (
	"context"
	"fmt"
	"slices"

	onnxruntime "github.com/yalue/onnxruntime_go"

	"picasso/backend/infer"
	"picasso/backend/onnx"
)

var _ infer.Writer = (*session)(nil)

// RunInto implements [backend.Writer]. Outputs of float32 are written by the
// library itself, others are converted.
func (s *session) RunInto(ctx context.Context, inputs, outputs []infer.Tensor) error {
	if len(outputs) != len(s.outputs) {
		return fmt.Errorf("%s has %d outputs, but got %d tensors", s.model, len(s.outputs), len(outputs))
	}
	if slices.ContainsFunc(s.outputs, func(p infer.Port) bool { return p.Type != onnx.Float }) {
		return s.runAndCopy(ctx, inputs, outputs)
	}
	values := make([]infer.Value, len(inputs))
	for i, t := range inputs {
		values[i] = infer.Given(t)
	}
	fed, err := s.feed(values)
	if err != nil {
		return err
	}
	for i, t := range outputs {
		var v onnxruntime.Value
		if err = t.Check(); err == nil {
			v, err = newValue(t, onnx.Float)
		}
		if err != nil {
			destroy(fed.into)
			fed.done()
			return fmt.Errorf("%s, output %q: %w", s.model, s.outputs[i].Name, err)
		}
		fed.into = append(fed.into, v)
	}
	results, err := s.call(ctx, fed)
	destroy(results)
	return err
}

func (s *session) runAndCopy(ctx context.Context, inputs, outputs []infer.Tensor) error {
	results, err := s.Run(ctx, inputs)
	if err != nil {
		return err
	}
	for i, t := range results {
		if !slices.Equal(t.Shape, outputs[i].Shape) {
			return fmt.Errorf("%s: output %q has the shape %v, not %v", s.model, s.outputs[i].Name, t.Shape, outputs[i].Shape)
		}
		copy(outputs[i].Data, t.Data)
	}
	return nil
}
