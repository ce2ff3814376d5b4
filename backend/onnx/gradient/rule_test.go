package gradient_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"picasso/backend/infer"
	"picasso/backend/onnx"
	"picasso/backend/onnx/gradient"
	"picasso/backend/onnx/gradient/blocked"
	"picasso/backend/onnx/gradient/kernel"
	"picasso/backend/ort"
)

// single is a model of one node under test.
type single struct {
	op     string
	domain string
	opset  int64
	attrs  []*onnx.Attr
	args   []arg
	outs   []string // "" for those not asked for; nil is one output
	lo, hi float64  // range of the inputs, −1.5…1.5 by default
	fixed  bool     // without an open batch axis
	use    int      // which output is differentiated
}

// arg is an input: a picture-like tensor to differentiate with respect to, a
// constant, or nothing.
type arg struct {
	shape []int
	value *onnx.Tensor
	none  bool
	free  bool // without the batch axis
}

func x(shape ...int) arg                 { return arg{shape: shape} }
func floats(d []int64, v ...float32) arg { return arg{value: onnx.NewTensor("", d, v)} }
func vector(v ...float32) arg            { return floats([]int64{int64(len(v))}, v...) }
func scalar(v float32) arg               { return floats(nil, v) }
func ints(v ...int64) arg                { return arg{value: onnx.NewInts("", []int64{int64(len(v))}, v)} }
func number(v int64) arg                 { return arg{value: onnx.NewInts("", nil, []int64{v})} }
func matrix(d []int64, v ...int64) arg   { return arg{value: onnx.NewInts("", d, v)} }
func absent() arg                        { return arg{none: true} }

// random is a constant of the given shape with values in ±1, none near 0.
func random(shape ...int64) arg {
	r := rand.New(rand.NewPCG(uint64(len(shape)), uint64(shape[0])))
	n := int64(1)
	for _, d := range shape {
		n *= d
	}
	v := make([]float32, n)
	for i := range v {
		v[i] = float32((0.2 + 0.8*r.Float64()) * float64(1-2*r.IntN(2)))
	}
	return floats(shape, v...)
}

func positive(shape ...int64) arg {
	a := random(shape...)
	v, _ := a.value.Floats(nil)
	for i := range v {
		v[i] = float32(math.Abs(float64(v[i])))
	}
	return floats(shape, v...)
}

func i(name string, v int64) *onnx.Attr   { return &onnx.Attr{Name: name, Kind: onnx.AttrInt, I: v} }
func f(name string, v float32) *onnx.Attr { return &onnx.Attr{Name: name, Kind: onnx.AttrFloat, F: v} }
func s(name, v string) *onnx.Attr         { return &onnx.Attr{Name: name, Kind: onnx.AttrString, S: []byte(v)} }
func is(name string, v ...int64) *onnx.Attr {
	return &onnx.Attr{Name: name, Kind: onnx.AttrInts, Ints: v}
}
func fs(name string, v ...float32) *onnx.Attr {
	return &onnx.Attr{Name: name, Kind: onnx.AttrFloats, Floats: v}
}
func attrs(a ...*onnx.Attr) []*onnx.Attr { return a }

// model builds the graph: inputs x0, x1, …, constants c0, c1, …, output y.
func (c single) model() *onnx.Model {
	g := &onnx.Graph{Name: c.op}
	n := &onnx.Node{OpType: c.op, Domain: c.domain, Attrs: c.attrs}
	for k, a := range c.args {
		switch {
		case a.none:
			n.Inputs = append(n.Inputs, "")
		case a.value != nil:
			t := *a.value
			t.Name = fmt.Sprintf("c%d", k)
			g.Initializers = append(g.Initializers, &t)
			n.Inputs = append(n.Inputs, t.Name)
		default:
			v := &onnx.Value{Name: fmt.Sprintf("x%d", k), Type: onnx.Float}
			for axis, d := range a.shape {
				dim := onnx.Dim{Size: int64(d)}
				if axis == 0 && !c.fixed && !a.free {
					dim = onnx.Dim{Size: -1, Symbol: "N"}
				}
				v.Shape = append(v.Shape, dim)
			}
			g.Inputs = append(g.Inputs, v)
			n.Inputs = append(n.Inputs, v.Name)
		}
	}
	n.Outputs = []string{"y"}
	if c.outs != nil {
		n.Outputs = c.outs
	}
	g.Nodes = []*onnx.Node{n}
	g.Outputs = []*onnx.Value{{Name: n.Outputs[c.use], Type: onnx.Float}}
	opset := c.opset
	if opset == 0 {
		opset = 18
	}
	m := &onnx.Model{IRVersion: 8, Opsets: map[string]int64{"": opset}, Graph: g}
	if c.domain != "" {
		m.Opsets[c.domain] = 1
	}
	return m
}

// inputs are random, kept away from the corners of the functions under test.
func (c single) inputs(r *rand.Rand) []infer.Tensor {
	lo, hi := c.lo, c.hi
	if lo == hi {
		lo, hi = -1.5, 1.5
	}
	var list []infer.Tensor
	for _, a := range c.args {
		if a.none || a.value != nil {
			continue
		}
		t := infer.NewTensor(a.shape...)
		order := r.Perm(len(t.Data))
		for k := range t.Data {
			v := lo + (hi-lo)*(float64(order[k])+0.25+0.5*r.Float64())/float64(len(order))
			for _, corner := range []float64{-3, -1, -0.5, 0, 0.5, 1, 3} {
				if math.Abs(v-corner) < 0.02 {
					v = corner + 0.03
				}
			}
			t.Data[k] = float32(v)
		}
		list = append(list, t)
	}
	return list
}

// TestRules compares every rule with finite differences, and batches with
// single runs.
func TestRules(t *testing.T) {
	r := library(t)
	seen := map[string]int{}
	for _, c := range rules() {
		name := c.op
		if c.opset != 0 {
			name = fmt.Sprintf("%s_%d", name, c.opset)
		}
		seen[name]++
		t.Run(fmt.Sprintf("%s#%d", name, seen[name]), func(t *testing.T) { checkRule(t, r, c) })
	}
}

func checkRule(t *testing.T, r *ort.Runtime, c single) {
	source := rand.New(rand.NewPCG(7, uint64(len(c.op))))
	inputs := c.inputs(source)
	b := newBench(t, r, c.model(), inputs...)
	checkModel(t, b, source)
}

// checkModel compares the gradients of a random weighing of the model's output
// with finite differences along random directions, as the runtime's operators compute
// them, and where there are any, with those of our own.
func checkModel(t *testing.T, b *bench, source *rand.Rand) {
	t.Helper()
	for _, opt := range ways(b.runtime) {
		checkPlan(t, b, source, opt)
	}
}

// ways are the graph for any provider, that with operators of our own, and that in blocks
// of channels too.
func ways(r *ort.Runtime) []gradient.Options {
	return []gradient.Options{{}, {Kernels: true}, {Kernels: true, Block: r.Block()}}
}

// ours tells whether a plan has operators for the CPU alone.
func ours(p *gradient.Plan) bool {
	return p.Model.Opsets[kernel.Domain] > 0 || p.Model.Opsets[blocked.Domain] > 0
}

func checkPlan(t *testing.T, b *bench, source *rand.Rand, opt gradient.Options) {
	t.Helper()
	var wrt []string
	for _, v := range b.model.Graph.Inputs {
		wrt = append(wrt, v.Name)
	}
	y := b.model.Graph.Outputs[0].Name
	plan, err := gradient.Build(b.model, b.facts, y, wrt, opt)
	if err != nil {
		t.Fatal(err)
	}
	if opt.Kernels && !ours(plan) {
		return
	}
	s := b.openForward(append(slices.Clone(plan.Activations), y))
	got := s.run(b.inputs...)
	checkLowered(t, b, got[y])
	seed := noise(source, got[y].Shape)
	back := b.openBackward(plan)
	grads := back.run(got, seed)
	score := func(inputs []infer.Tensor) float64 { return dot(s.run(inputs...)[y].Data, seed.Data) }
	checkDirections(t, source, b.inputs, grads, score, plan)
	if plan.Batching != gradient.Single {
		checkBatches(t, b, s, back, plan, seed, source)
	}
}

// checkLowered compares the output of the model as differentiated with that of
// the model as it was.
func checkLowered(t *testing.T, b *bench, have infer.Tensor) {
	t.Helper()
	if b.model == b.original {
		return
	}
	want, err := b.open(gradient.Graph{Model: b.original}).Run(t.Context(), b.inputs)
	if err != nil {
		t.Fatal(err)
	}
	if relative, _ := compare(have.Data, want[0].Data); !(relative < 1e-4) {
		t.Fatalf("written in simpler operators the result is %v, not %v\n%s", have.Data, want[0].Data, dump(b.model))
	}
}

const step = 3e-3

func checkDirections(t *testing.T, source *rand.Rand, inputs, grads []infer.Tensor, score func([]infer.Tensor) float64, plan *gradient.Plan) {
	t.Helper()
	for k := range inputs {
		shape := inputs[k].Shape
		if len(shape) == 0 {
			shape = []int{1} // as the runtime's binding knows it
		}
		if !slices.Equal(grads[k].Shape, shape) {
			t.Fatalf("gradient %d has shape %v, input %v\n%s", k, grads[k].Shape, inputs[k].Shape, dump(plan.Model))
		}
		size := math.Sqrt(dot(grads[k].Data, grads[k].Data))
		for range 6 {
			v := noise(source, inputs[k].Shape)
			for j := range v.Data { // directions of ±1
				v.Data[j] = float32(math.Copysign(1, float64(v.Data[j])))
			}
			at := func(h float32) float64 {
				moved := slices.Clone(inputs)
				moved[k] = inputs[k].Clone()
				for j := range moved[k].Data {
					moved[k].Data[j] += h * v.Data[j]
				}
				return score(moved)
			}
			want := (at(step) - at(-step)) / (2 * step)
			have := dot(grads[k].Data, v.Data)
			if !(math.Abs(want-have) <= 2e-3*(1+size)+5e-3*math.Abs(want)) {
				t.Fatalf("input %d: derivative %g, finite difference %g (gradient of size %g)\n%s", k, have, want, size, dump(plan.Model))
			}
		}
	}
}

// checkBatches compares two pictures with two seeds, and one picture with two
// seeds, with single runs.
func checkBatches(t *testing.T, b *bench, s *forwardSession, back *backwardSession, plan *gradient.Plan, seed infer.Tensor, source *rand.Rand) {
	t.Helper()
	if port := s.session.Inputs()[0]; len(port.Shape) == 0 || port.Shape[0] >= 0 {
		if plan.Batching == gradient.Broadcast {
			checkSeeds(t, b, s, back, seed, source)
		}
		return
	}
	others := make([]infer.Tensor, len(b.inputs))
	both := make([]infer.Tensor, len(b.inputs))
	for k, in := range b.inputs {
		if s.session.Inputs()[k].Shape[0] >= 0 {
			return
		}
		others[k] = in.Clone()
		for j := range others[k].Data {
			others[k].Data[j] = in.Data[len(in.Data)-1-j]
		}
		both[k] = join(in, others[k])
	}
	seed2 := noise(source, seed.Shape)
	first, second := back.run(s.run(b.inputs...), seed), back.run(s.run(others...), seed2)
	pair := back.run(s.run(both...), join(seed, seed2))
	for k := range pair {
		same(t, fmt.Sprintf("pair %d", k), pair[k], join(first[k], second[k]))
	}
	if plan.Batching == gradient.Broadcast {
		checkSeeds(t, b, s, back, seed, source)
	}
}

func checkSeeds(t *testing.T, b *bench, s *forwardSession, back *backwardSession, seed infer.Tensor, source *rand.Rand) {
	t.Helper()
	seed2 := noise(source, seed.Shape)
	got := s.run(b.inputs...)
	first, second, both := back.run(got, seed), back.run(got, seed2), back.run(got, join(seed, seed2))
	for k := range both {
		same(t, fmt.Sprintf("seeds %d", k), both[k], join(first[k], second[k]))
	}
}

func same(t *testing.T, what string, got, want infer.Tensor) {
	t.Helper()
	if !slices.Equal(got.Shape, want.Shape) {
		t.Fatalf("%s: shape %v, want %v", what, got.Shape, want.Shape)
	}
	size := math.Sqrt(dot(want.Data, want.Data))
	for k, v := range want.Data {
		if !(math.Abs(float64(got.Data[k]-v)) <= 1e-4*size+1e-6) {
			t.Fatalf("%s: element %d is %g, want %g in a gradient of size %g", what, k, got.Data[k], v, size)
		}
	}
}

func join(a, b infer.Tensor) infer.Tensor {
	shape := slices.Clone(a.Shape)
	shape[0] += b.Shape[0]
	return infer.Tensor{Shape: shape, Data: slices.Concat(a.Data, b.Data)}
}

func noise(r *rand.Rand, shape []int) infer.Tensor {
	t := infer.NewTensor(shape...)
	for k := range t.Data {
		t.Data[k] = float32(r.NormFloat64())
	}
	return t
}

func dot(a, b []float32) float64 {
	sum := 0.0
	for k, v := range a {
		sum += float64(v) * float64(b[k])
	}
	return sum
}
