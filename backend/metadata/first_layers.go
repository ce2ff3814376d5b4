package metadata

import (
	"math"
	"slices"

	"picasso/backend/onnx"
)

// firstLayers is what the first layers of a model tell about its input.
type firstLayers struct {
	conv     bool // a convolution reads the input, maybe after arithmetic
	channels int  // of the input by that convolution's weights, 0 when unknown
	// channelAxis is the axis of the input, counted with its batch, that the
	// first layer takes for the channels; 0 when unknown.
	channelAxis int
	// Numbers that the first layers apply, as they come: the largest value
	// subtracted, the smallest factor and largest divisor.
	subtracts, divides float64
	multiplies         float64
	cast               bool // from an integer type
	// trained is what a batch normalisation in front saw while it was trained,
	// nil without one.
	trained *statistics
}

// statistics are the mean and the deviation of the input, over all channels.
type statistics struct{ mean, deviation float64 }

// maxFirstLayers bounds the number of layers that are looked at.
const maxFirstLayers = 16

// readFirstLayers follows the input through arithmetic with constants up to the
// first convolution.
func readFirstLayers(f *onnx.Model, input string, batched, volume bool) firstLayers {
	idx := f.Graph.Index()
	s := firstLayers{}
	turned := inOrder(batched, volume)
	for at, step := input, 0; step < maxFirstLayers; step++ {
		n := dataConsumer(idx, at)
		if n == nil {
			break
		}
		if n.Is("Conv", "QLinearConv", "ConvInteger") {
			s.readConv(idx, n)
			s.channelAxis = turned.channels()
			return s
		}
		if !s.read(f, idx, n, at) {
			break
		}
		turned = turned.through(f, idx, n)
		at = n.Output(0)
	}
	if turned.moved() { // whatever comes next, it was turned for a reason
		s.channelAxis = turned.channels()
	}
	return s
}

// dataConsumer is the node that computes with the tensor, leaving out those
// that only ask for its shape.
func dataConsumer(idx *onnx.Index, name string) *onnx.Node {
	for _, use := range idx.Consumers(name) {
		if !use.Node.Is("Shape", "Size") {
			return use.Node
		}
	}
	return nil
}

func (s *firstLayers) readConv(idx *onnx.Index, n *onnx.Node) {
	s.conv = true
	slot := 1
	if n.Is("QLinearConv") {
		slot = 3
	}
	w := weight(idx, n.Input(slot))
	if w != nil && (len(w.Dims) == 4 || len(w.Dims) == 5) {
		if c := w.Dims[1] * n.AttrInt("group", 1); c > 0 && c < 1<<16 {
			s.channels = int(c)
		}
	}
}

// weight finds a constant, also behind a Cast or DequantizeLinear.
func weight(idx *onnx.Index, name string) *onnx.Tensor {
	if t := idx.Constant(name); t != nil {
		return t
	}
	if n, _ := idx.Producer(name); n.Is("Cast", "DequantizeLinear", "Identity") {
		return idx.Constant(n.Input(0))
	}
	return nil
}

// read notes one layer; false ends the search.
func (s *firstLayers) read(f *onnx.Model, idx *onnx.Index, n *onnx.Node, from string) bool {
	switch {
	case n.Is("Cast"):
		s.cast = true
	case n.Is("Identity", "Pad", "Clip", "QuantizeLinear", "DequantizeLinear", "Unsqueeze", "Transpose"):
	case n.Is("Sub", "Add"):
		s.subtracts = max(s.subtracts, largest(f, idx, n, from))
	case n.Is("Div"):
		s.divides = max(s.divides, largest(f, idx, n, from))
	case n.Is("Mul"):
		if v := largest(f, idx, n, from); v != 0 {
			s.multiplies = v
		}
	case n.Is("BatchNormalization") && s.untouched():
		s.readStatistics(f, idx, n)
	case n.Is("BatchNormalization"):
		s.subtracts = max(s.subtracts, magnitude(f, idx.Constant(n.Input(3))))
		s.divides = max(s.divides, math.Sqrt(magnitude(f, idx.Constant(n.Input(4)))))
	default:
		return false
	}
	return true
}

// untouched reports that nothing has been computed with the input yet.
func (s *firstLayers) untouched() bool {
	return s.trained == nil && s.subtracts == 0 && s.divides == 0 && s.multiplies == 0
}

// readStatistics reads a batch normalisation of the input itself.
func (s *firstLayers) readStatistics(f *onnx.Model, idx *onnx.Index, n *onnx.Node) {
	mean, okMean := meanOf(f, idx.Constant(n.Input(3)))
	variance, okVariance := meanOf(f, idx.Constant(n.Input(4)))
	if okMean && okVariance && variance > 0 && (mean != 0 || variance != 1) { // else it was never trained
		s.trained = &statistics{mean, math.Sqrt(variance)}
	}
}

// meanOf is the mean of a small constant.
func meanOf(f *onnx.Model, t *onnx.Tensor) (mean float64, ok bool) {
	if t == nil || t.Elements() < 1 || t.Elements() > maxNumbers {
		return 0, false
	}
	values, err := t.Floats(f)
	if err != nil {
		return 0, false
	}
	for _, v := range values {
		mean += float64(v) / float64(len(values))
	}
	return mean, true
}

// largest is the largest magnitude in the constant operand of a node, 0 when
// there is none.
func largest(f *onnx.Model, idx *onnx.Index, n *onnx.Node, data string) float64 {
	for _, name := range n.Inputs {
		if name != data {
			return magnitude(f, idx.Constant(name))
		}
	}
	return 0
}

// maxNumbers bounds the constants that are read to learn about scales: a value
// per channel, or a mean picture.
const maxNumbers = 1 << 20

func magnitude(f *onnx.Model, t *onnx.Tensor) float64 {
	if t == nil || t.Elements() > maxNumbers {
		return 0
	}
	values, err := t.Floats(f)
	if err != nil {
		return 0
	}
	m := 0.0
	for _, v := range values {
		m = max(m, math.Abs(float64(v)))
	}
	return m
}

// turned tells which axis of the input each axis of a tensor is: 0 is the batch,
// 1 to 4 the others in the order of the input, and −1 an axis that was added.
// It is nil where that is not known.
type turned []int

// maxRank bounds the axes of a tensor that is followed.
const maxRank = 8

// inOrder is the input itself; one of volumes has a batch.
func inOrder(batched, volume bool) turned {
	switch {
	case volume:
		return turned{0, 1, 2, 3, 4}
	case batched:
		return turned{0, 1, 2, 3}
	}
	return turned{1, 2, 3}
}

// through is what a node of the first layers makes of it.
func (t turned) through(f *onnx.Model, idx *onnx.Index, n *onnx.Node) turned {
	switch {
	case n.Is("Transpose"):
		return t.transposed(n.AttrInts("perm"))
	case n.Is("Unsqueeze"):
		if added := n.AttrInts("axes"); added != nil {
			return t.unsqueezed(added)
		}
		if c := idx.Constant(n.Input(1)); c != nil && c.Elements() <= maxRank {
			if added, err := c.Ints(f); err == nil {
				return t.unsqueezed(added)
			}
		}
		return nil
	}
	return t
}

// transposed puts the axes in another order, the opposite one where none is given.
func (t turned) transposed(order []int64) turned {
	out := slices.Clone(t)
	if len(order) == 0 {
		slices.Reverse(out)
		return out
	}
	if len(order) != len(t) {
		return nil
	}
	for i, from := range order {
		if from < 0 || int(from) >= len(t) {
			return nil
		}
		out[i] = t[from]
	}
	return out
}

// unsqueezed adds axes at places of the result.
func (t turned) unsqueezed(added []int64) turned {
	rank := len(t) + len(added)
	if t == nil || len(added) == 0 || rank > maxRank {
		return nil
	}
	out := make(turned, 0, rank)
	for at, from := 0, 0; at < rank; at++ {
		switch {
		case slices.Contains(added, int64(at)) || slices.Contains(added, int64(at-rank)):
			out = append(out, -1)
		case from == len(t): // an axis was named twice
			return nil
		default:
			out = append(out, t[from])
			from++
		}
	}
	return out
}

// channels is the axis of the input that lies where layers expect channels, behind
// the batch; 0 where that is none, or not known.
func (t turned) channels() int {
	at := 1
	if len(t) == 3 { // without a batch
		at = 0
	}
	if len(t) < 3 || t[at] < 0 {
		return 0
	}
	return t[at]
}

// moved reports that the axes of the input are known and stand in another order.
func (t turned) moved() bool {
	return t != nil && !slices.IsSorted(slices.DeleteFunc(slices.Clone(t), func(a int) bool { return a < 0 }))
}
