package gradient

import (
	"errors"
	"fmt"
	"slices"

	"picasso/backend/onnx"
	"picasso/backend/onnx/gradient/kernel"
)

// builder writes the nodes of a backward model. Its methods take and return
// names of tensors. The first fault is kept in err and makes the rest idle, so
// that rules read like formulas.
type builder struct {
	*graph
	weights weights
	facts   Facts
	level   Batching // with Single all axes are closed
	opt     Options

	out     *onnx.Graph
	main    *onnx.Graph       // the graph around the body being written, nil outside of one
	opset   int64             // of the graph being written
	taken   map[string]bool   // names of the forward model, not to be used
	values  map[string]string // forward tensor → its float32 value here
	known   map[string]string // forward tensor → its value here in its own type
	consts  map[string]string // constants by content
	notes   map[string]bool
	plan    *Plan
	wrt     []string           // tensors whose gradients the plan gives
	passed  map[string]bool    // gradients that are 0 already where the ReLUs of their tensor were not active
	parts   map[string]part    // gradients that are channels of others
	kernels bool               // there are operators of our own
	shapes  map[string][]int64 // of gradients and weights here, as far as they are known
	count   int
	err     error
}

func newBuilder(g *graph, w weights, facts Facts, level Batching, opt Options) *builder {
	return &builder{
		graph: g, weights: w, facts: facts, level: level, opt: opt, opset: opset,
		out: &onnx.Graph{Name: "gradient"}, taken: g.model.Graph.Defined(), values: map[string]string{},
		known: map[string]string{}, consts: map[string]string{}, notes: map[string]bool{},
		plan: &Plan{Batching: level, Graph: Graph{Folder: w.folder}}, passed: map[string]bool{}, parts: map[string]part{}, shapes: map[string][]int64{},
	}
}

// newEditor makes a builder that adds nodes to a copy of a forward model.
func newEditor(m *onnx.Model) *builder {
	return &builder{graph: &graph{model: m}, out: m.Graph, opset: m.Opsets[""], taken: m.Graph.Defined(), consts: map[string]string{}}
}

// run walks the route backwards and completes the plan.
func (b *builder) run(r route, seed string, wrt []string) (*Plan, error) {
	grads := map[string][]string{}
	b.wrt = wrt
	b.plan.Seed = b.fresh("seed")
	grads[seed] = []string{b.plan.Seed}
	shape := b.fact(seed)
	if shape.rank() == 0 {
		shape = shape.insert(0)
		grads[seed] = []string{b.reshape(b.plan.Seed, nil)}
	}
	for i := len(r.nodes) - 1; i >= 0 && b.err == nil; i-- {
		if done := len(r.nodes) - 1 - i; b.opt.Progress != nil && done%64 == 0 {
			if err := b.opt.Progress(done, len(r.nodes)); err != nil {
				return nil, err
			}
		}
		b.step(r.nodes[i], r.on, grads)
	}
	for i, name := range wrt {
		b.plan.Gradients = append(b.plan.Gradients, b.finish(fmt.Sprintf("gradient_%d", i), b.total(grads[name]), name))
	}
	b.input(b.plan.Seed, onnx.Float, shape, scores)
	if b.err != nil {
		return nil, b.err
	}
	b.plan.Model = &onnx.Model{
		IRVersion: 8, Producer: "picasso", Opsets: map[string]int64{"": opset}, Graph: b.out,
	}
	if b.kernels {
		b.plan.Model.Opsets[kernel.Domain] = 1
	}
	b.out.Prune() // of what operators of ours read elsewhere
	return b.plan, b.intoBlocks()
}

// scores is the symbol of the batch axis of gradients.
const scores = "seeds"

// opset is the operator set of backward models. ScatterElements with addition
// needs 16, Split and Reduce in their present form 18.
const opset = 18

// step lets the rule of a node turn the gradients of its outputs into those of
// its inputs.
func (b *builder) step(n *onnx.Node, on map[string]bool, grads map[string][]string) {
	c := &call{builder: b, node: n, opset: b.opsetOf(n.Domain)}
	c.dy = make([]string, len(n.Outputs))
	some := false
	for i, name := range n.Outputs {
		c.dy[i] = b.total(grads[name])
		some = some || c.dy[i] != ""
	}
	if !some {
		return
	}
	e := entryOf(n)
	c.want = make([]bool, len(n.Inputs))
	for i, name := range n.Inputs {
		c.want[i] = name != "" && on[name] && b.carries(n, i)
		if c.want[i] && !e.ruled(i) {
			c.refuse("%s", unruled(i))
			return
		}
	}
	c.dx = make([]string, len(n.Inputs))
	if c.observed(); b.err == nil {
		e.rule(c)
	}
	if b.err != nil {
		if !errors.Is(b.err, errBatch) && !isUnsupported(b.err) {
			b.err = fmt.Errorf("gradient of %s: %w", n.Label(), b.err)
		}
		return
	}
	for i, name := range n.Inputs {
		if c.want[i] && c.dx[i] != "" {
			grads[name] = append(grads[name], c.dx[i])
			b.remember(c.dx[i], b.fact(name))
		}
	}
}

// opsetOf is the operator set of a node of the forward model.
func (b *builder) opsetOf(domain string) int64 {
	if domain == "ai.onnx" {
		domain = "" // two spellings of one
	}
	return b.model.Opsets[domain]
}

func isUnsupported(err error) bool {
	var u *Unsupported
	return errors.As(err, &u)
}

// total adds the gradients that arrive at a tensor from its consumers; "" when
// none does.
func (b *builder) total(parts []string) string {
	switch len(parts) {
	case 0:
		return ""
	case 1:
		return parts[0]
	case 2:
		return b.op("Add", parts)
	}
	return b.op("Sum", parts)
}

// finish names an output of the backward model.
func (b *builder) finish(name, value, of string) string {
	if value == "" {
		b.fail(fmt.Errorf("gradient with respect to %q: %w", of, ErrNoPath))
		return ""
	}
	name = b.fresh(name)
	f := b.fact(of)
	if f.rank() == 0 { // the runtime's binding knows no tensors without axes
		f = f.insert(0)
		value = b.reshape(value, []int64{1})
	}
	b.out.Nodes = append(b.out.Nodes, &onnx.Node{OpType: "Identity", Inputs: []string{value}, Outputs: []string{name}})
	b.out.Outputs = append(b.out.Outputs, &onnx.Value{Name: name, Type: onnx.Float, Shape: dims(f, scores)})
	return name
}

func (b *builder) fail(err error) {
	if b.err == nil {
		b.err = err
	}
}

// closed gives up the open batch axis: the model is built again for one image
// and one seed.
func (b *builder) closed() {
	if b.level != Single {
		b.fail(errBatch)
	}
}

// paired gives up one image with several seeds; the nodes stay the same.
func (b *builder) paired() { b.plan.Batching = min(b.plan.Batching, Paired) }

// note records once that something is not the exact gradient.
func (b *builder) note(text string) {
	if !b.notes[text] {
		b.notes[text] = true
		b.plan.Notes = append(b.plan.Notes, text)
	}
}

// fact describes a tensor of the forward model.
func (b *builder) fact(name string) Fact {
	if t := b.index.Constant(name); t != nil {
		return Fact{Type: t.Type, Shape: slices.Clone(t.Dims), Batch: -1, stable: true}
	}
	f, ok := b.facts.tensors[name]
	switch {
	case name == "":
		return Fact{unknown: true, Batch: -1}
	case !ok:
		b.fail(fmt.Errorf("nothing is known about the shape of tensor %q", name))
		return Fact{unknown: true, Batch: -1}
	case b.level == Single:
		f.Batch = -1
	case b.facts.fixed && b.data[name] && f.rank() > 0 && f.Shape[0] == 1:
		f.Batch = 0
	}
	return f
}

// fresh makes a name that neither model uses.
func (b *builder) fresh(base string) string {
	name := base
	for b.taken[name] {
		b.count++
		name = fmt.Sprintf("%s_%d", base, b.count)
	}
	b.taken[name] = true
	return name
}

// emit writes a node with any number of outputs.
func (b *builder) emit(op string, inputs []string, outputs int, attrs ...*onnx.Attr) []string {
	if b.err != nil {
		return make([]string, outputs)
	}
	n := &onnx.Node{OpType: op, Inputs: inputs, Attrs: attrs}
	for range outputs {
		b.count++
		n.Outputs = append(n.Outputs, b.fresh(fmt.Sprintf("d%d_%s", b.count, op)))
	}
	b.out.Nodes = append(b.out.Nodes, n)
	return n.Outputs
}

// op writes a node with one output.
func (b *builder) op(op string, inputs []string, attrs ...*onnx.Attr) string {
	return b.emit(op, inputs, 1, attrs...)[0]
}

// input declares an input of the backward model.
func (b *builder) input(name string, t onnx.DataType, f Fact, symbol string) {
	b.out.Inputs = append(b.out.Inputs, &onnx.Value{Name: name, Type: t, Shape: dims(f, symbol)})
}

func dims(f Fact, symbol string) []onnx.Dim {
	shape := make([]onnx.Dim, f.rank())
	for i, d := range f.Shape {
		shape[i] = onnx.Dim{Size: d}
		if i == f.Batch {
			shape[i] = onnx.Dim{Size: -1}
			if d == 1 {
				shape[i].Symbol = symbol
			}
		}
	}
	return shape
}

func integers(v []float32) []int64 {
	out := make([]int64, len(v))
	for i, x := range v {
		switch {
		case x >= 1<<62:
			out[i] = 1 << 62
		case x <= -1<<62:
			out[i] = -1 << 62
		default:
			out[i] = int64(x)
		}
	}
	return out
}
