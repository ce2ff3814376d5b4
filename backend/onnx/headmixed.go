package onnx

// mixed describes an output without an activation right at its end. Detectors
// join boxes and class scores; the activation is then looked for through the
// joints, and where none is found there, also through the arithmetic that
// decodes the boxes. Without any, the output is scores.
func (f headFinder) mixed(output string) Head {
	w := mixedWalk{headFinder: f, seen: map[string]bool{"": true}}
	w.through([]string{output}, false)
	if len(w.found) == 0 {
		w.through(w.decoded, true)
	}
	if !w.joined || len(w.found) == 0 {
		return Head{Kind: HeadLogits, Logits: output}
	}
	h := Head{Kind: HeadMixed}
	if len(w.found) == 1 {
		h.Node, h.Logits, h.Probs = w.found[0], w.found[0].Input(0), w.found[0].Output(0)
		if h.Node.Is("Softmax") {
			h.Axis, h.Joint = f.axis(h.Node)
		}
	}
	return h
}

// mixedWalk looks back from a joined output.
type mixedWalk struct {
	headFinder
	seen    map[string]bool
	joined  bool
	found   []*Node  // activations
	decoded []string // inputs of arithmetic, kept for later
}

func (w *mixedWalk) through(queue []string, arithmetic bool) {
	for ; len(queue) > 0; queue = queue[1:] {
		if w.seen[queue[0]] {
			continue
		}
		w.seen[queue[0]] = true
		n, _ := w.index.Producer(queue[0])
		switch {
		case n.Is("Sigmoid", "Softmax"):
			w.found = append(w.found, n)
		case n.Is("Concat"):
			w.joined = true
			queue = append(queue, n.Inputs...)
		case n != nil && moves(n), n.Is("Slice", "Split", "Gather"):
			queue = append(queue, n.Input(0))
		case w.joined && n.Is("Mul", "Add", "Sub", "Div", "Pow") && arithmetic:
			queue = append(queue, n.Inputs...)
		case w.joined && n.Is("Mul", "Add", "Sub", "Div", "Pow"):
			w.decoded = append(w.decoded, n.Inputs...)
		}
	}
}
