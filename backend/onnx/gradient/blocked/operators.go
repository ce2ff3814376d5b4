package blocked

import (
	"slices"

	"picasso/backend/onnx"
	"picasso/backend/onnx/gradient/kernel"
)

// operator is one of the standard set or of ours.
type operator struct{ domain, name string }

// operators write nodes in blocks; they give false, and write nothing, where a node is to
// stay as it is.
var operators map[operator]func(*rewriter, *onnx.Node) bool

func init() {
	operators = map[operator]func(*rewriter, *onnx.Node) bool{
		{"", "Conv"}:                        (*rewriter).conv,
		{"", "BatchNormalization"}:          (*rewriter).norm,
		{"", "Dropout"}:                     (*rewriter).dropout,
		{"", "Identity"}:                    (*rewriter).wanted,
		{"", "Clip"}:                        (*rewriter).clip,
		{"", "Expand"}:                      (*rewriter).expand,
		{"", "ReduceSum"}:                   (*rewriter).reduce,
		{"", "ReduceMean"}:                  (*rewriter).reduce,
		{"", "Concat"}:                      (*rewriter).concat,
		{"", "Slice"}:                       (*rewriter).slice,
		{"", "Add"}:                         (*rewriter).sum,
		{"", "Sum"}:                         (*rewriter).sum,
		{"", "Mul"}:                         (*rewriter).product,
		{"", "Sub"}:                         (*rewriter).together,
		{"", "MaxPool"}:                     (*rewriter).pool,
		{"", "AveragePool"}:                 (*rewriter).pool,
		{"", "GlobalMaxPool"}:               (*rewriter).pool,
		{"", "GlobalAveragePool"}:           (*rewriter).pool,
		{kernel.Domain, "Inside"}:           (*rewriter).wanted,
		{kernel.Domain, "Keep"}:             (*rewriter).keep,
		{kernel.Domain, "MaxPoolGrad"}:      (*rewriter).poolGradient,
		{kernel.Domain, "Interleave"}:       (*rewriter).interleave,
		{kernel.Domain, "DepthwiseScatter"}: (*rewriter).scatter,
	}
	// Each element by itself; of 0 they give a finite number.
	for _, op := range []string{"Relu", "LeakyRelu", "Elu", "Selu", "Sigmoid", "HardSigmoid", "HardSwish", "Softplus", "Tanh", "Erf", "Abs", "Neg"} {
		operators[operator{"", op}] = (*rewriter).each
	}
}

// each writes an operator that treats each element by itself.
func (r *rewriter) each(n *onnx.Node) bool {
	x := n.Input(0)
	if !r.given(x) {
		return false
	}
	if n.Is("Relu") && r.activated(n, onnx.StringAttr("activation", "Relu")) {
		return true
	}
	r.like(n, x)
	return true
}

// like writes a node whose first input is in blocks, and whose result has its shape.
func (r *rewriter) like(n *onnx.Node, x string) {
	blocks, _ := r.blocks(x)
	t := r.tensor(x)
	r.write(n, append([]string{blocks}, n.Inputs[1:]...), t.shape)
}

// activated leaves an activation to the convolution whose result it takes.
func (r *rewriter) activated(n *onnx.Node, attrs ...*onnx.Attr) bool {
	t := r.tensor(n.Input(0))
	if t.conv == nil || !r.alone(n.Input(0)) {
		return false
	}
	t.conv.Attrs = append(t.conv.Attrs, attrs...)
	t.conv.Outputs = []string{r.result(n.Output(0), t.shape)}
	return true
}

// clip is [rewriter.each] with constant bounds.
func (r *rewriter) clip(n *onnx.Node) bool {
	if !r.given(n.Input(0)) || r.input(n.Input(1)) || r.input(n.Input(2)) {
		return false
	}
	low, lowKnown := r.bound(n, "min", 1, lowest)
	high, highKnown := r.bound(n, "max", 2, -lowest)
	if lowKnown && highKnown && r.activated(n, onnx.StringAttr("activation", "Clip"), &onnx.Attr{Name: "activation_params", Kind: onnx.AttrFloats, Floats: []float32{low, high}}) {
		return true
	}
	if r.tensor(n.Input(1)) != nil || r.tensor(n.Input(2)) != nil {
		return false
	}
	r.like(n, n.Input(0))
	return true
}

const lowest = -3.40282346638528859811704183484516925440e+38

// bound is a bound of Clip, known where it is a constant.
func (r *rewriter) bound(n *onnx.Node, attr string, i int, none float32) (float32, bool) {
	if a := n.Attr(attr); a != nil {
		return a.F, true
	}
	if n.Input(i) == "" {
		return none, true
	}
	t := r.index.Constant(n.Input(i))
	if t == nil || t.Type != onnx.Float || t.Elements() != 1 || !t.InMemory() {
		return 0, false
	}
	v, err := t.Floats(r.model)
	return append(v, 0)[0], err == nil && len(v) == 1
}

// all tells whether all tensors are in blocks, or can be had in them, and have one shape.
func (r *rewriter) all(names []string) bool {
	for i, name := range names {
		if !r.given(name) {
			return false
		}
		t, first := r.tensor(name), r.tensor(names[0])
		if i > 0 && (t.shape != first.shape || t.shape[2] < 1 || t.shape[3] < 1) {
			return false
		}
	}
	return len(names) > 0
}

// scalar tells whether a tensor is one constant number.
func (r *rewriter) scalar(name string) bool {
	t := r.index.Constant(name)
	return t != nil && t.Elements() == 1 && len(t.Dims) <= 4
}

// sum adds tensors of one shape, the second one to what a convolution gives where possible.
func (r *rewriter) sum(n *onnx.Node) bool {
	if !r.all(n.Inputs) {
		return r.together(n)
	}
	for i, name := range n.Inputs {
		t := r.tensor(name)
		if len(n.Inputs) != 2 || t.conv == nil || len(t.conv.Inputs) > 3 || !r.alone(name) {
			continue
		}
		other, _ := r.blocks(n.Inputs[1-i])
		r.nodes = slices.DeleteFunc(r.nodes, func(n *onnx.Node) bool { return n == t.conv }) // it waits for the other one
		t.conv.Inputs = append(t.conv.Inputs, make([]string, 3-len(t.conv.Inputs))...)
		t.conv.Inputs = append(t.conv.Inputs, other)
		t.conv.Outputs = []string{r.result(n.Output(0), t.shape)}
		r.tensors[n.Output(0)].conv = t.conv
		r.add(t.conv)
		return true
	}
	return r.together(n)
}

// together writes an operator that takes elements of tensors of one shape together, or with
// one number.
func (r *rewriter) together(n *onnx.Node) bool {
	tensors := slices.DeleteFunc(slices.Clone(n.Inputs), r.scalar)
	if !r.all(tensors) {
		return r.spreads(n)
	}
	inputs := slices.Clone(n.Inputs)
	for i, name := range inputs {
		if !r.scalar(name) {
			inputs[i], _ = r.blocks(name)
		}
	}
	r.write(n, inputs, r.tensor(tensors[0]).shape)
	return true
}

// every gives names in blocks of tensors that can be had in them.
func (r *rewriter) every(names []string) []string {
	blocks := make([]string, len(names))
	for i, name := range names {
		blocks[i], _ = r.blocks(name)
	}
	return blocks
}

// concat joins whole blocks of channels.
func (r *rewriter) concat(n *onnx.Node) bool {
	channels := int64(0)
	for _, name := range n.Inputs {
		if !r.given(name) || r.tensor(name).shape[1]%r.Block != 0 {
			return false
		}
		channels += r.tensor(name).shape[1]
	}
	if axis := n.AttrInt("axis", 1); axis != 1 && axis != -3 {
		return false
	}
	r.write(n, r.every(n.Inputs), r.tensor(n.Input(0)).shape.of(channels))
	return true
}

// slice cuts whole blocks of channels out.
func (r *rewriter) slice(n *onnx.Node) bool {
	cut := slices.Concat(r.wholes(n.Input(1)), r.wholes(n.Input(2)), r.wholes(n.Input(3)))
	if !r.given(n.Input(0)) || len(cut) != 3 || n.Input(4) != "" {
		return false
	}
	start, end, axis := cut[0], cut[1], cut[2]
	if axis != 1 || start < 0 || end <= start || start%r.Block != 0 || end%r.Block != 0 || end > r.tensor(n.Input(0)).shape[1] {
		return false
	}
	blocks, _ := r.blocks(n.Input(0))
	r.write(n, append([]string{blocks}, n.Inputs[1:]...), r.tensor(n.Input(0)).shape.of(end-start))
	return true
}

// pool writes a pooling.
func (r *rewriter) pool(n *onnx.Node) bool {
	x := n.Input(0)
	if !r.convs || len(n.Outputs) != 1 || !r.given(x) || n.Is("AveragePool") && (n.Attr("dilations") != nil || n.AttrInt("ceil_mode", 0) != 0) {
		return false
	}
	blocks, _ := r.blocks(x)
	pooled := *n
	pooled.Domain = Domain
	pooled.Attrs = slices.DeleteFunc(slices.Clone(n.Attrs), func(a *onnx.Attr) bool { return a.Name == "storage_order" })
	size := []int64{0, 0}
	if n.Is("GlobalMaxPool", "GlobalAveragePool") {
		size = []int64{1, 1}
	}
	r.write(&pooled, []string{blocks}, r.tensor(x).shape.sized(size))
	return true
}

// wanted writes what is asked for in blocks.
func (r *rewriter) wanted(n *onnx.Node) bool {
	if !r.Wanted[n.Output(0)] {
		return false
	}
	blocks, ok := r.blocks(n.Input(0))
	if ok {
		r.write(n, []string{blocks}, r.tensor(n.Input(0)).shape)
	}
	return ok
}

// keep works in blocks where the gradients are in them, or will be, and those that count
// are whole blocks.
func (r *rewriter) keep(n *onnx.Node) bool {
	t := r.tensor(n.Input(0))
	if t == nil || t.shape[1]%r.Block != 0 || max(n.AttrInt("from", 0), 0)%r.Block != 0 || !r.given(n.Input(1)) || !r.given(n.Input(0)) && !r.convolvedNext(n.Output(0)) {
		return false
	}
	r.write(n, r.every(n.Inputs), t.shape.of(r.tensor(n.Input(1)).shape[1]))
	return true
}

// convolvedNext tells whether a convolution reads a tensor, for which it goes into blocks.
func (r *rewriter) convolvedNext(name string) bool {
	return slices.ContainsFunc(r.index.Consumers(name), func(u onnx.Use) bool {
		return u.Slot == 0 && (u.Node.Is("Conv") || u.Node.Domain == kernel.Domain && u.Node.OpType == "DepthwiseScatter")
	})
}

// dropout is nothing but another name.
func (r *rewriter) dropout(n *onnx.Node) bool {
	if !r.given(n.Input(0)) || len(n.Outputs) > 1 && n.Outputs[1] != "" || n.Input(2) != "" || r.model.Opsets[""] < 7 {
		return false
	}
	blocks, _ := r.blocks(n.Input(0))
	r.tensors[n.Output(0)] = &tensor{blocks: blocks, shape: r.tensor(n.Input(0)).shape}
	return true
}

// inBlocks gives a node of ours the size of the blocks that it works on.
func (r *rewriter) inBlocks(n *onnx.Node) *onnx.Node {
	blocked := *n
	blocked.Attrs = slices.Clone(n.Attrs)
	for i, a := range blocked.Attrs {
		if a.Name == "block" {
			blocked.Attrs[i] = onnx.IntAttr("block", r.Block)
		}
	}
	return &blocked
}

func (r *rewriter) poolGradient(n *onnx.Node) bool {
	if !r.given(n.Input(0)) || !r.given(n.Input(1)) || len(n.AttrInts("in")) != 2 {
		return false
	}
	r.write(r.inBlocks(n), r.every(n.Inputs), r.tensor(n.Input(0)).shape.sized(n.AttrInts("in")))
	return true
}

func (r *rewriter) interleave(n *onnx.Node) bool {
	if len(n.AttrInts("in")) != 2 || slices.ContainsFunc(n.Inputs, func(name string) bool { return !r.given(name) }) {
		return false
	}
	r.write(r.inBlocks(n), r.every(n.Inputs), r.tensor(n.Input(0)).shape.sized(n.AttrInts("in")))
	return true
}

func (r *rewriter) scatter(n *onnx.Node) bool {
	g, dims := r.tensor(n.Input(0)), r.dims(n.Input(1))
	if g == nil || len(dims) != 4 || len(n.AttrInts("in")) != 2 {
		return false
	}
	blocks, ok := r.blocks(n.Input(0))
	if ok {
		r.write(r.inBlocks(n), []string{blocks, r.byChannel(n.Input(1), dims, nil)}, g.shape.sized(n.AttrInts("in")))
	}
	return ok
}
