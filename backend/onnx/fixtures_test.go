package onnx

import (
	"testing"

	"picasso/backend/fixtures"
)

// models lists every valid model of the fixtures.
func models(t testing.TB) []string {
	t.Helper()
	var paths []string
	root := fixtures.Path(t)
	for _, pattern := range []string{"public/*/*.onnx", "picasso/*.onnx", "models/*/*.onnx", "models/*/*/*.onnx"} {
		paths = append(paths, fixtures.Glob(pattern)...)
	}
	if len(paths) < 25 {
		t.Fatalf("only %d models under %s", len(paths), root)
	}
	return paths
}
