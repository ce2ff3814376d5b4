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
	"picasso/backend/fixtures"
	"picasso/backend/infer"
	"picasso/backend/onnx"
)

// BenchmarkManyNodes opens a classifier of 100,000 nodes, and compares that with
// the time that the library takes for a session on the file.
func BenchmarkManyNodes(b *testing.B) {
	r, err := Load(Config{})
	if err != nil {
		fixtures.NoRuntime(b, err)
	}
	path := manyNodes(b, 100_000)
	var own, all time.Duration
	for b.Loop() {
		began := time.Now()
		s, err := onnxruntime.NewDynamicAdvancedSession(path, []string{"x"}, []string{"y"}, nil)
		if err != nil {
			b.Fatal(err)
		}
		own += time.Since(began)
		if err := s.Destroy(); err != nil {
			b.Fatal(err)
		}
		began = time.Now()
		m, err := backend.OpenModel(b.Context(), r, path, backend.ModelOptions{Provider: infer.CPU})
		if err != nil {
			b.Fatal(err)
		}
		all += time.Since(began)
		m.Close()
	}
	n := float64(b.N)
	b.ReportMetric(own.Seconds()/n, "s-library")
	b.ReportMetric(all.Seconds()/n, "s-model")
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
