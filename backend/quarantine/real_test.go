//go:build cgo

package quarantine

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"picasso/backend"
	"picasso/backend/onnx"
	"picasso/backend/onnx/zoo"
	"picasso/backend/ort"
)

func onnxRuntime(t testing.TB) *ort.Runtime {
	t.Helper()
	r, err := ort.Load(ort.Config{})
	if err != nil {
		t.Skipf("set PICASSO_ONNXRUNTIME to the library's path: %v", err)
	}
	return r
}

// A model that passes every look at its structure and takes gigabytes once it
// runs, for the sizes are computed.
func TestARealMemoryBombGoesOffInTheChild(t *testing.T) {
	r := onnxRuntime(t)
	path := model(t, t.TempDir(), "bomb")
	m, err := onnx.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	g := m.Graph
	g.Initializers = append(g.Initializers, onnx.NewInts("side", []int64{2}, []int64{1 << 8, 1 << 8}), onnx.NewInts("one", []int64{2}, []int64{1, 1}))
	g.Nodes = append([]*onnx.Node{
		{OpType: "Mul", Inputs: []string{"side", "side"}, Outputs: []string{"squared"}},
		{OpType: "ReduceMean", Inputs: []string{"x"}, Outputs: []string{"mean"}, Attrs: []*onnx.Attr{{Name: "keepdims", Kind: onnx.AttrInt, I: 0}}},
		{OpType: "Reshape", Inputs: []string{"mean", "one"}, Outputs: []string{"flat"}},
		{OpType: "Expand", Inputs: []string{"flat", "squared"}, Outputs: []string{"huge"}}, // 16 GB
		{OpType: "ReduceSum", Inputs: []string{"huge"}, Outputs: []string{"sum"}, Attrs: []*onnx.Attr{{Name: "keepdims", Kind: onnx.AttrInt, I: 0}}},
		{OpType: "Add", Inputs: []string{"x", "sum"}, Outputs: []string{"moved"}},
	}, g.Nodes...)
	g.Nodes[6].Inputs[0] = "moved"
	data, err := m.Encode()
	if err == nil {
		err = os.WriteFile(path, data, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	h := host(t, r, r.Library(), "")
	opened, err := backend.OpenModel(t.Context(), h, path, backend.ModelOptions{})
	if err == nil {
		opened.Close()
	}
	if err == nil || !strings.Contains(err.Error(), "memory") {
		t.Errorf("%v", err)
	}
}

// The first opening of a model costs little more than any other: in a window, where a
// child waits for it, and as a command, from the start of the process to its end. Both
// kinds of opening take turns, and of the times the medians are compared: the machine
// does other things, too.
func BenchmarkFirstOpening(b *testing.B) {
	r := onnxRuntime(b)
	for _, name := range []string{"squeezenet", "resnet18", "resnet50", "vgg16"} {
		path, err := zoo.File(name)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(name+"/window", func(b *testing.B) {
			compareOpenings(b, func(list string) time.Duration { return openInWindow(b, r, path, list) })
		})
		b.Run(name+"/command", func(b *testing.B) {
			compareOpenings(b, func(list string) time.Duration { return openByCommand(b, r, path, list) })
		})
	}
}

// compareOpenings times an opening with a list of known models that does not hold the
// model, and with one that does.
func compareOpenings(b *testing.B, once func(list string) time.Duration) {
	list := filepath.Join(b.TempDir(), "known.json")
	once(list)
	var first, later []time.Duration
	for b.Loop() {
		first, later = append(first, once("")), append(later, once(list))
	}
	slices.Sort(first)
	slices.Sort(later)
	f, l := first[len(first)/2], later[len(later)/2]
	b.ReportMetric(0, "ns/op") // of no use here
	b.ReportMetric(f.Seconds()/l.Seconds(), "first/later")
	b.ReportMetric(f.Seconds()*1000, "ms-first")
	b.ReportMetric(l.Seconds()*1000, "ms-later")
}

func openInWindow(b *testing.B, r *ort.Runtime, path, list string) time.Duration {
	h, err := New(list, nil)
	if err != nil {
		b.Fatal(err)
	}
	defer h.Around(r, r.Library()).Close()
	h.Prepare()
	said := <-h.spare.child.reports
	if said.Stage != ready {
		b.Fatalf("%+v", said)
	}
	h.spare.child.reports <- said
	began := time.Now()
	m, err := backend.OpenModel(b.Context(), h, path, backend.ModelOptions{})
	if err != nil {
		b.Fatal(err)
	}
	took := time.Since(began)
	m.Close()
	return took
}

func openByCommand(b *testing.B, r *ort.Runtime, path, list string) time.Duration {
	began := time.Now()
	out, err := exec.Command(os.Args[0], openCommand, r.Library(), path, list).CombinedOutput()
	if err != nil {
		b.Fatalf("%v: %s", err, out)
	}
	return time.Since(began)
}
