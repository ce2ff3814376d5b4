package outline

import (
	"fmt"
	"slices"
	"strings"

	"picasso/backend/onnx"
)

// chains sorts the nodes between the picture and the outputs into rows, in the
// order of the graph.
func (t *tracer) chains() [][]*onnx.Node {
	on := t.between()
	row := map[*onnx.Node]int{}
	var chains [][]*onnx.Node
	for _, n := range t.Model.Graph.Nodes {
		if !on[n] {
			continue
		}
		before, _ := t.index.Producer(n.Input(0))
		if at, known := row[before]; known && t.follows(n, before) {
			chains[at] = append(chains[at], n)
			row[n] = at
			continue
		}
		row[n] = len(chains)
		chains = append(chains, []*onnx.Node{n})
	}
	return chains
}

// between are the nodes that depend on the picture and that outputs depend on.
func (t *tracer) between() map[*onnx.Node]bool {
	wanted := map[string]bool{}
	for _, name := range t.Outputs {
		wanted[name] = true
	}
	for _, n := range slices.Backward(t.Model.Graph.Nodes) {
		if slices.ContainsFunc(n.Outputs, func(name string) bool { return wanted[name] }) {
			for _, name := range reads(n) {
				wanted[name] = true
			}
		}
	}
	data, on := map[string]bool{t.Input: true}, map[*onnx.Node]bool{}
	for _, n := range t.Model.Graph.Nodes {
		if !slices.ContainsFunc(reads(n), func(name string) bool { return data[name] }) || n.Is("Shape", "Size") {
			continue
		}
		for _, name := range n.Outputs {
			data[name] = true
			on[n] = on[n] || wanted[name] && name != ""
		}
	}
	return on
}

// reads are the tensors that a node depends on, its bodies included.
func reads(n *onnx.Node) []string {
	names := slices.Clone(n.Inputs)
	for _, body := range n.Bodies() {
		names = append(names, body.Captures()...)
	}
	return names
}

// followers are operators that people name together with what is in front of
// them: they work on every element, or every channel, by itself.
var followers = strings.Fields(`BatchNormalization Relu LeakyRelu PRelu Clip Sigmoid HardSigmoid HardSwish Tanh Elu Selu Celu Gelu Mish Softplus
	Dropout Identity Cast QuantizeLinear DequantizeLinear Softmax LogSoftmax`)

// follows reports whether a node continues the chain that ends with another.
func (t *tracer) follows(n, before *onnx.Node) bool {
	name := before.Output(0)
	if len(before.Outputs) > 1 && before.Output(1) != "" && len(t.index.Consumers(before.Output(1))) > 0 || len(t.index.Consumers(name)) != 1 || slices.Contains(t.Outputs, name) {
		return false
	}
	bias := n.Is("Add", "Mul") && t.weights(n.Input(1)) != nil && len(n.Inputs) == 2 && before.Is("Conv", "Gemm", "MatMul", "BatchNormalization")
	return bias || slices.Contains(followers, n.OpType)
}

// spell writes an operator with its kernel and stride.
func (t *tracer) spell(n *onnx.Node) string {
	name := n.OpType
	kernel := n.AttrInts("kernel_shape")
	if w := t.shape(n.Input(1)); len(kernel) == 0 && strings.Contains(name, "Conv") && len(w) > 2 {
		for _, d := range w[2:] {
			kernel = append(kernel, int64(d))
		}
	}
	if len(kernel) > 0 && (strings.Contains(name, "Conv") || strings.HasSuffix(name, "Pool")) {
		name += " " + joined(kernel)
		if s := n.AttrInts("strides"); len(s) > 0 && slices.Max(s) > 1 {
			name += "/" + joined(slices.Compact(slices.Clone(s)))
		}
		if d := n.AttrInts("dilations"); len(d) > 0 && slices.Max(d) > 1 {
			name += fmt.Sprintf(" dilated %s", joined(slices.Compact(slices.Clone(d))))
		}
	}
	if g := n.AttrInt("group", 1); g > 1 && strings.Contains(n.OpType, "Conv") {
		if in := t.shape(n.Input(0)); len(in) > 1 && int64(in[1]) == g {
			return name + " depthwise"
		}
		return fmt.Sprintf("%s in %d groups", name, g)
	}
	return name
}

func joined(v []int64) string {
	text := make([]string, len(v))
	for i, d := range v {
		text[i] = fmt.Sprint(d)
	}
	return strings.Join(text, "×")
}
