package gradient

import (
	"fmt"
	"maps"
	"slices"

	"picasso/backend/onnx"
	"picasso/backend/onnx/gradient/kernel"
)

// Forward returns a copy of the model that gives the named tensors as its only
// outputs, in order.
// Tensors without axes come out with one axis of length 1, as the backward
// models take them. Plans may ask for where a tensor lies instead of the tensor.
func Forward(m *onnx.Model, facts Facts, tensors []string) (Graph, error) {
	small, folder, err := m.Detach()
	if err != nil {
		return Graph{}, err
	}
	small.Opsets = maps.Clone(small.Opsets)
	b := newEditor(small)
	index := small.Graph.Index()
	outputs := make([]*onnx.Value, len(tensors))
	block, wanted := int64(0), map[string]bool{}
	for i, name := range tensors {
		part, blocks := parseInBlocks(name)
		if _, known := facts.tensors[name]; known {
			blocks = false
		}
		if blocks {
			name, block = part.tensor, part.block
		}
		given, err := b.expose(index, facts, name)
		if err != nil {
			return Graph{}, err
		}
		if blocks && slices.Contains(tensors, given) {
			given = b.op("Identity", []string{given}) // the tensor itself is wanted in rows
		}
		wanted[given] = blocks
		outputs[i] = &onnx.Value{Name: given} // the runtime derives the type
	}
	b.declareConstants()
	if b.kernels {
		small.Opsets[kernel.Domain] = 1
	}
	small.Graph.Outputs = outputs
	g := Graph{Model: small, Folder: folder}
	return g, g.forwardBlocks(m, facts, block, wanted)
}

// expose gives the name under which a tensor, or where it lies, can be an output.
func (b *builder) expose(index *onnx.Index, facts Facts, name string) (string, error) {
	fact, known := facts.tensors[name]
	part, masked := parseInside(name)
	if masked = masked && !known; masked {
		fact, known = facts.tensors[part.tensor]
		name = part.tensor
	}
	producer, _ := index.Producer(name)
	switch {
	case producer == nil && index.Input(name) == nil || !known:
		return "", fmt.Errorf("the model has no tensor %q", name)
	case masked:
		return part.write(b), nil
	case fact.rank() == 0:
		return b.op("Reshape", []string{name, b.ints(1)}), nil
	case producer == nil:
		return b.op("Identity", []string{name}), nil // an input cannot be an output
	}
	return name, nil
}
