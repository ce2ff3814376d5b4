package gradient_test

import (
	"errors"
	"math/rand/v2"
	"picasso/backend/infer"
	"strings"
	"testing"

	"picasso/backend/onnx"
	"picasso/backend/onnx/gradient"
)

func node(op string, out string, ins ...string) *onnx.Node {
	return &onnx.Node{OpType: op, Inputs: ins, Outputs: strings.Split(out, " ")}
}

func with(n *onnx.Node, a ...*onnx.Attr) *onnx.Node {
	n.Attrs = append(n.Attrs, a...)
	return n
}

func body(name string, g *onnx.Graph) *onnx.Attr {
	return &onnx.Attr{Name: name, Kind: onnx.AttrGraph, G: g}
}

func values(kind onnx.DataType, names ...string) []*onnx.Value {
	var list []*onnx.Value
	for _, name := range names {
		list = append(list, &onnx.Value{Name: name, Type: kind})
	}
	return list
}

var yes = &onnx.Tensor{Name: "yes", Type: onnx.Bool, Raw: []byte{1}}

// loop is a body with the iteration i and the condition go on.
func loop(inputs []*onnx.Value, outputs []*onnx.Value, nodes ...*onnx.Node) *onnx.Graph {
	in := append([]*onnx.Value{{Name: "i", Type: onnx.Int64, Shape: []onnx.Dim{}}, {Name: "on", Type: onnx.Bool, Shape: []onnx.Dim{}}}, inputs...)
	nodes = append(nodes, node("Identity", "still", "on"))
	return &onnx.Graph{Name: "body", Nodes: nodes, Inputs: in, Outputs: append(values(onnx.Bool, "still"), outputs...)}
}

// writtenOut are models whose loops and lists are written out, by the operators
// that they show.
func writtenOut() map[string]*onnx.Model {
	count := onnx.NewInts("count", nil, []int64{3})
	at := func(name string, v int64) *onnx.Tensor { return onnx.NewInts(name, nil, []int64{v}) }
	state := values(onnx.Float, "h")
	made := func(shape []int, tensors []*onnx.Tensor, nodes ...*onnx.Node) *onnx.Model {
		m := chain(17, shape, nodes...)
		m.Graph.Initializers = tensors
		return m
	}
	turn := loop(state, values(onnx.Float, "next", "kept"), node("Cast", "step", "i"), node("Add", "more", "h", "step"), node("Mul", "next", "more", "x"), node("Sin", "kept", "next"))
	turn.Nodes[0].Attrs = attrs(i("to", 1))
	looped := made([]int{1, 3}, []*onnx.Tensor{count, yes}, with(node("Loop", "h3 stack", "count", "yes", "x"), body("body", turn)), node("ReduceSum", "r", "stack"), node("Mul", "y", "h3", "r"))
	branch := func(name, op string) *onnx.Graph {
		return &onnx.Graph{Name: name, Nodes: []*onnx.Node{node(op, name+"_out", "h")}, Outputs: values(onnx.Float, name+"_out")}
	}
	nested := loop(state, values(onnx.Float, "next"), node("Equal", "first", "i", "zero"),
		with(node("If", "next", "first"), body("then_branch", branch("then", "Sin")), body("else_branch", branch("else", "Exp"))))
	chosen := made([]int{1, 3}, []*onnx.Tensor{count, yes, at("zero", 0)}, with(node("Loop", "y", "count", "yes", "x"), body("body", nested)))
	step := &onnx.Graph{Name: "turn", Nodes: []*onnx.Node{node("Mul", "u", "s", "row"), node("Add", "s2", "u", "row"), node("Tanh", "o", "s2")},
		Inputs: values(onnx.Float, "s", "row"), Outputs: values(onnx.Float, "s2", "o")}
	scan := with(node("Scan", "last rows", "start", "x"), body("body", step), i("num_scan_inputs", 1), is("scan_input_axes", 1), is("scan_input_directions", 1), is("scan_output_axes", 1), is("scan_output_directions", 1))
	scanned := made([]int{1, 4, 2}, nil, with(node("ReduceMean", "start", "x"), is("axes", 1), i("keepdims", 0)), scan, with(node("Unsqueeze", "wide", "last", "one")), node("Mul", "y", "rows", "wide"))
	scanned.Graph.Initializers = []*onnx.Tensor{onnx.NewInts("one", []int64{1}, []int64{1})}
	split := made([]int{1, 5, 2}, []*onnx.Tensor{at("two", 2), at("last", -1), at("zero", 0)}, with(node("SplitToSequence", "list", "x", "two"), i("axis", 1)),
		node("SequenceAt", "a", "list", "zero"), node("SequenceAt", "b", "list", "last"), node("Sin", "c", "a"), node("SequenceInsert", "more", "list", "c", "zero"),
		node("SequenceErase", "fewer", "more", "two"), with(node("ConcatFromSequence", "d", "fewer"), i("axis", 1)), node("Mul", "y", "d", "b"))
	singles := made([]int{1, 3, 2}, []*onnx.Tensor{at("one", 1), at("two", 2)}, with(node("SplitToSequence", "list", "x"), i("axis", 1), i("keepdims", 0)),
		node("SequenceAt", "a", "list", "one"), node("SequenceAt", "b", "list", "two"), node("SequenceConstruct", "pair", "b", "a", "b"),
		with(node("ConcatFromSequence", "c", "pair"), i("axis", 2), i("new_axis", 1)), node("Exp", "y", "c"))
	grown := &onnx.Graph{Name: "grow", Nodes: []*onnx.Node{node("Identity", "still", "on"), node("Mul", "new", "x", "x"), node("SequenceInsert", "out", "in", "new")},
		Inputs: append(loop(nil, nil).Inputs, &onnx.Value{Name: "in"}), Outputs: append(values(onnx.Bool, "still"), &onnx.Value{Name: "out"})}
	growing := made([]int{1, 3}, []*onnx.Tensor{count, yes}, node("SequenceEmpty", "none"), with(node("Loop", "all", "count", "yes", "none"), body("body", grown)),
		with(node("ConcatFromSequence", "y", "all"), i("axis", 1)))
	return map[string]*onnx.Model{"Loop": looped, "If in Loop": chosen, "Scan": scanned, "SplitToSequence SequenceAt SequenceInsert SequenceErase ConcatFromSequence": split,
		"SequenceConstruct": singles, "SequenceEmpty": growing}
}

func TestLoopsAndListsAreWrittenOut(t *testing.T) {
	r := library(t)
	for name, m := range writtenOut() {
		t.Run(name, func(t *testing.T) {
			shape := []int{}
			for _, d := range m.Graph.Inputs[0].Shape {
				shape = append(shape, int(max(d.Size, 1)))
			}
			in := infer.NewTensor(shape...)
			for k := range in.Data {
				in.Data[k] = 0.3 + 0.11*float32(k)
			}
			out := m.Graph.Outputs[0].Name
			if c, err := gradient.Cover(m, out, "x"); err != nil || len(c.Blockers) > 0 {
				t.Errorf("coverage %+v, %v", c, err)
			}
			b := newBench(t, r, m, in)
			if b.model == b.original {
				t.Fatal("the model is as it was")
			}
			checkModel(t, b, rand.New(rand.NewPCG(1, 2)))
		})
	}
}

// TestRecurrentHeads: pictures lie along axis 1 inside, and both pictures and
// scores may be several.
func TestRecurrentHeads(t *testing.T) {
	r := library(t)
	for op, gates := range map[string]int64{"LSTM": 4, "GRU": 3, "RNN": 1} {
		t.Run(op, func(t *testing.T) {
			m := chain(17, []int{1, 5, 3}, with(node("Transpose", "s", "x"), is("perm", 1, 0, 2)), with(node(op, "h", "s", "w", "r"), i("hidden_size", 4)),
				with(node("Gather", "last", "h", "end"), i("axis", 0)), node("Squeeze", "y", "last", "none"))
			w, h := random(1, gates*4, 3).value, random(1, gates*4, 4).value
			w.Name, h.Name = "w", "r"
			m.Graph.Initializers = []*onnx.Tensor{w, h, onnx.NewInts("end", nil, []int64{-1}), onnx.NewInts("none", []int64{1}, []int64{0})}
			in := infer.NewTensor(1, 5, 3)
			for k := range in.Data {
				in.Data[k] = float32(k%7)*0.4 - 1
			}
			b := newBench(t, r, m, in)
			plan, err := gradient.Build(b.model, b.facts, "y", []string{"x"}, gradient.Options{})
			if err != nil || plan.Batching != gradient.Broadcast {
				t.Errorf("batching %v, %v", plan, err)
			}
			checkModel(t, b, rand.New(rand.NewPCG(1, 2)))
		})
	}
}

func TestLoopsOfUnknownLengthAreRefused(t *testing.T) {
	r := library(t)
	turn := func(still *onnx.Node) *onnx.Graph {
		g := loop(values(onnx.Float, "h"), values(onnx.Float, "next"), node("Mul", "next", "h", "x"))
		g.Nodes[len(g.Nodes)-1] = still
		return g
	}
	steady := node("Identity", "still", "on")
	many := onnx.NewInts("count", nil, []int64{1 << 40})
	for name, c := range map[string]struct {
		tensors []*onnx.Tensor
		nodes   []*onnx.Node
		reason  string
	}{
		"counted from the picture": {[]*onnx.Tensor{yes}, []*onnx.Node{with(node("ReduceMax", "top", "x"), i("keepdims", 0)), with(node("Cast", "count", "top"), i("to", int64(onnx.Int64))),
			with(node("Loop", "y", "count", "yes", "x"), body("body", turn(steady)))}, "fixed number of turns"},
		"ended by the picture": {[]*onnx.Tensor{yes, onnx.NewInts("count", nil, []int64{3}), onnx.NewTensor("five", nil, []float32{5})},
			[]*onnx.Node{with(node("Loop", "y", "count", "yes", "x"), body("body", func() *onnx.Graph {
				g := turn(with(node("ReduceSum", "sum", "next"), i("keepdims", 0)))
				g.Nodes = append(g.Nodes, node("Less", "still", "sum", "five"))
				return g
			}()))}, "only known at run time"},
		"too long": {[]*onnx.Tensor{yes, many}, nil, "more than are written out"},
	} {
		t.Run(name, func(t *testing.T) {
			m := chain(17, []int{1, 3}, c.nodes...)
			m.Graph.Initializers = c.tensors
			if c.nodes == nil {
				m.Graph.Nodes = []*onnx.Node{with(node("Loop", "y", "count", "yes", "x"), body("body", turn(steady)))}
			}
			in := infer.Tensor{Shape: []int{1, 3}, Data: []float32{1.2, 1.1, 2.2}}
			var facts gradient.Facts
			if c.nodes != nil { // the other one runs for a year
				b := newBench(t, r, m, in)
				m, facts = b.model, b.facts
			}
			_, err := gradient.Build(m, facts, "y", []string{"x"}, gradient.Options{})
			var u *gradient.Unsupported
			if !errors.As(err, &u) || u.Op != "Loop" || !strings.Contains(u.Reason, c.reason) {
				t.Errorf("error %v", err)
			}
		})
	}
}

// TestHalfPrecisionInBranches: branches keep a model from being widened until
// they are decided; what is inside is then written out too.
func TestHalfPrecisionInBranches(t *testing.T) {
	branch := func(name string, n *onnx.Node) *onnx.Graph {
		return &onnx.Graph{Name: name, Nodes: []*onnx.Node{n}, Outputs: values(onnx.Float16, n.Outputs[0])}
	}
	attention := &onnx.Node{OpType: "MultiHeadAttention", Domain: "com.microsoft", Inputs: []string{"h", "h", "h"}, Outputs: []string{"att"}, Attrs: attrs(i("num_heads", 2))}
	m := chain(17, []int{1, 3, 4}, with(node("Cast", "h", "x"), i("to", int64(onnx.Float16))), node("Shape", "shape", "x"), node("Size", "rank", "shape"), node("Equal", "three", "rank", "number"),
		with(node("If", "o", "three"), body("then_branch", branch("then", attention)), body("else_branch", branch("else", node("Identity", "same", "h")))), with(node("Cast", "y", "o"), i("to", int64(onnx.Float))))
	m.Opsets["com.microsoft"] = 1
	m.Graph.Initializers = []*onnx.Tensor{onnx.NewInts("number", nil, []int64{3})}
	in := infer.NewTensor(1, 3, 4)
	for k := range in.Data {
		in.Data[k] = float32(k%5)*0.5 - 1
	}
	b := &bench{t: t, runtime: library(t), inputs: []infer.Tensor{in}}
	b.prepare(m)
	b.original = b.model // which rounds
	checkModel(t, b, rand.New(rand.NewPCG(1, 2)))
}
