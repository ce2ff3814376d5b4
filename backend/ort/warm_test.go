//go:build cgo

package ort

import (
	"testing"

	"picasso/backend/infer"
)

// The network that warms the library up runs, and leaves no session.
func TestTheWarmUpRuns(t *testing.T) {
	r := library(t)
	data, err := small(16, 32).Encode()
	if err != nil {
		t.Fatal(err)
	}
	s, err := r.Open(t.Context(), infer.Source{Bytes: data}, infer.SessionOptions{Provider: infer.CPU})
	if err != nil {
		t.Fatal(err)
	}
	out, err := s.Run(t.Context(), []infer.Tensor{infer.NewTensor(1, 3, 16, 16)})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range out[0].Data {
		if p != 1./32 { // no weight prefers a class
			t.Fatalf("%v", out[0].Data)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	before := len(r.all())
	r.Warm()
	if n := len(r.all()); n != before {
		t.Errorf("%d sessions stay open", n-before)
	}
}
