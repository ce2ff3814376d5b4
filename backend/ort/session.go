//go:build cgo

package ort

import (
	"context"
	"fmt"
	"sync"
	"time"

	onnxruntime "github.com/yalue/onnxruntime_go"

	"picasso/backend/infer"
	"picasso/backend/ort/workers"
)

// session is one model loaded by the library. Float32 tensors are neither
// copied on their way in nor converted on their way out.
//
// A run whose context ends returns soon (see patience) even when the library
// still computes; until that computation is over too, it may read the run's
// inputs. What it reads then is of no consequence.
type session struct {
	model    string
	provider string
	inputs   []infer.Port
	outputs  []infer.Port
	use      infer.Use
	rest     *rest
	forget   func() // tells the runtime that the session is closed; may be nil
	constant int64  // bytes of weights that are not mapped, repacked copies included

	life  context.Context // ends when the session is closed
	end   context.CancelFunc
	pace  pace
	old   spare
	fixed *fixed        // nil where there are none
	held  *workers.Held // threads that begin with the first run
	// weights are the mapped files, nil when there are none.
	weights *weights
	mu      sync.RWMutex // held for reading by every run
	run     *onnxruntime.DynamicAdvancedSession
}

var (
	_ infer.Recycler = (*session)(nil)
	_ infer.Holder   = (*session)(nil)
)

func newSession(g *graph, options *onnxruntime.SessionOptions, provider string) (*session, error) {
	var run *onnxruntime.DynamicAdvancedSession
	var err error
	held := holdWorkers(options)
	if g.data != nil {
		run, err = onnxruntime.NewDynamicAdvancedSessionWithONNXData(g.data, portNames(g.inputs), g.asked, options)
	} else {
		run, err = onnxruntime.NewDynamicAdvancedSession(g.path, portNames(g.inputs), g.asked, options)
	}
	if err != nil {
		held.Free()
		return nil, err
	}
	g.weights.settled()
	life, end := context.WithCancel(context.Background())
	return &session{
		model: g.name, provider: provider, inputs: g.inputs, outputs: g.outputs, constant: g.constant,
		life: life, end: end, run: run, held: held, weights: g.weights,
	}, nil
}

func (s *session) Inputs() []infer.Port  { return s.inputs }
func (s *session) Outputs() []infer.Port { return s.outputs }
func (s *session) Provider() string      { return s.provider }

// sessionBytes is about what a session takes that has no weights: its graph, its
// kernels, the stacks of its threads.
const sessionBytes = 1 << 20

// Held implements [infer.Holder].
func (s *session) Held() int64 { return sessionBytes + s.constant + s.old.bytes() }

// abandon is how long closing waits for runs that were told to stop. The library
// looks up between two nodes only, and one may take minutes.
const abandon = time.Second

// Close stops runs in progress, waits for them and frees the model. A run that
// does not stop is left behind: the model is freed when it ends, and the program
// may end before. Closing again does nothing.
func (s *session) Close() error {
	s.end()
	done := make(chan error, 1)
	go func() { done <- s.free() }()
	select {
	case err := <-done:
		return err
	case <-time.After(abandon):
		return nil
	}
}

// free waits for the runs and frees the model.
func (s *session) free() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.run == nil {
		return nil
	}
	if s.forget != nil {
		s.forget()
	}
	s.old.drop()
	err := s.run.Destroy()
	s.held.Free()
	s.fixed.destroy()
	s.weights.release()
	s.run = nil
	return err
}

// Run implements [backend.Session].
func (s *session) Run(ctx context.Context, inputs []infer.Tensor) ([]infer.Tensor, error) {
	values := make([]infer.Value, len(inputs))
	for i, t := range inputs {
		values[i] = infer.Given(t)
	}
	kept, err := s.RunKeep(ctx, values)
	if err != nil {
		return nil, err
	}
	out := make([]infer.Tensor, len(kept))
	for i, v := range kept {
		t, convert := v.Tensor()
		if convert != nil {
			err = fmt.Errorf("%s, output %q: %w", s.model, s.outputs[i].Name, convert)
		}
		out[i] = t
		_ = v.Close()
	}
	if err != nil {
		return nil, err
	}
	return out, nil
}

// RunKeep implements [backend.Keeper].
func (s *session) RunKeep(ctx context.Context, inputs []infer.Value) ([]infer.Value, error) {
	fed, err := s.feed(inputs)
	if err != nil {
		return nil, err
	}
	shapes := shapesOf(fed.values)
	results, err := s.call(ctx, fed)
	if err != nil {
		return nil, err
	}
	out := make([]infer.Value, len(results))
	for i, v := range results {
		k := newKept(v, s.outputs[i])
		k.shapes = shapes
		out[i] = k
	}
	return out, nil
}

// Recycle implements [backend.Recycler].
func (s *session) Recycle(outputs []infer.Value) {
	for i, v := range outputs {
		k, ok := v.(*kept)
		if !ok {
			_ = v.Close()
			continue
		}
		k.recycle(func(v onnxruntime.Value) { s.old.put(k.shapes, i, len(outputs), v) })
	}
}
