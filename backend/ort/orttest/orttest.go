// Package orttest opens models with the real ONNX Runtime in tests.
package orttest

import (
	"testing"

	"picasso/backend"
	"picasso/backend/fixtures"
	"picasso/backend/infer"
	"picasso/backend/ort"
)

// Runtime is the real runtime. Where there is none
// the test is skipped, or fails: see [fixtures.NoRuntime].
func Runtime(t testing.TB) *ort.Runtime {
	t.Helper()
	r, err := ort.Load(ort.Config{})
	if err != nil {
		fixtures.NoRuntime(t, err)
	}
	return r
}

// Open opens a model with the real runtime, on the CPU unless opt says
// otherwise, and closes it when the test ends.
func Open(t testing.TB, path string, opt backend.ModelOptions) *backend.Model {
	t.Helper()
	if opt.Provider == "" {
		opt.Provider = infer.CPU
	}
	m, err := backend.OpenModel(t.Context(), Runtime(t), path, opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := m.Close(); err != nil {
			t.Error(err)
		}
	})
	return m
}
