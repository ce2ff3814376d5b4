//go:build cgo

package ort

import (
	"context"
	"errors"
	"slices"
	"time"

	onnxruntime "github.com/yalue/onnxruntime_go"

	"picasso/backend/infer"
)

// patience is how long a run whose context ended waits for the library, which
// looks up between two nodes of the graph only. One node over a large batch can
// take seconds.
const patience = 50 * time.Millisecond

// outcome is what a run of the library gave.
type outcome struct {
	values []onnxruntime.Value
	err    error
}

// call runs the model until ctx ends or the session is closed. It lets go of
// the inputs when the library did.
func (s *session) call(ctx context.Context, inputs *fed) ([]onnxruntime.Value, error) {
	s.mu.RLock()
	if err := s.ready(ctx); err != nil {
		s.mu.RUnlock()
		inputs.done()
		return nil, err
	}
	ended := s.rest.begin(s)
	compute := func() outcome {
		defer ended()
		defer s.mu.RUnlock()
		defer inputs.done()
		values, err := s.compute(ctx, inputs)
		return outcome{values, err}
	}
	if s.pace.quick(inputs.values) {
		o := compute()
		return o.values, o.err
	}
	done := make(chan outcome, 1)
	go func() { done <- compute() }()
	select {
	case o := <-done:
		return o.values, o.err
	case <-ctx.Done():
	}
	select {
	case o := <-done:
		destroy(o.values)
	case <-time.After(patience):
		go func() { destroy((<-done).values) }()
	}
	return nil, ctx.Err()
}

func (s *session) ready(ctx context.Context) error {
	if s.run == nil || s.life.Err() != nil {
		return infer.ErrClosed
	}
	return ctx.Err()
}

// compute is one run of the library. Each has run options of its own, for
// options once told to terminate stay so.
func (s *session) compute(ctx context.Context, fed *fed) ([]onnxruntime.Value, error) {
	inputs := fed.values
	options, err := onnxruntime.NewRunOptions()
	if err != nil {
		return nil, err
	}
	defer options.Destroy()
	defer terminateWhen(ctx, options)()
	defer terminateWhen(s.life, options)()
	outputs, reused := fed.into, false
	if outputs == nil {
		outputs, reused = s.old.take(shapesOf(inputs), len(s.outputs))
	}
	s.held.Begin()
	start := time.Now()
	all := inputs
	if s.fixed != nil {
		all = slices.Concat(inputs, s.fixed.values)
	}
	err = s.run.RunWithOptions(all, outputs, options)
	if err != nil && reused && ctx.Err() == nil && s.life.Err() == nil { // shapes that depend on values
		destroy(outputs)
		clear(outputs)
		err = s.run.RunWithOptions(all, outputs, options)
	}
	if err == nil {
		if err = s.weights.changed(); err == nil {
			s.pace.note(inputs, time.Since(start))
			return outputs, nil
		}
	}
	destroy(outputs)
	var changed *infer.ChangedError
	switch {
	case errors.As(err, &changed):
		return nil, err
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case s.life.Err() != nil:
		return nil, infer.ErrClosed
	}
	return nil, runFault(s.model, err)
}

// terminateWhen asks a run to stop once ctx ends. The function it returns ends
// the watch and waits for a request under way, after which the options may go.
func terminateWhen(ctx context.Context, options *onnxruntime.RunOptions) (stop func()) {
	asked := make(chan struct{})
	cancel := context.AfterFunc(ctx, func() {
		defer close(asked)
		_ = options.Terminate()
	})
	return func() {
		if !cancel() {
			<-asked
		}
	}
}

func destroy(values []onnxruntime.Value) {
	for _, v := range values {
		if v != nil {
			_ = v.Destroy()
		}
	}
}
