package gradient

import (
	"fmt"
	"maps"

	"picasso/backend/onnx"
	"picasso/backend/onnx/gradient/kernel"
)

// Forward returns a copy of the model that gives the named tensors as its only
// outputs, in order, and the folder its references to weights start from.
// Tensors without axes come out with one axis of length 1, as the backward
// models take them. Plans may ask for where a tensor lies instead of the tensor.
func Forward(m *onnx.Model, facts Facts, tensors []string) (small *onnx.Model, folder string, err error) {
	if small, folder, err = m.Detach(); err != nil {
		return nil, "", err
	}
	small.Opsets = maps.Clone(small.Opsets)
	b := newEditor(small)
	index := small.Graph.Index()
	outputs := make([]*onnx.Value, len(tensors))
	for i, name := range tensors {
		fact, known := facts.tensors[name]
		part, masked := parseInside(name)
		if masked = masked && !known; masked {
			fact, known = facts.tensors[part.tensor]
			name = part.tensor
		}
		producer, _ := index.Producer(name)
		if producer == nil && index.Input(name) == nil || !known {
			return nil, "", fmt.Errorf("the model has no tensor %q", name)
		}
		if masked {
			name = part.write(b)
		} else if fact.rank() == 0 {
			name = b.op("Reshape", []string{name, b.ints(1)})
		} else if producer == nil {
			name = b.op("Identity", []string{name}) // an input cannot be an output
		}
		outputs[i] = &onnx.Value{Name: name} // the runtime derives the type
	}
	b.declareConstants()
	if b.kernels {
		small.Opsets[kernel.Domain] = 1
	}
	small.Graph.Outputs = outputs
	return small, folder, nil
}
