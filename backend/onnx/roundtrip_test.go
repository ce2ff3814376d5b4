package onnx

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"testing"
)

// TestRoundTrip decodes and encodes every model of the fixtures.
func TestRoundTrip(t *testing.T) {
	identical := 0
	paths := models(t)
	for _, path := range paths {
		t.Run(filepath.Base(filepath.Dir(path)), func(t *testing.T) {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			first, err := Decode(data)
			if err != nil {
				t.Fatal(err)
			}
			encoded, err := first.Encode()
			if err != nil {
				t.Fatal(err)
			}
			second, err := Decode(encoded)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(first, second) {
				t.Error("the model differs after encoding and decoding")
			}
			if bytes.Equal(data, encoded) {
				identical++
			} else {
				t.Logf("%d bytes became %d", len(data), len(encoded))
			}
			opened, err := Open(path)
			if err != nil {
				t.Fatal(err)
			}
			fromFile, err := opened.Encode()
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(fromFile, encoded) {
				t.Error("the opened file encodes to other bytes than the decoded one")
			}
		})
	}
	t.Logf("%d of %d models are the same byte for byte", identical, len(paths))
}
