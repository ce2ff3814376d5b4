package blocked

import (
	"math"
	"slices"

	"picasso/backend/onnx"
)

// affine is what a BatchNormalization does to each channel: times scale, plus shift.
type affine struct{ scale, shift []float32 }

// affine reads a BatchNormalization of so many channels, nil where it is none that is known
// before a run.
func (r *rewriter) affine(n *onnx.Node, channels int64) *affine {
	if !n.Is("BatchNormalization") || r.model.Opsets[""] < 7 || n.AttrInt("training_mode", 0) != 0 || n.AttrInt("spatial", 1) != 1 || r.Model == nil {
		return nil
	}
	if len(n.Outputs) > 1 && slices.Max(n.Outputs[1:]) != "" {
		return nil // statistics of a training
	}
	var list [4][]float32 // scale, shift, mean, variance
	for i := range list {
		if list[i] = r.numbers(n.Input(i+1), channels); list[i] == nil {
			return nil
		}
	}
	epsilon := float64(n.AttrFloat("epsilon", 1e-5))
	a := &affine{make([]float32, channels), make([]float32, channels)}
	for c := range a.scale {
		scale := float64(list[0][c]) / math.Sqrt(float64(list[3][c])+epsilon)
		a.scale[c], a.shift[c] = float32(scale), float32(float64(list[1][c])-float64(list[2][c])*scale)
	}
	return a
}

// numbers are a constant vector of the model, nil where it is none of the length.
func (r *rewriter) numbers(name string, length int64) []float32 {
	t := r.source.Constant(name)
	if t == nil || r.index.Constant(name) == nil || t.Type != onnx.Float || len(t.Dims) != 1 || t.Dims[0] != length || stored(t) != 4*length {
		return nil
	}
	v, err := t.Floats(r.Model)
	if err != nil {
		return nil
	}
	return v
}

// norm writes a BatchNormalization as a convolution of one place by channel.
func (r *rewriter) norm(n *onnx.Node) bool {
	if r.absorbed[n] {
		return true
	}
	if !r.convs || !r.given(n.Input(0)) {
		return false
	}
	is := r.tensor(n.Input(0)).shape
	a := r.affine(n, is[1])
	if a == nil {
		return false
	}
	whole := r.whole(is[1])
	r.byPlace(n, n.Input(0), r.values(a.scale, whole, 1, 1, 1), r.values(a.shift, whole))
	return true
}

// byPlace writes a node as a convolution of one place by channel.
func (r *rewriter) byPlace(n *onnx.Node, x string, weights ...string) {
	is := r.tensor(x).shape
	blocks, _ := r.blocks(x)
	conv := &onnx.Node{
		OpType: "Conv", Domain: Domain, Name: n.Name, Inputs: append([]string{blocks}, weights...), Outputs: []string{r.result(n.Output(0), is)},
		Attrs: []*onnx.Attr{onnx.IntsAttr("kernel_shape", []int64{1, 1}), onnx.IntAttr("group", r.whole(is[1]))},
	}
	r.tensors[n.Output(0)].conv = conv
	r.add(conv)
}

// product multiplies each channel with a constant of its own, or as [rewriter.together].
func (r *rewriter) product(n *onnx.Node) bool {
	for i, x := range n.Inputs {
		if len(n.Inputs) != 2 || !r.convs || !r.given(x) {
			continue
		}
		channels, scale := r.tensor(x).shape[1], n.Inputs[1-i]
		if known := r.Shape(scale); !slices.Equal(known, []int64{1, channels, 1, 1}) || !r.constant(scale) {
			continue
		}
		flat := r.padded(r.op("Reshape", []string{scale, r.list(channels)}), []int64{channels}, []int64{r.whole(channels)})
		r.byPlace(n, x, r.op("Reshape", []string{flat, r.list(r.whole(channels), 1, 1, 1)}))
		return true
	}
	return r.together(n)
}

// values are a constant of the graph, 0 behind the numbers given.
func (r *rewriter) values(values []float32, shape ...int64) string {
	n := int64(1)
	for _, length := range shape {
		n *= length
	}
	name := r.fresh("weights")
	r.graph.Initializers = append(r.graph.Initializers, onnx.NewTensor(name, shape, append(values[:len(values):len(values)], make([]float32, n-int64(len(values)))...)))
	return name
}

// behind is the BatchNormalization that alone reads what a convolution gives, and what it
// does where it can be done by the weights; else nil.
func (r *rewriter) behind(n *onnx.Node, channels int64) (norm *onnx.Node, a *affine) {
	next := r.index.Consumers(n.Output(0))
	if !r.alone(n.Output(0)) || next[0].Slot != 0 {
		return nil, nil
	}
	if v, ok := r.view(n.Input(1)); !ok || v.turned {
		return nil, nil
	}
	if n.Input(2) != "" && r.numbers(n.Input(2), channels) == nil {
		return nil, nil
	}
	if a = r.affine(next[0].Node, channels); a == nil {
		return nil, nil
	}
	return next[0].Node, a
}

// through is the bias of a convolution that is followed by a.
func (a *affine) through(bias []float32) []float32 {
	if bias == nil {
		return a.shift
	}
	out := make([]float32, len(bias))
	for c := range out {
		out[c] = bias[c]*a.scale[c] + a.shift[c]
	}
	return out
}

// scaled multiplies the weights to count channels, from one on, which lie one after the other.
func (a *affine) scaled(weights []float32, from, count int64) {
	size := int64(len(weights)) / count
	for c := range count {
		for i := range weights[c*size : (c+1)*size] {
			weights[c*size+int64(i)] *= a.scale[from+c]
		}
	}
}
