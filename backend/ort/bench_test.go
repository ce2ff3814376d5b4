//go:build cgo

package ort

import (
	"path/filepath"
	"picasso/backend/fixtures"
	"testing"
	"time"

	onnxruntime "github.com/yalue/onnxruntime_go"

	"picasso/backend/infer"
)

// BenchmarkRun compares our session with the library's own run of the same
// model, to which it adds run options, the watch over two contexts and the copy
// of the output. The two take turns, and the shortest of each counts.
func BenchmarkRun(b *testing.B) {
	r, err := Load(Config{})
	if err != nil {
		fixtures.NoRuntime(b, err)
	}
	root := fixtures.Path(b)
	for _, name := range []string{"lenet5_softmax", "vit_unbind"} {
		b.Run(name, func(b *testing.B) {
			s, err := r.Open(b.Context(), infer.Source{Path: filepath.Join(root, "public", name, "model.onnx")}, cpuOnly)
			if err != nil {
				b.Skip(err)
			}
			defer s.Close()
			compare(b, s.(*session))
		})
	}
}

func compare(b *testing.B, s *session) {
	shape := append([]int{8}, s.inputs[0].Shape[1:]...)
	if fixed := s.inputs[0].Shape[0]; fixed > 0 {
		shape[0] = fixed
	}
	in := []infer.Tensor{infer.NewTensor(shape...)}
	bare := prepared(b, s, in)
	ours := func() error { _, err := s.Run(b.Context(), in); return err }
	shortest := [2]time.Duration{time.Hour, time.Hour}
	for b.Loop() {
		for i, run := range []func() error{ours, bare} {
			start := time.Now()
			for range 10 {
				if err := run(); err != nil {
					b.Fatal(err)
				}
			}
			shortest[i] = min(shortest[i], time.Since(start)/10)
		}
	}
	b.ReportMetric(float64(shortest[0].Nanoseconds()), "ns/session")
	b.ReportMetric(float64(shortest[1].Nanoseconds()), "ns/bare")
	b.ReportMetric(float64(shortest[0])/float64(shortest[1]), "ratio")
}

// prepared is the library's run with tensors made beforehand.
func prepared(b *testing.B, s *session, in []infer.Tensor) func() error {
	b.Helper()
	out, err := s.Run(b.Context(), in)
	if err != nil {
		b.Fatal(err)
	}
	values := func(tensors []infer.Tensor, ports []infer.Port) []onnxruntime.Value {
		list := make([]onnxruntime.Value, len(tensors))
		for i, t := range tensors {
			if list[i], err = newValue(t, ports[i].Type); err != nil {
				b.Fatal(err)
			}
		}
		b.Cleanup(func() { destroy(list) })
		return list
	}
	inputs, outputs := values(in, s.inputs), values(out, s.outputs)
	return func() error { return s.run.Run(inputs, outputs) }
}
