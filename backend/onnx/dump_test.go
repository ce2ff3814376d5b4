package onnx

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"
)

var update = flag.Bool("update", false, "write the expected texts anew")

func TestDump(t *testing.T) {
	for name, m := range map[string]*Model{"sample": sample(), "typed": typed()} {
		var got bytes.Buffer
		if err := m.Dump(&got); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join("testdata", name+".txt")
		if *update {
			if err := os.WriteFile(path, got.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got.Bytes(), want) {
			t.Errorf("%s differs from %s (run with -update to accept):\n%s", name, path, got.Bytes())
		}
	}
}
