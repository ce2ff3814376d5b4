package onnx

import "slices"

// Operator sets 22 to 26 repeat those of 21 for more element types and add a
// few operators and attributes. ONNX Runtime's blocked convolutions are
// registered up to 21 only, so that the same network runs slower when it
// states a later set.
const (
	blockedOpset = 21
	knownOpset   = 26

	lastType DataType = 22 // int4: later numbers came with later sets
)

// newerOperators came after operator set 21.
func newerOperators() []string {
	return []string{"Attention", "BitCast", "CumProd", "RMSNormalization", "RotaryEmbedding", "Swish", "TensorScatter"}
}

// newerAttributes came after operator set 21.
func newerAttributes() map[string]string {
	return map[string]string{"Cast": "round_mode", "CastLike": "round_mode", "QuantizeLinear": "precision", "DequantizeLinear": "output_dtype"}
}

// Restamp lowers the stated operator set of a convolutional network to 21
// where it is later and nothing in the graph needs that, and reports whether
// it did. The nodes stay as they are. Whether a runtime then gives the same
// values is for the caller to see.
func (m *Model) Restamp() bool {
	version := m.Opsets[""]
	if version <= blockedOpset || version > knownOpset || len(m.Functions) > 0 || m.Graph == nil {
		return false
	}
	convolves := false
	for _, n := range m.Graph.Nodes {
		convolves = convolves || n.Is("Conv")
	}
	if !convolves || needsNewer(m.Graph) {
		return false
	}
	m.Opsets[""] = blockedOpset
	return true
}

// needsNewer looks for what operator set 21 does not have, in bodies too.
func needsNewer(g *Graph) bool {
	for _, n := range g.Nodes {
		if n.Is(newerOperators()...) {
			return true
		}
		if name := newerAttributes()[n.OpType]; name != "" && n.Attr(name) != nil {
			return true
		}
		if slices.ContainsFunc(n.Bodies(), needsNewer) {
			return true
		}
	}
	return slices.ContainsFunc(g.Initializers, func(t *Tensor) bool { return t.Type > lastType })
}
