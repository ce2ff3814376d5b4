package onnx

import (
	"os"
	"path/filepath"
	"testing"
)

// fixtures is the folder of models that these tests read.
func fixtures(t testing.TB, elem ...string) string {
	t.Helper()
	root := os.Getenv("PICASSO_FIXTURES")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared", "fixtures")
	} else if !filepath.IsAbs(root) {
		root = filepath.Join("..", "..", root)
	}
	path := filepath.Join(append([]string{root}, elem...)...)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("%s is not there: set PICASSO_FIXTURES to the folder of test models", path)
	}
	return path
}

// models lists every valid model of the fixtures.
func models(t testing.TB) []string {
	t.Helper()
	var paths []string
	for _, pattern := range []string{"public/*/*.onnx", "picasso/*.onnx", "models/*/*.onnx", "models/*/*/*.onnx"} {
		found, err := filepath.Glob(filepath.Join(fixtures(t), pattern))
		if err != nil {
			t.Fatal(err)
		}
		paths = append(paths, found...)
	}
	if len(paths) < 25 {
		t.Fatalf("only %d models under %s", len(paths), fixtures(t))
	}
	return paths
}
