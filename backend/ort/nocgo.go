//go:build !cgo

package ort

import (
	"context"

	"picasso/backend"
)

// Runtime opens models with ONNX Runtime; in this build it cannot.
type Runtime struct{ err error }

var _ backend.Runtime = (*Runtime)(nil)

// Load answers that this build cannot load libraries. The runtime is never nil.
func Load(Config) (*Runtime, error) {
	r := &Runtime{err: &backend.NoRuntimeError{
		Remedy: "This program was built without cgo, which loading the library needs. Build it with CGO_ENABLED=1 and a C compiler.",
	}}
	return r, r.err
}

// Library is "": none is loaded.
func (r *Runtime) Library() string { return "" }

// Version is "": no library is loaded.
func (r *Runtime) Version() string { return "" }

// Open answers with the error of [Load].
func (r *Runtime) Open(context.Context, backend.Source, backend.SessionOptions) (backend.Session, error) {
	return nil, r.err
}

// Diagnose tells why nothing can be run.
func (r *Runtime) Diagnose(context.Context) backend.Diagnosis {
	return backend.Diagnosis{Err: r.err.Error()}
}

// Close does nothing.
func (r *Runtime) Close() error { return nil }
