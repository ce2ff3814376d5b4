//go:build !cgo

package ort

import (
	"errors"
	"testing"

	"picasso/backend/infer"
)

func TestWithoutCgoOpenSaysWhy(t *testing.T) {
	r, err := Load(Config{})
	var none *infer.NoRuntimeError
	if r == nil || !errors.As(err, &none) {
		t.Fatalf("%v, %v", r, err)
	}
	if _, again := r.Open(t.Context(), infer.Source{}, infer.SessionOptions{}); again != err {
		t.Errorf("Open says %v", again)
	}
	if d := r.Diagnose(t.Context()); d.Err == "" || d.Library != "" {
		t.Errorf("%+v", d)
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
}
