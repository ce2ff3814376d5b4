package gradient

import "picasso/backend/onnx"

// Means returns a copy of the model whose only outputs are the means of the named
// tensors of numbers, in order, as float32 with one element each, and the folder
// its references to weights start from.
func Means(m *onnx.Model, tensors []string) (small *onnx.Model, folder string, err error) {
	if small, folder, err = m.Detach(); err != nil {
		return nil, "", err
	}
	b := newEditor(small)
	flat := b.ints(-1)
	outputs := make([]*onnx.Value, len(tensors))
	for i, name := range tensors {
		row := b.op("Reshape", []string{b.cast(name, onnx.Float), flat})
		outputs[i] = &onnx.Value{Name: b.op("ReduceMean", []string{row})}
	}
	b.declareConstants()
	small.Graph.Outputs = outputs
	return small, folder, b.err
}
