package fake

import (
	"context"
	"sync/atomic"

	"picasso/backend/infer"
)

// Opener makes sessions with a function and counts them.
type Opener struct {
	Make func(src infer.Source, opt infer.SessionOptions) (infer.Session, error)

	opened atomic.Int64
}

// Block implements [infer.Opener]: answers come from functions.
func (o *Opener) Block() int64 { return 0 }

// Open calls Make.
func (o *Opener) Open(ctx context.Context, src infer.Source, opt infer.SessionOptions) (infer.Session, error) {
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
	In, Out []infer.Port
	Func    func(ctx context.Context, inputs []infer.Tensor) ([]infer.Tensor, error)
	Name    string // of the provider, "" is "CPU"

	runs   atomic.Int64
	closed atomic.Bool
}

// Inputs are the input ports.
func (s *Session) Inputs() []infer.Port { return s.In }

// Outputs are the output ports.
func (s *Session) Outputs() []infer.Port { return s.Out }

// Provider is Name.
func (s *Session) Provider() string {
	if s.Name == "" {
		return "CPU"
	}
	return s.Name
}

// Run calls Func; after Close it returns [backend.ErrClosed].
func (s *Session) Run(ctx context.Context, inputs []infer.Tensor) ([]infer.Tensor, error) {
	if s.closed.Load() {
		return nil, infer.ErrClosed
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.runs.Add(1)
	return s.Func(ctx, inputs)
}

// Runs is the number of runs so far.
func (s *Session) Runs() int { return int(s.runs.Load()) }

// Closed reports whether Close was called.
func (s *Session) Closed() bool { return s.closed.Load() }

// Close ends the session.
func (s *Session) Close() error {
	s.closed.Store(true)
	return nil
}

// PerPicture makes a session function from one of a single picture: the batch
// is cut along the first axis and the results are stacked.
func PerPicture(f func(x infer.Tensor) infer.Tensor) func(context.Context, []infer.Tensor) ([]infer.Tensor, error) {
	return func(ctx context.Context, inputs []infer.Tensor) ([]infer.Tensor, error) {
		out := make([]infer.Tensor, inputs[0].Shape[0])
		for i := range out {
			out[i] = f(inputs[0].Slice(i))
		}
		return []infer.Tensor{Stack(out)}, ctx.Err()
	}
}
