//go:build cgo

package ort

import (
	"os"
	"path/filepath"
	"testing"

	onnxruntime "github.com/yalue/onnxruntime_go"

	"picasso/backend"
)

// BenchmarkRun compares our session with the library's own run of the same
// model, to which it adds a goroutine, run options and the copy of the output.
func BenchmarkRun(b *testing.B) {
	r, err := Load(Config{})
	if err != nil {
		b.Skipf("no ONNX Runtime: set %s", Variable)
	}
	path := filepath.Join("..", "..", "..", "shared", "fixtures")
	if root := os.Getenv("PICASSO_FIXTURES"); root != "" {
		path = root
	}
	for _, name := range []string{"lenet5_softmax", "vit_unbind"} {
		model, err := r.Open(b.Context(), backend.Source{Path: filepath.Join(path, "public", name, "model.onnx")}, cpuOnly)
		if err != nil {
			b.Skip(err)
		}
		defer model.Close()
		in := backend.NewTensor(append([]int{8}, model.Inputs()[0].Shape[1:]...)...)
		if model.Inputs()[0].Shape[0] > 0 {
			in = backend.NewTensor(model.Inputs()[0].Shape...)
		}
		b.Run(name+"/session", func(b *testing.B) {
			for b.Loop() {
				if _, err := model.Run(b.Context(), []backend.Tensor{in}); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(name+"/bare", func(b *testing.B) { bare(b, model.(*session), in) })
	}
}

// bare runs with tensors made beforehand.
func bare(b *testing.B, s *session, in backend.Tensor) {
	first, err := s.Run(b.Context(), []backend.Tensor{in})
	if err != nil {
		b.Fatal(err)
	}
	x, err := newValue(in, s.inputs[0].Type)
	if err != nil {
		b.Fatal(err)
	}
	outputs := make([]onnxruntime.Value, len(first))
	for i, t := range first {
		if outputs[i], err = newValue(t, s.outputs[i].Type); err != nil {
			b.Fatal(err)
		}
	}
	defer destroy(append(outputs, x))
	for b.Loop() {
		if err := s.run.Run([]onnxruntime.Value{x}, outputs); err != nil {
			b.Fatal(err)
		}
	}
}
