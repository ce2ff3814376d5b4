package blocked

import (
	"slices"

	"picasso/backend/onnx"
)

// dims is the shape of weights, nil where they are not constant float32 numbers of a known
// shape.
func (r *rewriter) dims(name string) []int64 {
	if t := r.index.Constant(name); t != nil {
		if t.Type != onnx.Float || slices.Contains(t.Dims, 0) {
			return nil
		}
		return t.Dims
	}
	if known := r.Shape(name); len(known) == 4 && slices.Min(known) > 0 && r.constant(name) {
		return known
	}
	return nil
}

// byBlocks brings weights [O, I, k, l], and the scale of what follows, into [O/b, I/b, k, l, b of I, b of O].
func (r *rewriter) byBlocks(name string, dims []int64, norm *affine) string {
	b, out, in := r.Block, r.whole(dims[0]), r.whole(dims[1])
	if v, ok := r.view(name); ok {
		return r.outside(layout{view: v, block: b, out: out, in: in, blocks: true, norm: norm})
	}
	name = r.padded(name, dims, []int64{out, in, dims[2], dims[3]})
	name = r.op("Reshape", []string{name, r.list(out/b, b, in/b, b, dims[2], dims[3])})
	name = r.op("Transpose", []string{name}, onnx.IntsAttr("perm", []int64{0, 2, 4, 5, 3, 1}))
	return r.op("Reshape", []string{name, r.list(out, in, dims[2], dims[3])})
}

// byChannel brings weights [O, I, k, l] into [O/b, I, k, l, b of O].
func (r *rewriter) byChannel(name string, dims []int64, norm *affine) string {
	b, out := r.Block, r.whole(dims[0])
	if v, ok := r.view(name); ok {
		return r.outside(layout{view: v, block: b, out: out, in: dims[1], norm: norm})
	}
	name = r.padded(name, dims, []int64{out, dims[1], dims[2], dims[3]})
	name = r.op("Reshape", []string{name, r.list(out/b, b, dims[1], dims[2], dims[3])})
	name = r.op("Transpose", []string{name}, onnx.IntsAttr("perm", []int64{0, 2, 3, 4, 1}))
	return r.op("Reshape", []string{name, r.list(out, dims[1], dims[2], dims[3])})
}

// outside makes weights an input of the graph, which its session fills.
func (r *rewriter) outside(l layout) string {
	if r.filled[l] != "" {
		return r.filled[l]
	}
	name := r.fresh("weights")
	r.filled[l] = name
	r.weights = append(r.weights, Weights{Name: name, Shape: l.shape(), Fill: l.fill(r.Model)})
	return name
}

// padded adds zeros behind the ends of axes.
func (r *rewriter) padded(name string, from, to []int64) string {
	if slices.Equal(from, to) {
		return name
	}
	pads := make([]int64, 2*len(from))
	for i := range from {
		pads[len(from)+i] = to[i] - from[i]
	}
	if r.model.Opsets[""] < 11 {
		return r.op("Pad", []string{name}, onnx.IntsAttr("pads", pads))
	}
	return r.op("Pad", []string{name, r.list(pads...)})
}

// op writes a node; what weights alone decide on is computed once, when the session is opened.
func (r *rewriter) op(op string, inputs []string, attrs ...*onnx.Attr) string {
	n := &onnx.Node{OpType: op, Inputs: inputs, Outputs: []string{r.fresh(op)}, Attrs: attrs}
	r.add(n)
	return n.Outputs[0]
}
