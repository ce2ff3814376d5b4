package gradients

import (
	"slices"

	"picasso/backend/onnx"
)

// direct lets nodes read weights themselves where they read them through an Identity,
// as PyTorch writes weights that are equal. Shapes can then be told without a run, and
// what is done to weights is done once and not in every pass. Nothing else that reads
// the copy loses it: [onnx.Graph.Prune] drops it where nobody does.
func direct(g *onnx.Graph) {
	weights := map[string]bool{}
	for _, t := range g.Initializers {
		weights[t.Name] = true
	}
	source := map[string]string{}
	for _, n := range g.Nodes {
		if n.Is("Identity") && len(n.Inputs) == 1 && len(n.Outputs) == 1 {
			from := n.Inputs[0]
			if of, is := source[from]; is {
				from = of
			}
			if weights[from] {
				source[n.Outputs[0]] = from
			}
		}
	}
	if len(source) == 0 {
		return
	}
	for _, n := range g.Nodes {
		for i, name := range n.Inputs {
			if from, is := source[name]; is {
				n.Inputs[i] = from
			}
		}
	}
	g.ValueInfo = slices.DeleteFunc(g.ValueInfo, func(v *onnx.Value) bool { _, is := source[v.Name]; return is })
}
