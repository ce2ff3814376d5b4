package gradient

import "picasso/backend/onnx"

// varying is a node whose output has another shape for every picture, where
// something on the route depends on it, or a node on the route that computes
// something else for every picture; nil where there is none.
func (g *graph) varying(r route) *onnx.Node {
	from := map[string]*onnx.Node{}
	for _, n := range g.nodes {
		source := from[firstIn(from, reads(n))]
		if source == nil && g.varies(n) {
			source = n
		}
		if source == nil {
			continue
		}
		for _, out := range n.Outputs {
			from[out] = source
		}
	}
	for _, n := range r.nodes {
		if n.Is("If", "Loop") && g.data[n.Input(0)] {
			return n
		}
		if source := from[firstIn(from, append(reads(n), n.Outputs...))]; source != nil {
			return source
		}
	}
	return nil
}

func firstIn(set map[string]*onnx.Node, names []string) string {
	for _, name := range names {
		if set[name] != nil {
			return name
		}
	}
	return ""
}

// varies reports a node whose output takes its shape from numbers that depend
// on the picture.
func (g *graph) varies(n *onnx.Node) bool {
	for _, slot := range shaping(n) {
		if g.data[n.Input(slot)] {
			return true
		}
	}
	return false
}

// shaping are the inputs of a node whose numbers decide the shape of its
// output.
func shaping(n *onnx.Node) []int {
	switch {
	case n.Is("NonZero", "NonMaxSuppression", "Unique", "ConstantOfShape"):
		return []int{0}
	case n.Is("Compress", "Reshape", "Expand", "Tile", "Pad", "TopK", "Split", "Upsample", "OneHot", "CenterCropPad"):
		return []int{1}
	case n.Is("Slice"):
		return []int{1, 2, 4}
	case n.Is("Resize"):
		return []int{2, 3}
	case n.Is("Range"):
		return []int{0, 1, 2}
	}
	return nil
}

// variable is the refusal of a node with such a shape.
func variable(n *onnx.Node) *Unsupported {
	reason := "has a result whose shape depends on the picture"
	switch {
	case n.Is("If"):
		reason = "chooses between branches by the picture"
	case n.Is("Loop"):
		reason = "repeats a part of the graph as often as the picture says; export with a fixed number of turns"
	}
	return &Unsupported{Op: n.OpType, Domain: n.Domain, Node: n.Label(), Reason: reason, Varies: true}
}
