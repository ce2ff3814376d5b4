package metadata

import (
	"math"

	"picasso/backend/onnx"
)

// firstLayers is what the first layers of a model tell about its input.
type firstLayers struct {
	conv     bool // a convolution reads the input, maybe after arithmetic
	channels int  // of the input by that convolution's weights, 0 when unknown
	toNCHW   bool // a Transpose brings N×H×W×C into N×C×H×W first
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
func readFirstLayers(f *onnx.Model, input string) firstLayers {
	idx := f.Graph.Index()
	s := firstLayers{}
	for at, step := input, 0; step < maxFirstLayers; step++ {
		n := dataConsumer(idx, at)
		if n == nil {
			break
		}
		if n.Is("Conv", "QLinearConv", "ConvInteger") {
			s.readConv(idx, n)
			break
		}
		if !s.read(f, idx, n, at) {
			break
		}
		at = n.Output(0)
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
	case n.Is("Identity", "Pad", "Clip", "QuantizeLinear", "DequantizeLinear", "Unsqueeze"):
	case n.Is("Transpose"):
		s.toNCHW = bringsForward(n.AttrInts("perm"))
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

// bringsForward reports a transposition that brings the last axis before those of
// the places: N×H×W×C to N×C×H×W, H×W×C to C×H×W, N×D×H×W×C to N×C×D×H×W.
func bringsForward(perm []int64) bool {
	first := int64(0) // of the axes that are turned
	if len(perm) > 3 && perm[0] == 0 {
		first = 1
	}
	if len(perm) < 3 {
		return false
	}
	rest := perm[first:]
	if len(rest) < 3 || rest[0] != int64(len(perm))-1 {
		return false
	}
	for i, p := range rest[1:] {
		if p != first+int64(i) {
			return false
		}
	}
	return true
}
