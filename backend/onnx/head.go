package onnx

// HeadKind says how a model turns scores into its output.
type HeadKind int

// Kinds of heads.
const (
	HeadUnknown    HeadKind = iota // no such output
	HeadLogits                     // no activation: the output is the scores
	HeadSoftmax                    // one class of several
	HeadSigmoid                    // every class by itself
	HeadLogSoftmax                 // logarithm of a softmax
	HeadLogSigmoid                 // logarithm of a sigmoid
	HeadArgMax                     // the number of the best class
	HeadMixed                      // boxes and scores joined in one tensor, as detectors do
	HeadBounded                    // computed from probabilities without weights: masked, calibrated or cut off to 0…1
)

// String names the kind.
func (k HeadKind) String() string {
	names := [...]string{"unknown", "logits", "softmax", "sigmoid", "log-softmax", "log-sigmoid", "arg-max", "mixed", "bounded"}
	if k < 0 || int(k) >= len(names) {
		return names[0]
	}
	return names[k]
}

// Head is the end of a model, read backwards from one output.
//
// Logits names the tensor of raw scores. For a classifier and for
// segmentation that ends in an activation it is the activation's input; for
// one that ends in scores it is the output itself. For HeadMixed it is the
// input of the one activation among the joined parts, "" where there are
// several. For HeadArgMax it is what an output in front of the ArgMax would
// have. For HeadBounded there is none.
type Head struct {
	Kind   HeadKind
	Output string
	Logits string
	Probs  string  // tensor behind the activation, "" without one
	Axis   int     // softmax: axis of the classes in Logits; negative counts from the end
	Joint  bool    // softmax over Axis and all axes behind it together (operator sets before 13)
	Node   *Node   // the activation, or the last node of one spelt out; nil without one
	After  []*Node // what only reshapes or casts the result, in order towards the output
}

// FindHead looks back from the named output, through nodes that move or cast
// elements without changing them, for the final Softmax, Sigmoid or
// LogSoftmax. Activations spelt out in Exp, Log and divisions are recognised.
// An empty name takes the output that looks most like class scores: the first
// with probabilities, else the first of floating-point numbers.
func FindHead(m *Model, output string) Head {
	if m.Graph == nil {
		return Head{}
	}
	f := headFinder{m: m, index: m.Graph.Index(), steps: len(m.Graph.Nodes) + 1}
	if output != "" {
		return f.output(output)
	}
	var best Head
	for _, v := range m.Graph.Outputs {
		if h := f.output(v.Name); worth(h, v) > worth(best, v) {
			best = h
		}
	}
	return best
}

// worth orders heads by how much they look like class scores.
func worth(h Head, v *Value) int {
	switch {
	case h.Kind == HeadUnknown:
		return 0
	case h.Kind == HeadArgMax || v.Type != 0 && !v.Type.IsFloat():
		return 1
	case h.Kind == HeadMixed:
		return 2
	case h.Kind == HeadLogits:
		return 3
	}
	return 4
}

// headFinder follows one graph backwards; steps bounds the walk in graphs that
// run in a circle.
type headFinder struct {
	m     *Model
	index *Index
	steps int
}

func (f headFinder) output(name string) Head {
	node, _ := f.index.Producer(name)
	if node == nil && f.index.Output(name) == nil {
		return Head{}
	}
	h, found := f.activation(name, f.steps)
	if !found {
		h = f.mixed(name)
	}
	if h.Kind == HeadLogits {
		if b, ok := f.bounded(name); ok {
			h = b
		}
	}
	h.Output = name
	return h
}

// activation finds the activation behind the tensor.
func (f headFinder) activation(name string, steps int) (Head, bool) {
	var after []*Node
	for ; steps > 0; steps-- {
		node, slot := f.index.Producer(name)
		if node == nil {
			return Head{}, false
		}
		if moves(node) && slot == 0 {
			after = append([]*Node{node}, after...)
			name = node.Input(0)
			continue
		}
		h, found := f.match(node, slot, steps-1)
		h.After = append(h.After, after...)
		return h, found
	}
	return Head{}, false
}

// moves reports nodes whose first output holds the elements of the first
// input, moved or rounded at most.
func moves(n *Node) bool {
	if n.Is("Cast") {
		return DataType(n.AttrInt("to", int64(Float))).IsFloat()
	}
	return n.Is("Identity", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Transpose", "Dropout",
		"QuantizeLinear", "DequantizeLinear")
}

// match recognises the node that ends an activation.
func (f headFinder) match(n *Node, slot, steps int) (Head, bool) {
	h := Head{Node: n, Logits: n.Input(0), Probs: n.Output(slot)}
	switch {
	case n.Is("Softmax"):
		h.Kind = HeadSoftmax
		h.Axis, h.Joint = f.axis(n)
	case n.Is("LogSoftmax"):
		h.Kind = HeadLogSoftmax
		h.Axis, h.Joint = f.axis(n)
	case n.Is("Sigmoid"):
		h.Kind = HeadSigmoid
	case n.Is("Log"):
		return f.wrap(n, steps, map[HeadKind]HeadKind{HeadSoftmax: HeadLogSoftmax, HeadSigmoid: HeadLogSigmoid})
	case n.Is("Exp"):
		return f.wrap(n, steps, map[HeadKind]HeadKind{HeadLogSoftmax: HeadSoftmax, HeadLogSigmoid: HeadSigmoid})
	case n.Is("ArgMax"), n.Is("TopK") && slot == 1:
		return f.best(n, steps), true
	case n.Is("Div", "Reciprocal"):
		return f.quotient(n)
	default:
		return Head{}, false
	}
	return h, true
}

// wrap is a logarithm or exponential around an activation.
func (f headFinder) wrap(n *Node, steps int, kinds map[HeadKind]HeadKind) (Head, bool) {
	h, found := f.activation(n.Input(0), steps)
	kind, fits := kinds[h.Kind]
	if !found || !fits {
		return Head{}, false
	}
	h.Kind, h.Node, h.Probs = kind, n, n.Output(0)
	return h, true
}

// best is the number of the best class.
func (f headFinder) best(n *Node, steps int) Head {
	h, found := f.activation(n.Input(0), steps)
	if !found {
		h = Head{Logits: n.Input(0)}
	}
	h.Kind, h.Node = HeadArgMax, n
	return h
}

// axis is the axis of a Softmax and whether the axes behind it take part.
func (f headFinder) axis(n *Node) (axis int, joint bool) {
	if version := f.m.Opsets[""]; version == 0 || version >= 13 {
		return int(n.AttrInt("axis", -1)), false
	}
	axis = int(n.AttrInt("axis", 1))
	ranks := f.m.Graph.Ranks()
	rank, known := ranks[n.Input(0)]
	if !known {
		rank, known = ranks[n.Output(0)]
	}
	if !known {
		return axis, axis != -1
	}
	return axis, axis != -1 && axis != rank-1
}
