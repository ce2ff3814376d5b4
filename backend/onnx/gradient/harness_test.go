package gradient_test

import (
	"math"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"picasso/backend/fixtures"
	"picasso/backend/infer"
	"picasso/backend/npy"
	"picasso/backend/onnx"
	"picasso/backend/onnx/gradient"
	"picasso/backend/ort"
)

// bench is a forward model ready to be differentiated.
type bench struct {
	t        testing.TB
	runtime  *ort.Runtime
	model    *onnx.Model
	inputs   []infer.Tensor
	facts    gradient.Facts
	original *onnx.Model // before nodes were written in simpler operators
	picture  bool        // the facts are those of the very inputs
}

func library(t testing.TB) *ort.Runtime {
	t.Helper()
	r, err := ort.Load(ort.Config{})
	if err != nil {
		fixtures.NoRuntime(t, err)
	}
	return r
}

// newBench probes the model with the given inputs, and with all of them doubled
// along axis 0 if the model takes that.
func newBench(t testing.TB, r *ort.Runtime, m *onnx.Model, inputs ...infer.Tensor) *bench {
	t.Helper()
	b := &bench{t: t, runtime: r, inputs: inputs}
	b.prepare(m)
	return b
}

func (b *bench) prepare(m *onnx.Model) {
	t := b.t
	t.Helper()
	m, err := gradient.Inline(m)
	if err != nil {
		t.Fatal(err)
	}
	b.model, b.original = m, m
	for changed := true; changed; {
		b.probe()
		if b.model, changed, err = gradient.Decide(b.model, b.facts); err != nil {
			t.Fatal(err)
		}
	}
}

// probe learns the facts.
func (b *bench) probe() {
	t, inputs := b.t, b.inputs
	t.Helper()
	probe := gradient.NewProbe
	if b.picture {
		probe = gradient.NewPictureProbe
	}
	p, err := probe(b.model)
	if err != nil {
		t.Fatal(err)
	}
	s := b.open(gradient.Graph{Model: p.Model, Folder: p.Folder})
	one, err := s.Run(t.Context(), inputs)
	if err != nil {
		t.Fatal(err)
	}
	two := make([]infer.Tensor, 2)
	if port := s.Inputs()[0]; !b.picture && len(port.Shape) > 0 && port.Shape[0] < 0 {
		twice := make([]infer.Tensor, len(inputs))
		for i, in := range inputs {
			twice[i] = repeat(in, 2)
		}
		if two, err = s.Run(t.Context(), twice); err != nil {
			t.Fatal(err)
		}
	}
	if b.facts, err = p.Learn(one[0].Data, one[1].Data, two[0].Data, two[1].Data); err != nil {
		t.Fatal(err)
	}
	if !b.picture {
		b.compareForetold(two[0].Data != nil)
	}
}

// compareForetold checks that facts derived from the operators are those that
// were observed, where they can be derived.
func (b *bench) compareForetold(batched bool) {
	b.t.Helper()
	feeds := func(n int) map[string][]int64 {
		shapes := map[string][]int64{}
		for i, v := range b.model.Graph.Feeds() {
			for _, d := range b.inputs[i].Shape {
				shapes[v.Name] = append(shapes[v.Name], int64(d))
			}
			if len(shapes[v.Name]) > 0 {
				shapes[v.Name][0] *= int64(n)
			}
		}
		return shapes
	}
	var two map[string][]int64
	if batched {
		two = feeds(2)
	}
	foretold, ok := gradient.Foretell(b.model, feeds(1), two)
	b.t.Logf("foretold: %v", ok)
	if ok && !reflect.DeepEqual(foretold, b.facts) {
		b.t.Errorf("foretold %v\nobserved %v", foretold, b.facts)
	}
}

func (b *bench) open(g gradient.Graph) infer.Session {
	b.t.Helper()
	data, err := g.Model.Encode()
	if err != nil {
		b.t.Fatal(err)
	}
	s, err := b.runtime.Open(b.t.Context(), infer.Source{Bytes: data, Folder: g.Folder, Fixed: fixed(g)}, infer.SessionOptions{Provider: infer.CPU, Threads: 1})
	if err != nil {
		b.t.Fatalf("%v\n%s", err, dump(g.Model))
	}
	b.t.Cleanup(func() { s.Close() })
	return s
}

// fixed are the weights of a graph as its session takes them.
func fixed(g gradient.Graph) (list []infer.Fixed) {
	for _, w := range g.Weights {
		list = append(list, w.Fill)
	}
	return list
}

func dump(m *onnx.Model) string {
	var text strings.Builder
	_ = m.Dump(&text)
	return text.String()[:min(text.Len(), 8000)]
}

// forwardSession gives named tensors of the forward model.
type forwardSession struct {
	t       testing.TB
	session infer.Session
	names   []string
}

func (b *bench) openForward(names []string) *forwardSession {
	b.t.Helper()
	g, err := gradient.Forward(b.model, b.facts, names)
	if err != nil {
		b.t.Fatal(err)
	}
	return &forwardSession{b.t, b.open(g), names}
}

func (s *forwardSession) run(inputs ...infer.Tensor) map[string]infer.Tensor {
	s.t.Helper()
	outputs, err := s.session.Run(s.t.Context(), inputs)
	if err != nil {
		s.t.Fatal(err)
	}
	got := map[string]infer.Tensor{}
	for i, name := range s.names {
		got[name] = outputs[i]
	}
	return got
}

// forward runs the model on inputs and returns the named tensors.
func (b *bench) forward(names []string, inputs ...infer.Tensor) map[string]infer.Tensor {
	b.t.Helper()
	return b.openForward(names).run(inputs...)
}

func repeat(t infer.Tensor, n int) infer.Tensor {
	shape := slices.Clone(t.Shape)
	shape[0] *= n
	return infer.Tensor{Shape: shape, Data: slices.Repeat(t.Data, n)}
}

// backwardSession runs a plan.
type backwardSession struct {
	t       testing.TB
	plan    *gradient.Plan
	session infer.Session
}

func (b *bench) openBackward(p *gradient.Plan) *backwardSession {
	b.t.Helper()
	return &backwardSession{b.t, p, b.open(p.Graph)}
}

// run computes the gradients from activations and a seed.
func (s *backwardSession) run(got map[string]infer.Tensor, seed infer.Tensor) []infer.Tensor {
	s.t.Helper()
	var inputs []infer.Tensor
	for _, name := range s.plan.Activations {
		inputs = append(inputs, got[name])
	}
	out, err := s.session.Run(s.t.Context(), append(inputs, seed))
	if err != nil {
		s.t.Fatalf("%v\n%s", err, dump(s.plan.Model))
	}
	return out
}

// backward runs a plan once.
func (b *bench) backward(p *gradient.Plan, got map[string]infer.Tensor, seed infer.Tensor) []infer.Tensor {
	b.t.Helper()
	return b.openBackward(p).run(got, seed)
}

func readArray(t testing.TB, path string) infer.Tensor {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	a, err := npy.Read(f, 1<<28)
	if err != nil {
		t.Fatal(err)
	}
	return infer.Tensor{Shape: a.Shape, Data: a.Data}
}

// compare returns the largest error relative to the largest reference value,
// and the cosine of the angle between the two.
func compare(got, want []float32) (relative, cosine float64) {
	if len(got) != len(want) {
		return math.Inf(1), 0
	}
	var worst, largest, ab, aa, bb float64
	for i, w := range want {
		g, w := float64(got[i]), float64(w)
		worst, largest = max(worst, math.Abs(g-w)), max(largest, math.Abs(w))
		ab, aa, bb = ab+g*w, aa+g*g, bb+w*w
		if math.IsNaN(g) {
			return math.NaN(), 0
		}
	}
	if largest == 0 {
		return worst, 1
	}
	return worst / largest, ab / math.Sqrt(aa*bb)
}
