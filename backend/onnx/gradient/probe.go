package gradient

import (
	"errors"
	"fmt"
	"slices"

	"picasso/backend/onnx"
)

// Probe learns the shapes and small constants of a model's tensors by running
// it: a copy of the model whose only outputs are two vectors of numbers, so
// that no activation is kept.
type Probe struct {
	// Model has the inputs of the forward model and two outputs: the ranks
	// and shapes of all tensors, and the elements of those that do not depend
	// on the picture.
	Model  *onnx.Model
	Folder string // where the model's references to weights start

	names  []string // in the order of the first output
	values []string // in the order of the second
	types  map[string]onnx.DataType
}

// NewProbe makes the probe of a model without local functions ([Inline]).
func NewProbe(m *onnx.Model) (*Probe, error) {
	g, err := newGraph(m)
	if err != nil {
		return nil, err
	}
	p := &Probe{types: g.types()}
	if p.Model, p.Folder, err = m.Detach(); err != nil {
		return nil, err
	}
	if version := m.Opsets[""]; version < 7 {
		return nil, fmt.Errorf("the model uses operator set %d; gradients need 7 or newer", version)
	}
	p.collect(g)
	p.attach()
	return p, nil
}

// collect lists the tensors to be observed.
func (p *Probe) collect(g *graph) {
	for _, v := range g.model.Graph.Feeds() {
		p.names = append(p.names, v.Name)
	}
	for _, n := range g.nodes {
		if n.Is("Constant") {
			continue
		}
		for _, out := range n.Outputs {
			t := p.types[out]
			if out == "" || t == 0 || g.index.Constant(out) != nil {
				continue
			}
			p.names = append(p.names, out)
			if !g.data[out] && t != onnx.String && t.Size() > 0 {
				p.values = append(p.values, out)
			}
		}
	}
}

// attach replaces the outputs of the model.
func (p *Probe) attach() {
	b := newEditor(p.Model)
	var shapes, values []string
	for _, name := range p.names {
		shape := b.op("Shape", []string{name})
		shapes = append(shapes, b.op("Shape", []string{shape}), shape)
	}
	flat := b.ints(-1)
	for _, name := range p.values {
		v := b.cast(b.op("Reshape", []string{name, flat}), onnx.Float)
		if p.Model.Opsets[""] >= 10 {
			v = b.op("Slice", []string{v, b.ints(0), b.ints(maxValue)})
		} else {
			v = b.op("Slice", []string{v}, attrInts("starts", []int64{0}), attrInts("ends", []int64{maxValue}))
		}
		values = append(values, v)
	}
	values = append(values, b.floats([]int64{1}, []float32{0})) // never empty
	p.Model.Graph.Outputs = []*onnx.Value{
		{Name: b.op("Concat", shapes, attrInt("axis", 0)), Type: onnx.Int64, Shape: []onnx.Dim{{Size: -1}}},
		{Name: b.op("Concat", values, attrInt("axis", 0)), Type: onnx.Float, Shape: []onnx.Dim{{Size: -1}}},
	}
	b.declareConstants()
}

var errProbe = errors.New("the model answered with other shapes than it was asked for")

// seen is what one run showed of a tensor.
type seen struct {
	shape []int64
	value []float32
}

// Learn compares the probe's outputs for one image with those for two and
// derives which axis of each tensor is the batch. twoShapes is nil for models
// that accept one image only.
func (p *Probe) Learn(shapes, values, twoShapes, twoValues []float32) (Facts, error) {
	one, err := p.read(shapes, values)
	if err != nil {
		return Facts{}, err
	}
	f := Facts{tensors: make(map[string]Fact, len(one)), fixed: twoShapes == nil}
	var two map[string]seen
	if !f.fixed {
		if two, err = p.read(twoShapes, twoValues); err != nil {
			return Facts{}, err
		}
	}
	for name, s := range one {
		fact := Fact{Type: p.types[name], Shape: s.shape, Value: s.value, Batch: -1, stable: true}
		if !f.fixed {
			fact.compare(two[name])
		}
		f.tensors[name] = fact
	}
	return f, nil
}

// read cuts the two vectors into the tensors.
func (p *Probe) read(shapes, values []float32) (map[string]seen, error) {
	all := make(map[string]seen, len(p.names))
	at := 0
	for _, name := range p.names {
		if at >= len(shapes) || shapes[at] < 0 || int(shapes[at]) > len(shapes)-at-1 {
			return nil, errProbe
		}
		rank := int(shapes[at])
		all[name] = seen{shape: integers(shapes[at+1 : at+1+rank])}
		at += 1 + rank
	}
	at = 0
	for _, name := range p.values {
		s := all[name]
		n := int(min(product(s.shape), maxValue))
		if n < 0 || at+n > len(values) {
			return nil, errProbe
		}
		if int64(n) == product(s.shape) && n < maxValue {
			s.value = slices.Clone(values[at : at+n])
			all[name] = s
		}
		at += n
	}
	return all, nil
}

// compare finds the batch axis: the only one that is twice as long with two
// images.
func (f *Fact) compare(two seen) {
	if len(two.shape) != len(f.Shape) {
		f.odd = true
		return
	}
	for axis, d := range two.shape {
		switch {
		case d == f.Shape[axis]:
		case d == 2*f.Shape[axis] && f.Batch < 0:
			f.Batch = axis
		default:
			f.odd = true
		}
	}
	f.stable = f.Batch < 0 && !f.odd && slices.Equal(two.value, f.Value)
}
