//go:build cgo

package ort

import (
	"math"
	"path/filepath"
	"testing"

	"picasso/backend/infer"
)

func TestFixtureModelsGiveTheirOutputs(t *testing.T) {
	r := library(t)
	for _, c := range cases(t) {
		t.Run(filepath.Base(c.name), func(t *testing.T) {
			s := open(t, r, infer.Source{Path: filepath.Join(c.name, c.Model.File)}, infer.SessionOptions{Provider: infer.CPU})
			got, err := s.Run(t.Context(), []infer.Tensor{readNpy(t, filepath.Join(c.name, c.Input.File))})
			if err != nil {
				t.Fatal(err)
			}
			for _, o := range c.Outputs {
				want := readNpy(t, filepath.Join(c.name, o.File))
				if d := distance(got[output(t, s, o.Name)], want); d > 2e-3 {
					t.Errorf("output %s is off by %g", o.Name, d)
				}
			}
		})
	}
}

func output(t *testing.T, s infer.Session, name string) int {
	t.Helper()
	for i, p := range s.Outputs() {
		if p.Name == name {
			return i
		}
	}
	t.Fatalf("no output %q in %v", name, s.Outputs())
	return -1
}

// distance is the largest difference relative to the largest value, infinite
// when the shapes differ.
func distance(a, b infer.Tensor) float64 {
	if len(a.Data) != len(b.Data) {
		return math.Inf(1)
	}
	var diff, size float64
	for i := range a.Data {
		diff = max(diff, math.Abs(float64(a.Data[i]-b.Data[i])))
		size = max(size, math.Abs(float64(b.Data[i])))
	}
	return diff / max(size, 1e-6)
}
