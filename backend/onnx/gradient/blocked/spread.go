package blocked

import (
	"slices"

	"picasso/backend/onnx"
)

// Numbers of whole channels, [N, C, 1, 1], lie in blocks as in rows. Taken as [N, C/b, 1, b]
// they are spread over the places of [N, C/b, H·W, b], and added up over them.

// single tells whether a tensor is such numbers.
func (r *rewriter) single(s shape) bool { return s[2] == 1 && s[3] == 1 && s[1]%r.Block == 0 }

// places brings a tensor in blocks into [N, C/b, H·W, b].
func (r *rewriter) places(name string) string {
	blocks, _ := r.blocks(name)
	s := r.tensor(name).shape
	return r.op("Reshape", []string{blocks, r.list(0, s[1]/r.Block, s[2]*s[3], r.Block)})
}

// spreads writes an operator of a tensor and a number for each channel.
func (r *rewriter) spreads(n *onnx.Node) bool {
	if len(n.Inputs) != 2 || !r.given(n.Input(0)) || !r.given(n.Input(1)) {
		return false
	}
	a, b := r.tensor(n.Input(0)).shape, r.tensor(n.Input(1)).shape
	if a[1] != b[1] || a[1]%r.Block != 0 || r.single(a) == r.single(b) || slices.Contains(append(a[2:], b[2:]...), 0) {
		return false
	}
	is := a
	if r.single(a) {
		is = b
	}
	y := r.op(n.OpType, []string{r.places(n.Input(0)), r.places(n.Input(1))})
	r.gathered(n, y, is)
	return true
}

// gathered gives the result of a node, which is there as places are.
func (r *rewriter) gathered(n *onnx.Node, y string, is shape) {
	r.add(&onnx.Node{OpType: "Reshape", Inputs: []string{y, r.list(0, is[1], is[2], is[3])}, Outputs: []string{r.result(n.Output(0), is)}})
}

// expand spreads a number for each channel over places.
func (r *rewriter) expand(n *onnx.Node) bool {
	to := r.wholes(n.Input(1))
	if !r.given(n.Input(0)) || !r.single(r.tensor(n.Input(0)).shape) || len(to) != 4 || to[0] != 1 || slices.Min(to) < 1 {
		return false
	}
	s := r.tensor(n.Input(0)).shape
	if to[1] != 1 && to[1] != s[1] {
		return false
	}
	y := r.op("Expand", []string{r.places(n.Input(0)), r.list(1, s[1]/r.Block, to[2]*to[3], r.Block)})
	r.gathered(n, y, s.sized(to[2:]))
	return true
}

// reduce adds up, or averages, over places.
func (r *rewriter) reduce(n *onnx.Node) bool {
	axes, given := n.AttrInts("axes"), n.Input(1) == ""
	if !given {
		axes = r.wholes(n.Input(1))
	}
	if !r.given(n.Input(0)) || n.AttrInt("keepdims", 1) != 1 || len(axes) != 2 || (axes[0]+4)%4 != 2 || (axes[1]+4)%4 != 3 {
		return false
	}
	s := r.tensor(n.Input(0)).shape
	if s[1]%r.Block != 0 || s[2] < 1 || s[3] < 1 {
		return false
	}
	inputs, attrs := []string{r.places(n.Input(0))}, []*onnx.Attr{onnx.IntAttr("keepdims", 1)}
	if given {
		attrs = append(attrs, onnx.IntsAttr("axes", []int64{2}))
	} else {
		inputs = append(inputs, r.list(2))
	}
	r.gathered(n, r.op(n.OpType, inputs, attrs...), s.sized([]int64{1, 1}))
	return true
}
