package backend_test

import (
	"picasso/backend/ort/orttest"
	"syscall"
	"testing"
	"time"

	"picasso/backend"
	"picasso/backend/infer"
	"picasso/backend/onnx/zoo"
)

// zooModel opens a network of a known architecture.
func zooModel(t testing.TB, name string) *backend.Model {
	t.Helper()
	path, err := zoo.File(name)
	if err != nil {
		t.Fatal(err)
	}
	m, err := backend.OpenModel(t.Context(), orttest.Runtime(t), path, backend.ModelOptions{Provider: infer.CPU})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.Close() })
	return m
}

// processorTime is what this process used of the processors.
func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
