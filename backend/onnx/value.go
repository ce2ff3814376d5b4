package onnx

import "strings"

// Kind is what a value is as far as the file says: "tensor", "sequence", "map",
// "optional", "sparse tensor", or "" where it says nothing.
func (v *Value) Kind() string {
	if v.Type != 0 || v.Shape != nil {
		return "tensor"
	}
	kind := ""
	d := &decoder{src: &source{data: v.typ, size: int64(len(v.typ))}, budget: 1 << 16}
	d.fields(span{0, int64(len(v.typ))}, nil, func(f field) bool {
		switch f.tag {
		case 1<<3 | length:
			kind = "tensor"
		case 4<<3 | length:
			kind = "sequence"
		case 5<<3 | length:
			kind = "map"
		case 8<<3 | length:
			kind = "sparse tensor"
		case 9<<3 | length:
			kind = "optional"
		}
		return true
	})
	return kind
}

// IsTensor reports whether the value is a tensor, as far as the file says: it
// is not where the file calls it a sequence, a map or an optional.
func (v *Value) IsTensor() bool {
	switch v.Kind() {
	case "sequence", "map", "optional":
		return false
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
