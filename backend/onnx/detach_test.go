package onnx

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
)

// large is a model with weights beyond what is kept with the graph, one of
// them in float_data and one in a Constant node.
func large() *Model {
	values := make([]float32, 1000)
	for i := range values {
		values[i] = float32(i) - 0.5
	}
	m := tiny(13, op("Add", "x,a", "s"), op("Constant", "", "k", &Attr{Name: "value", Kind: AttrTensor, T: NewTensor("", []int64{1000}, values)}),
		op("Add", "s,k", "t"), op("Add", "t,f", "u"), op("Add", "u,small", "y"))
	m.Graph.Nodes[1].Inputs = nil
	typed := NewTensor("f", []int64{1000}, values)
	typed.field = floatData
	m.Graph.Initializers = []*Tensor{NewTensor("a", []int64{10, 100}, values), typed, NewTensor("small", []int64{2}, values[:2])}
	return m
}

func write(t *testing.T, path string, m *Model) []byte {
	t.Helper()
	data, err := m.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return data
}

func TestDetach(t *testing.T) {
	folder, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(folder, "user.onnx")
	data := write(t, path, large())
	m, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	small, from, err := m.Detach()
	if err != nil {
		t.Fatal(err)
	}
	if from != folder {
		t.Errorf("folder is %q, want %q", from, folder)
	}
	encoded, err := small.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if len(encoded) > 1000 {
		t.Errorf("the detached form of %d bytes takes %d", len(data), len(encoded))
	}
	again, err := Decode(encoded)
	if err != nil {
		t.Fatal(err)
	}
	x := again.Graph.Index()
	for _, name := range []string{"a", "f", "k"} {
		ref := x.Initializer(name)
		if ref == nil || ref.External == nil || ref.External.Location != "user.onnx" {
			t.Fatalf("%s is no reference: %+v", name, ref)
		}
		bytesAt := data[ref.External.Offset:][:ref.External.Length]
		values, err := (&Tensor{Type: Float, Dims: []int64{1000}, Raw: bytesAt}).Floats(nil)
		if err != nil || values[0] != -0.5 || values[999] != 998.5 {
			t.Errorf("%s: the reference leads to %v… (%v)", name, values[:2], err)
		}
	}
	if x.Initializer("small").Raw == nil {
		t.Error("the small weight became a reference")
	}
	if err := again.Graph.Check(); err != nil {
		t.Error(err)
	}
	if m.Graph.Initializers[0].Span == nil || len(m.Graph.Nodes) != 5 {
		t.Error("detaching changed the model")
	}
	values, err := m.Graph.Initializers[0].Floats(m)
	if err != nil || !slices.Equal(values[:2], []float32{-0.5, 0.5}) {
		t.Errorf("weights read from the file are %v (%v)", values, err)
	}
	if _, err := m.Graph.Initializers[0].Floats(nil); !errors.Is(err, ErrElsewhere) {
		t.Errorf("without a reader: %v", err)
	}
}

// TestDetachLink reaches the model through a link: ONNX Runtime refuses links
// that leave the folder, so the target's folder and name are used.
func TestDetachLink(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("links need rights on Windows")
	}
	folder, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"blobs", "snapshot"} {
		if err := os.Mkdir(filepath.Join(folder, name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	write(t, filepath.Join(folder, "blobs", "5eb63b"), large())
	link := filepath.Join(folder, "snapshot", "model.onnx")
	if err := os.Symlink(filepath.Join("..", "blobs", "5eb63b"), link); err != nil {
		t.Fatal(err)
	}
	m, err := Open(link)
	if err != nil {
		t.Fatal(err)
	}
	small, from, err := m.Detach()
	if err != nil {
		t.Fatal(err)
	}
	if from != filepath.Join(folder, "blobs") || small.Graph.Initializers[0].External.Location != "5eb63b" {
		t.Errorf("references start at %q: %+v", from, small.Graph.Initializers[0].External)
	}
}

// TestExternal reads weights beside the model and refuses those elsewhere.
func TestExternal(t *testing.T) {
	folder := t.TempDir()
	outside := filepath.Join(t.TempDir(), "secret")
	weights := NewTensor("", nil, []float32{0, 1, 2, 3}).Raw
	for _, path := range []string{filepath.Join(folder, "w.bin"), outside} {
		if err := os.WriteFile(path, weights, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	model := func(location string, offset, n int64) *Model {
		m := tiny(13, op("Add", "x,w", "y"))
		m.Graph.Initializers = []*Tensor{{Name: "w", Type: Float, Dims: []int64{2}, External: &External{Location: location, Offset: offset, Length: n}}}
		return m
	}
	path := filepath.Join(folder, "m.onnx")
	for _, n := range []int64{8, 0} {
		write(t, path, model("w.bin", 4, n))
		m, err := Open(path)
		if err != nil {
			t.Fatal(err)
		}
		if values, err := m.Graph.Initializers[0].Floats(m); err != nil || !slices.Equal(values, []float32{1, 2}) {
			t.Errorf("weights are %v (%v)", values, err)
		}
		stream, size, err := m.Stream(m.Graph.Initializers[0])
		if err != nil || size != 8 {
			t.Fatalf("%d bytes are to be read (%v)", size, err)
		}
		read, err := io.ReadAll(stream)
		if err != nil || !bytes.Equal(read, weights[4:12]) {
			t.Errorf("read: %v (%v)", read, err)
		}
		if err := stream.Close(); err != nil {
			t.Error(err)
		}
		small, _, err := m.Detach()
		if err != nil || small.Graph.Initializers[0].External.Location != "w.bin" {
			t.Errorf("detached: %+v (%v)", small.Graph.Initializers[0].External, err)
		}
	}
	refused := map[string]string{outside: "absolute", "../secret": "leaves", `..\secret`: "leaves", "": "names no file", "none.bin": "does not exist", ".": "is a folder"}
	if runtime.GOOS != "windows" {
		if err := os.Symlink(outside, filepath.Join(folder, "link.bin")); err != nil {
			t.Fatal(err)
		}
		refused["link.bin"] = "a link that leads out"
	}
	for location, want := range refused {
		write(t, path, model(location, 0, 8))
		_, err := Open(path)
		expectFault(t, err, "m.onnx", want)
	}
	write(t, path, model("w.bin", 12, 8))
	_, err := Open(path)
	expectFault(t, err, "m.onnx", "has only 16")
}

// TestChanged refuses weights of a file that was replaced after opening.
func TestChanged(t *testing.T) {
	path := filepath.Join(t.TempDir(), "m.onnx")
	data := write(t, path, large())
	m, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, append(bytes.Clone(data), 0), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = m.Data(m.Graph.Initializers[0])
	expectFault(t, err, "m.onnx", "has changed")
	_, _, err = m.Stream(m.Graph.Initializers[0])
	expectFault(t, err, "m.onnx", "has changed")
}

// TestOpenReadsNoWeights opens a model with 512 MiB of weights; reading them
// would take that much memory.
func TestOpenReadsNoWeights(t *testing.T) {
	path := filepath.Join(t.TempDir(), "big.onnx")
	if err := sparse(path, 512<<20); err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	m, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; used > 1<<20 {
		t.Errorf("opening took %d bytes of memory", used)
	}
	if got := m.Graph.Initializers[0].Span; got == nil || got.Length != 512<<20 {
		t.Errorf("the weights lie at %+v", got)
	}
}
