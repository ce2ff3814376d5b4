package shuffle

import (
	"slices"

	"picasso/backend/onnx"
)

// Model is the network in which the units have their drawn values, and all others
// the user's own. scales, one for each unit, multiply what the unit gives; nil
// for 1 everywhere. d and all units are of one model.
func (d *Drawn) Model(units []Unit, scales []float64) (*onnx.Model, error) {
	m := d.model.Clone()
	x := m.Graph.Index()
	changed := map[string]*onnx.Tensor{}
	store, err := d.newStoreFor(scales)
	if err != nil {
		return nil, err
	}
	defer store.close()
	for i, u := range units {
		for _, w := range u.Weights {
			changed[w.Tensor] = d.drawn[w.Tensor]
		}
		if scales == nil || scales[i] == 1 {
			continue
		}
		for _, w := range u.Weights {
			name, t := w.Tensor, changed[w.Tensor]
			if w.Scale != "" {
				name, t = w.Scale, x.Constant(w.Scale)
			}
			if changed[name], err = d.scaled(store, name, t, scales[i], d.inGraph(x, name)); err != nil {
				return nil, err
			}
		}
	}
	replace(m, changed)
	return m, store.close()
}

// newStoreFor is a store for scaled weights, in memory where there are none.
func (d *Drawn) newStoreFor(scales []float64) (*store, error) {
	if !slices.ContainsFunc(scales, func(s float64) bool { return s != 1 }) {
		return &store{}, nil
	}
	return d.newStore()
}

// scaled is a tensor of floating-point numbers times a factor.
func (d *Drawn) scaled(s *store, name string, t *onnx.Tensor, factor float64, inGraph bool) (*onnx.Tensor, error) {
	data, err := owned(d.model, t)
	if err != nil {
		return nil, err
	}
	size := t.Type.Size()
	for i := 0; i*size < len(data); i++ {
		t.Type.Append(data[i*size:i*size], factor*t.Type.Number(data[i*size:(i+1)*size]))
	}
	return s.keep(name, t, data, inGraph)
}

// replace puts other tensors in the place of constants. A Constant node that
// gets a tensor in a file becomes an initializer, for only those may lie there.
func replace(m *onnx.Model, changed map[string]*onnx.Tensor) {
	for i, t := range m.Graph.Initializers {
		if other := changed[t.Name]; other != nil {
			m.Graph.Initializers[i] = other
		}
	}
	m.Graph.Nodes = slices.DeleteFunc(m.Graph.Nodes, func(n *onnx.Node) bool {
		other := changed[n.Output(0)]
		if other == nil || !n.Is("Constant") {
			return false
		}
		if other.InMemory() {
			n.Attrs = []*onnx.Attr{{Name: "value", Kind: onnx.AttrTensor, T: other}}
			return false
		}
		m.Graph.Initializers = append(m.Graph.Initializers, other)
		return true
	})
}
