package gradient

import (
	"slices"

	"picasso/backend/onnx"
)

// Real returns the model with the named integer input made float32, so that
// pictures between two pictures can be fed (integrated gradients, noise).
// That is possible where the input is only moved about before it is cast to a
// float type; otherwise, and for a float input, m itself is returned.
func Real(m *onnx.Model, input string) *onnx.Model {
	v := m.Graph.Index().Input(input)
	if v == nil || v.Type == 0 || v.Type.IsFloat() {
		return m
	}
	moved, ok := untilCast(m.Graph.Index(), input)
	if !ok {
		return m
	}
	real := m.Clone()
	for _, in := range real.Graph.Inputs {
		if in.Name == input {
			*in = onnx.Value{Name: in.Name, Type: onnx.Float, Shape: in.Shape}
		}
	}
	real.Graph.ValueInfo = slices.DeleteFunc(real.Graph.ValueInfo, func(v *onnx.Value) bool { return moved[v.Name] })
	return real
}

// untilCast follows a tensor through operators that compute nothing to casts
// to a float type; ok is false where something else reads it.
func untilCast(index *onnx.Index, tensor string) (moved map[string]bool, ok bool) {
	moved = map[string]bool{tensor: true}
	pending := []string{tensor}
	for len(pending) > 0 {
		name := pending[0]
		pending = pending[1:]
		if index.Output(name) != nil {
			return nil, false
		}
		for _, use := range index.Consumers(name) {
			n := use.Node
			switch {
			case n.Is("Shape", "Size"), n.Is("Cast") && onnx.DataType(n.AttrInt("to", 1)).IsFloat():
			case use.Slot == 0 && n.Is("Transpose", "Reshape", "Squeeze", "Unsqueeze", "Identity", "Slice", "Flatten"):
				for _, out := range n.Outputs {
					moved[out] = true
					pending = append(pending, out)
				}
			default:
				return nil, false
			}
		}
	}
	return moved, true
}
