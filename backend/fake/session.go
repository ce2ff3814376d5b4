package fake

import (
	"context"
	"sync/atomic"

	"picasso/backend"
)

// Opener makes sessions with a function and counts them.
type Opener struct {
	Make func(src backend.Source, opt backend.SessionOptions) (backend.Session, error)

	opened atomic.Int64
}

// Open calls Make.
func (o *Opener) Open(ctx context.Context, src backend.Source, opt backend.SessionOptions) (backend.Session, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	o.opened.Add(1)
	return o.Make(src, opt)
}

// Opened is the number of sessions asked for.
func (o *Opener) Opened() int { return int(o.opened.Load()) }

// Session is a graph given by a function.
type Session struct {
	In, Out []backend.Port
	Func    func(ctx context.Context, inputs []backend.Tensor) ([]backend.Tensor, error)
	Name    string // of the provider, "" is "CPU"

	runs   atomic.Int64
	closed atomic.Bool
}

// Inputs are the input ports.
func (s *Session) Inputs() []backend.Port { return s.In }

// Outputs are the output ports.
func (s *Session) Outputs() []backend.Port { return s.Out }

// Provider is Name.
func (s *Session) Provider() string {
	if s.Name == "" {
		return "CPU"
	}
	return s.Name
}

// Run calls Func; after Close it returns [backend.ErrClosed].
func (s *Session) Run(ctx context.Context, inputs []backend.Tensor) ([]backend.Tensor, error) {
	if s.closed.Load() {
		return nil, backend.ErrClosed
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.runs.Add(1)
	return s.Func(ctx, inputs)
}

// Runs is the number of runs so far.
func (s *Session) Runs() int { return int(s.runs.Load()) }

// Closed tells whether Close was called.
func (s *Session) Closed() bool { return s.closed.Load() }

// Close ends the session.
func (s *Session) Close() error {
	s.closed.Store(true)
	return nil
}

// PerPicture makes a session function from one of a single picture: the batch
// is cut along the first axis and the results are stacked.
func PerPicture(f func(x backend.Tensor) backend.Tensor) func(context.Context, []backend.Tensor) ([]backend.Tensor, error) {
	return func(ctx context.Context, inputs []backend.Tensor) ([]backend.Tensor, error) {
		out := make([]backend.Tensor, inputs[0].Shape[0])
		for i := range out {
			out[i] = f(inputs[0].Slice(i))
		}
		return []backend.Tensor{backend.Stack(out)}, ctx.Err()
	}
}
