//go:build cgo

package ort

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	onnxruntime "github.com/yalue/onnxruntime_go"

	"picasso/backend"
	"picasso/backend/bounded"
	"picasso/backend/fixtures"
	"picasso/backend/infer"
	"picasso/backend/onnx"
)

// BenchmarkManyNodes opens a classifier of 100,000 nodes, and compares that with what
// the library takes for a session on the file, in processor time.
func BenchmarkManyNodes(b *testing.B) {
	r, err := Load(Config{})
	if err != nil {
		fixtures.NoRuntime(b, err)
	}
	path := manyNodes(b, 100_000)
	var library, model time.Duration
	for b.Loop() {
		library += bounded.Cost(func() {
			s, err := onnxruntime.NewDynamicAdvancedSession(path, []string{"x"}, []string{"y"}, nil)
			if err != nil {
				b.Fatal(err)
			}
			b.Cleanup(func() { s.Destroy() })
		})
		model += bounded.Cost(func() {
			m, err := backend.OpenModel(b.Context(), r, path, backend.ModelOptions{Provider: infer.CPU})
			if err != nil {
				b.Fatal(err)
			}
			b.Cleanup(func() { m.Close() })
		})
	}
	n := float64(b.N)
	b.ReportMetric(0, "ns/op") // of no use here
	b.ReportMetric(library.Seconds()/n, "cpu-s-library")
	b.ReportMetric(model.Seconds()/n, "cpu-s-model")
	b.ReportMetric((model-library).Seconds()/n, "cpu-s-beyond")
}

// manyNodes writes a classifier whose picture goes through n nodes.
func manyNodes(b *testing.B, n int) string {
	b.Helper()
	g := &onnx.Graph{
		Name:         "many",
		Inputs:       []*onnx.Value{{Name: "x", Type: onnx.Float, Shape: []onnx.Dim{{Size: 1}, {Size: 3}, {Size: 16}, {Size: 16}}}},
		Outputs:      []*onnx.Value{{Name: "y", Type: onnx.Float, Shape: []onnx.Dim{{Size: 1}, {Size: 3}}}},
		Initializers: []*onnx.Tensor{onnx.NewTensor("one", nil, []float32{1})},
	}
	from := "x"
	for i := range n {
		to := fmt.Sprint("t", i)
		node := &onnx.Node{OpType: "Sigmoid", Inputs: []string{from}, Outputs: []string{to}}
		if i%2 == 1 {
			node = &onnx.Node{OpType: "Add", Inputs: []string{from, "one"}, Outputs: []string{to}}
		}
		g.Nodes, from = append(g.Nodes, node), to
	}
	g.Nodes = append(g.Nodes,
		&onnx.Node{OpType: "GlobalAveragePool", Inputs: []string{from}, Outputs: []string{"pooled"}},
		&onnx.Node{OpType: "Flatten", Inputs: []string{"pooled"}, Outputs: []string{"y"}})
	m := &onnx.Model{IRVersion: 8, Opsets: map[string]int64{"": 13}, Graph: g}
	data, err := m.Encode()
	if err != nil {
		b.Fatal(err)
	}
	path := filepath.Join(b.TempDir(), "many.onnx")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		b.Fatal(err)
	}
	return path
}
