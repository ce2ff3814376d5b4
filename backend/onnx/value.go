package onnx

// HoldsNumbers reports whether the output may be a tensor of numbers: text,
// sequences and maps are none.
func (m *Model) HoldsNumbers(v *Value) bool {
	n, _ := m.Graph.Index().Producer(v.Name)
	return v.IsTensor() && v.Type != String && !n.isML("ZipMap")
}
