package gradient

import "picasso/backend/onnx"

// Reaching is the set of tensors from which a differentiable path leads to the
// tensor seed, whether or not one leads to them from the picture; seed
// included.
func Reaching(m *onnx.Model, seed string) map[string]bool {
	g, err := newGraph(m)
	if err != nil {
		return nil
	}
	var from []string
	for name := range g.data {
		from = append(from, name)
	}
	return g.trace(seed, from).on
}

// Cut is the first node at which every differentiable path from the tensor wrt
// ends, although the tensor seed depends on its result: one that rounds,
// compares or chooses. Nil where there is none.
func Cut(m *onnx.Model, seed, wrt string) *onnx.Node {
	g, err := newGraph(m)
	if err != nil {
		return nil
	}
	active, leads := g.activate([]string{wrt}), map[string]bool{seed: true}
	var cut *onnx.Node
	for i := len(g.nodes) - 1; i >= 0; i-- {
		n := g.nodes[i]
		if !anyOf(leads, n.Outputs) || n.Is("Shape", "Size") {
			continue
		}
		for _, name := range reads(n) {
			leads[name] = true
		}
		if anyOf(active, reads(n)) && !anyOf(active, n.Outputs) {
			cut = n
		}
	}
	return cut
}
