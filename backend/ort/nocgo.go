//go:build !cgo

package ort

import (
	"context"

	"picasso/backend/infer"
)

// Runtime opens models with ONNX Runtime; in this build it cannot.
type Runtime struct{ err error }

var _ infer.Runtime = (*Runtime)(nil)

// Load answers that this build cannot load libraries. The runtime is never nil.
func Load(Config) (*Runtime, error) {
	r := &Runtime{err: &infer.NoRuntimeError{
		Remedy: "This program was built without cgo, which is needed to load the library. Build it with CGO_ENABLED=1 and a C compiler.",
	}}
	return r, r.err
}

// Library is "": none is loaded.
func (r *Runtime) Library() string { return "" }

// Version is "": no library is loaded.
func (r *Runtime) Version() string { return "" }

// Block is 0: nothing is computed.
func (r *Runtime) Block() int64 { return 0 }

// Open answers with the error of [Load].
func (r *Runtime) Open(context.Context, infer.Source, infer.SessionOptions) (infer.Session, error) {
	return nil, r.err
}

// Held is nothing.
func (r *Runtime) Held() []infer.Holding { return nil }

// Diagnose tells why nothing can be run.
func (r *Runtime) Diagnose(context.Context) infer.Diagnosis {
	return infer.Diagnosis{Err: r.err.Error()}
}

// Close does nothing.
func (r *Runtime) Close() error { return nil }
