package onnx

import "strings"

// HoldsNumbers reports whether the output may be a tensor of numbers that can
// be read: text, complex numbers, sequences and maps are none.
func (m *Model) HoldsNumbers(v *Value) bool {
	n, _ := m.Graph.Index().Producer(v.Name)
	list := n != nil && (n.isML("ZipMap") || strings.HasPrefix(n.OpType, "Optional") || n.Is("SplitToSequence") ||
		n.Is("SequenceConstruct", "SequenceEmpty", "SequenceErase", "SequenceInsert", "SequenceMap"))
	odd := v.Type == String || v.Type == Complex64 || v.Type == Complex128 || v.Type > BFloat16
	return v.IsTensor() && !list && !odd
}
