package onnx

import (
	"strings"

	"google.golang.org/protobuf/encoding/protowire"
)

// IsTensor reports whether the value is a tensor, as far as the file says: it
// is not where the file calls it a sequence, a map or an optional.
func (v *Value) IsTensor() bool {
	if len(v.typ) == 0 || v.Type != 0 {
		return true
	}
	const tensor, sparse = 1, 8 // fields of TypeProto
	for b := v.typ; len(b) > 0; {
		number, kind, n := protowire.ConsumeTag(b)
		if n < 0 {
			return true
		}
		if kind == protowire.BytesType {
			return number == tensor || number == sparse
		}
		size := protowire.ConsumeFieldValue(number, kind, b[n:])
		if size < 0 {
			return true
		}
		b = b[n+size:]
	}
	return true
}

// HoldsNumbers reports whether the output may be a tensor of numbers that can
// be read: text, complex numbers, sequences and maps are none.
func (m *Model) HoldsNumbers(v *Value) bool {
	n, _ := m.Graph.Index().Producer(v.Name)
	list := n != nil && (n.isML("ZipMap") || strings.HasPrefix(n.OpType, "Optional") || n.Is("SplitToSequence") ||
		n.Is("SequenceConstruct", "SequenceEmpty", "SequenceErase", "SequenceInsert", "SequenceMap"))
	odd := v.Type == String || v.Type == Complex64 || v.Type == Complex128 || v.Type > BFloat16
	return v.IsTensor() && !list && !odd
}
