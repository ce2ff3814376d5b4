package ort

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"picasso/backend/fixtures"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"picasso/backend/infer"
)

// library loads ONNX Runtime or skips the test.
func library(t *testing.T) *Runtime {
	t.Helper()
	r, err := Load(Config{})
	if err != nil {
		fixtures.NoRuntime(t, err)
	}
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	return r
}

// open opens a model of the fixtures and closes it after the test.
func open(t *testing.T, r *Runtime, src infer.Source, opt infer.SessionOptions) infer.Session {
	t.Helper()
	s, err := r.Open(t.Context(), src, opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

type testCase struct {
	name    string
	Model   struct{ File string }
	Input   struct{ Name, File string }
	Outputs []struct{ Name, File string }
}

func cases(t *testing.T) []testCase {
	t.Helper()
	files, _ := filepath.Glob(filepath.Join(fixtures.Path(t, "public"), "*", "case.json"))
	if len(files) == 0 {
		t.Skip("the fixtures hold no cases")
	}
	var list []testCase
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		c := testCase{name: filepath.Dir(file)}
		if err := json.Unmarshal(text, &c); err != nil {
			t.Fatal(file, err)
		}
		list = append(list, c)
	}
	return list
}

var npyHeader = regexp.MustCompile(`'descr': '([^']+)'.*'shape': \(([^)]*)\)`)

// readNpy reads the few kinds of NumPy files that the fixtures hold.
func readNpy(t *testing.T, path string) infer.Tensor {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	size := int(binary.LittleEndian.Uint16(data[8:]))
	m := npyHeader.FindSubmatch(data[10 : 10+size])
	if m == nil || !bytes.HasPrefix(data, []byte("\x93NUMPY\x01")) {
		t.Fatalf("%s: header not understood", path)
	}
	var shape []int
	for _, part := range strings.FieldsFunc(string(m[2]), func(r rune) bool { return r == ',' || r == ' ' }) {
		n, err := strconv.Atoi(part)
		if err != nil {
			t.Fatal(path, err)
		}
		shape = append(shape, n)
	}
	out := infer.NewTensor(shape...)
	body := data[10+size:]
	for i := range out.Data {
		switch kind := string(m[1]); kind {
		case "<f4":
			out.Data[i] = math.Float32frombits(binary.LittleEndian.Uint32(body[4*i:]))
		case "<f8":
			out.Data[i] = float32(math.Float64frombits(binary.LittleEndian.Uint64(body[8*i:])))
		case "|u1":
			out.Data[i] = float32(body[i])
		default:
			t.Fatalf("%s: element type %s", path, kind)
		}
	}
	return out
}
