//go:build cgo

package ort

import (
	"context"
	"fmt"
	"runtime"
	"sync"

	onnxruntime "github.com/yalue/onnxruntime_go"

	"picasso/backend"
)

// session is one model loaded by the library.
type session struct {
	model    string
	provider string
	inputs   []backend.Port
	outputs  []backend.Port
	forget   func() // tells the runtime that the session is gone; may be nil

	life context.Context // ends when the session is closed
	end  context.CancelFunc
	mu   sync.RWMutex // held for reading by every run
	run  *onnxruntime.DynamicAdvancedSession
}

func newSession(g *graph, options *onnxruntime.SessionOptions, provider string) (*session, error) {
	var run *onnxruntime.DynamicAdvancedSession
	var err error
	if g.data != nil {
		run, err = onnxruntime.NewDynamicAdvancedSessionWithONNXData(g.data, names(g.inputs), names(g.outputs), options)
	} else {
		run, err = onnxruntime.NewDynamicAdvancedSession(g.path, names(g.inputs), names(g.outputs), options)
	}
	if err != nil {
		return nil, err
	}
	life, end := context.WithCancel(context.Background())
	return &session{
		model: g.name, provider: provider, inputs: g.inputs, outputs: g.outputs,
		life: life, end: end, run: run,
	}, nil
}

func (s *session) Inputs() []backend.Port  { return s.inputs }
func (s *session) Outputs() []backend.Port { return s.outputs }
func (s *session) Provider() string        { return s.provider }

// Close stops runs in progress, waits for them and frees the model. Closing
// again does nothing.
func (s *session) Close() error {
	s.end()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.run == nil {
		return nil
	}
	if s.forget != nil {
		s.forget()
	}
	err := s.run.Destroy()
	s.run = nil
	return err
}

// Run implements [backend.Session].
func (s *session) Run(ctx context.Context, inputs []backend.Tensor) ([]backend.Tensor, error) {
	values, err := s.feed(inputs)
	defer destroy(values)
	if err != nil {
		return nil, err
	}
	results, err := s.call(ctx, values)
	defer destroy(results)
	if err != nil {
		return nil, err
	}
	out := make([]backend.Tensor, len(results))
	for i, v := range results {
		if out[i], err = readValue(v); err != nil {
			return nil, fmt.Errorf("%s, output %q: %w", s.model, s.outputs[i].Name, err)
		}
	}
	runtime.KeepAlive(inputs)
	return out, nil
}

// feed converts inputs to the ports' types after checking their shapes.
func (s *session) feed(inputs []backend.Tensor) ([]onnxruntime.Value, error) {
	if len(inputs) != len(s.inputs) {
		return nil, fmt.Errorf("%s has %d inputs, but was given %d tensors", s.model, len(s.inputs), len(inputs))
	}
	var values []onnxruntime.Value
	for i, t := range inputs {
		if err := fits(s.inputs[i], t); err != nil {
			return values, fmt.Errorf("%s: %w", s.model, err)
		}
		v, err := newValue(t, s.inputs[i].Type)
		if err != nil {
			return values, fmt.Errorf("%s, input %q: %w", s.model, s.inputs[i].Name, err)
		}
		values = append(values, v)
	}
	return values, nil
}

// call runs the model until ctx ends or the session is closed.
func (s *session) call(ctx context.Context, inputs []onnxruntime.Value) ([]onnxruntime.Value, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.run == nil {
		return nil, backend.ErrClosed
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	options, err := onnxruntime.NewRunOptions()
	if err != nil {
		return nil, err
	}
	defer options.Destroy()
	defer terminateWhen(ctx, options)()
	defer terminateWhen(s.life, options)()
	outputs := make([]onnxruntime.Value, len(s.outputs))
	err = s.run.RunWithOptions(inputs, outputs, options)
	if err == nil {
		return outputs, nil
	}
	destroy(outputs)
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case s.life.Err() != nil:
		return nil, backend.ErrClosed
	}
	return nil, runFault(s.model, err)
}

// terminateWhen asks a run to stop once ctx ends. The function it returns ends
// the watch and waits for a request under way, after which the options may go.
func terminateWhen(ctx context.Context, options *onnxruntime.RunOptions) (stop func()) {
	done := make(chan struct{})
	cancel := context.AfterFunc(ctx, func() {
		defer close(done)
		_ = options.Terminate()
	})
	return func() {
		if !cancel() {
			<-done
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
