package blocked

import (
	"slices"

	"picasso/backend/onnx"
)

// conv writes a convolution as the runtime would: channels fewer than a block come in
// rows, more of them in blocks; each channel by itself, or groups of whole blocks.
func (r *rewriter) conv(n *onnx.Node) bool {
	x, dims := n.Input(0), r.dims(n.Input(1))
	if !r.convs || len(dims) != 4 || n.Input(2) != "" && !r.constant(n.Input(2)) {
		return false
	}
	out, in, group := dims[0], dims[1], n.AttrInt("group", 1)
	t := r.tensor(x)
	if t != nil && t.shape[1] != in*group || !r.suits(out, in, group) || t == nil && (group > 1 || in >= r.Block) {
		return false
	}
	y, norm := n.Output(0), (*affine)(nil)
	if node, a := r.behind(n, out); a != nil {
		y, norm, r.absorbed[node] = node.Output(0), a, true
	}
	var weights string
	switch {
	case group == 1 && in < r.Block:
		r.rows(x)
		weights = r.byChannel(n.Input(1), dims, norm)
	default:
		if x, _ = r.blocks(x); in == 1 && group > 1 {
			weights, group = r.byChannel(n.Input(1), dims, norm), r.whole(group)
		} else {
			weights = r.byBlocks(n.Input(1), dims, norm)
		}
	}
	conv := &onnx.Node{OpType: "Conv", Domain: Domain, Name: n.Name, Inputs: []string{x, weights}, Attrs: grouped(n.Attrs, group)}
	if norm != nil {
		conv.Inputs = append(conv.Inputs, r.values(norm.through(r.numbers(n.Input(2), out)), r.whole(out)))
	} else if b := n.Input(2); b != "" {
		conv.Inputs = append(conv.Inputs, r.padded(b, []int64{out}, []int64{r.whole(out)}))
	}
	conv.Outputs = []string{r.result(y, r.convolved(n, dims))}
	r.tensors[y].conv = conv
	r.add(conv)
	return true
}

// suits tells whether the runtime has a convolution in blocks for so many channels.
func (r *rewriter) suits(out, in, group int64) bool {
	switch {
	case group == 1:
		return in < r.Block || in%Alignment == 0
	case in == 1 && out == group:
		return out%Alignment == 0
	}
	return in%r.Block == 0 && out%group == 0 && out/group%r.Block == 0
}

// grouped are the attributes of a convolution with another number of groups.
func grouped(attrs []*onnx.Attr, group int64) []*onnx.Attr {
	attrs = slices.DeleteFunc(slices.Clone(attrs), func(a *onnx.Attr) bool { return a.Name == "group" })
	return append(attrs, onnx.IntAttr("group", group))
}

// convolved is the shape that a convolution gives.
func (r *rewriter) convolved(n *onnx.Node, dims []int64) shape {
	y := shape{-1, dims[0]}
	t := r.tensor(n.Input(0))
	if t == nil || t.shape[2] < 1 || t.shape[3] < 1 || n.AttrString("auto_pad", "NOTSET") != "NOTSET" {
		return y
	}
	at := func(name string, i int, missing int64) int64 {
		if list := n.AttrInts(name); i < len(list) {
			return list[i]
		}
		return missing
	}
	y[0] = t.shape[0]
	for i := range 2 {
		span := at("dilations", i, 1)*(dims[i+2]-1) + 1
		y[i+2] = (t.shape[i+2]+at("pads", i, 0)+at("pads", i+2, 0)-span)/max(at("strides", i, 1), 1) + 1
	}
	return y
}

// joined tells whether the runtime would join a node of the user's model with the convolution in
// front of or behind it first, which it can only while that is one of the standard set.
func (r *rewriter) joined(n *onnx.Node) bool {
	if !n.Is("Conv") {
		return false
	}
	if p, _ := r.index.Producer(n.Input(0)); p.Is("Pad") {
		return true
	}
	next := r.index.Consumers(n.Output(0))
	if len(next) != 1 {
		return false
	}
	other := next[0].Node
	return other.Is("Add", "Mul", "Sub", "Div") && slices.ContainsFunc(other.Inputs, func(name string) bool {
		return name != n.Output(0) && r.index.Constant(name) != nil && !r.scalar(name)
	})
}
