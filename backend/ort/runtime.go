//go:build cgo

package ort

import (
	"context"
	"errors"
	"sync"

	onnxruntime "github.com/yalue/onnxruntime_go"

	"picasso/backend/infer"
)

// Runtime opens models with ONNX Runtime. It is safe for concurrent use.
type Runtime struct {
	library string   // path of the loaded library, "" when none
	looked  []string // what became of every place
	err     error    // why there is no library

	mu       sync.Mutex
	rest     *rest
	closed   bool
	sessions map[*session]struct{}
	attempts map[infer.ProviderName]infer.Attempt // the last of each provider
}

var _ infer.Runtime = (*Runtime)(nil)

// Load finds and loads the library. The runtime is never nil: without a library
// its Open answers with the same [*backend.NoRuntimeError] as Load, so that a
// window can open and show it.
//
// The library stays loaded until the process ends. A second Load shares it.
func Load(cfg Config) (*Runtime, error) {
	library, looked, err := loadEnvironment(cfg)
	r := &Runtime{
		library: library, looked: looked, err: err,
		sessions: map[*session]struct{}{},
		attempts: map[infer.ProviderName]infer.Attempt{},
	}
	r.rest = newRest(r.pause, r.tidy)
	return r, err
}

// Library is the path of the loaded library, "" when there is none; worth
// saving for the next start.
func (r *Runtime) Library() string { return r.library }

// Version is the release of the loaded library, "" when there is none.
func (r *Runtime) Version() string {
	if r.err != nil {
		return ""
	}
	return onnxruntime.GetVersion()
}

// Open makes a session. Errors are sentences that name the file, the fault and
// the remedy. Creating a session cannot be interrupted, so when ctx ends first
// Open returns and the session is thrown away once it is there.
func (r *Runtime) Open(ctx context.Context, src infer.Source, opt infer.SessionOptions) (infer.Session, error) {
	if r.err != nil {
		return nil, r.err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	type result struct {
		session *session
		err     error
	}
	done := make(chan result, 1)
	go func() {
		s, err := r.start(src, opt)
		done <- result{s, err}
	}()
	select {
	case got := <-done:
		if got.err != nil {
			return nil, got.err
		}
		return got.session, nil
	case <-ctx.Done():
		go func() {
			if late := <-done; late.session != nil {
				_ = late.session.Close()
			}
		}()
		return nil, ctx.Err()
	}
}

func (r *Runtime) start(src infer.Source, opt infer.SessionOptions) (*session, error) {
	defer r.rest.begin(nil)()
	s, err := r.withWeights(src, opt)
	if err != nil {
		return nil, err
	}
	s.use, s.rest = opt.Use, r.rest
	if opt.Prepack {
		s.constant *= 2
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		_ = s.Close()
		return nil, errors.New("the program is closing")
	}
	r.sessions[s] = struct{}{}
	s.forget = func() {
		defer r.rest.begin(nil)()
		r.mu.Lock()
		defer r.mu.Unlock()
		delete(r.sessions, s)
	}
	return s, nil
}

// Close stops every run and closes every session, in a second at most even where
// one computes on. The library stays loaded.
func (r *Runtime) Close() error {
	r.mu.Lock()
	r.closed = true
	r.rest.stop()
	r.mu.Unlock()
	open := r.all()
	errs := make([]error, len(open))
	var all sync.WaitGroup
	for i, s := range open {
		all.Go(func() { errs[i] = s.Close() })
	}
	all.Wait()
	return errors.Join(errs...)
}
