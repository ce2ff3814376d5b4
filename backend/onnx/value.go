package onnx

import "google.golang.org/protobuf/encoding/protowire"

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

// HoldsNumbers reports whether the output may be a tensor of numbers: text,
// sequences and maps are none.
func (m *Model) HoldsNumbers(v *Value) bool {
	n, _ := m.Graph.Index().Producer(v.Name)
	return v.IsTensor() && v.Type != String && !n.isML("ZipMap")
}
