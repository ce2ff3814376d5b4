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
	// Model has the inputs of the forward model and two outputs: the shapes of
	// its tensors, and the elements of those that do not depend on the picture.
	Model  *onnx.Model
	Folder string // where the model's references to weights start

	names  []string // in the order of the first output
	values []string // in the order of the second
	types  map[string]onnx.DataType

	picture bool // see [NewPictureProbe]
}

// NewProbe makes the probe of a model without local functions ([Inline]).
func NewProbe(m *onnx.Model) (*Probe, error) {
	g, err := newGraph(m)
	if err != nil {
		return nil, err
	}
	return newProbe(m, g, false)
}

func newProbe(m *onnx.Model, g *graph, picture bool) (p *Probe, err error) {
	p = &Probe{types: g.kinds, picture: picture}
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

// NewPictureProbe is [NewProbe] for facts that hold for one picture alone: the
// one that the probe is run with, once. [Build] then takes nodes whose shapes
// depend on the picture, such as boolean masks (NonZero), as they came out.
// Between two such pictures nothing can be shared.
func NewPictureProbe(m *onnx.Model) (*Probe, error) {
	g, err := newGraph(m)
	if err != nil {
		return nil, err
	}
	return newProbe(m, g, true)
}

// collect lists the tensors to be observed: those that depend on the picture,
// and of the others those that such a node or a choice of branches reads. How
// masks and shapes come about is of no interest; large graphs consist mostly of
// that.
func (p *Probe) collect(g *graph) {
	needed, shapes := g.needed(), map[string]bool{}
	for _, n := range g.nodes {
		for _, slot := range shaping(n) {
			shapes[n.Input(slot)] = true
		}
		if n.Is("If", "Loop") {
			shapes[n.Input(0)] = true
		}
	}
	for _, v := range g.model.Graph.Feeds() {
		p.names = append(p.names, v.Name)
	}
	for _, n := range g.nodes {
		if n.Is("Constant") {
			continue
		}
		for _, out := range n.Outputs {
			t := p.types[out]
			if out == "" || t == 0 || g.index.Constant(out) != nil || !g.data[out] && !needed[out] {
				continue
			}
			p.names = append(p.names, out)
			if (!g.data[out] || p.picture && shapes[out]) && t != onnx.String && t.Size() > 0 {
				p.values = append(p.values, out)
			}
		}
	}
}

// needed are the tensors that nodes depending on the picture read, the
// conditions of branches, and what [builder.copyConstant] repeats of their
// making.
func (g *graph) needed() map[string]bool {
	needed := map[string]bool{}
	for _, v := range g.model.Graph.Outputs {
		needed[v.Name] = true
	}
	for i := len(g.nodes) - 1; i >= 0; i-- {
		n := g.nodes[i]
		copied := n.Is(copied...) && anyOf(needed, n.Outputs)
		if !copied && !anyOf(g.data, n.Outputs) && len(n.Bodies()) == 0 {
			continue
		}
		for _, name := range reads(n) {
			needed[name] = true
		}
	}
	return needed
}

// attach replaces the outputs of the model.
//
// Of nodes that could run, the runtime takes that one first which stands last.
// A shape that is read late keeps its tensor in memory, and what the values are
// computed from may be the last tensors of the network: so the values stand
// first, and of the shapes the first one last.
func (p *Probe) attach() {
	b := newEditor(p.Model)
	var shapes, values []string
	flat := b.ints(-1)
	for _, name := range p.values {
		v := b.cast(b.op("Reshape", []string{name, flat}), onnx.Float)
		values = append(values, b.slice(v, 0, 0, maxValue))
	}
	values = append(values, b.floats([]int64{1}, []float32{0})) // never empty
	value := b.joined(values, 0)
	end := b.ints(endOfShape)
	for _, name := range slices.Backward(p.names) {
		shapes = append(shapes, end, b.op("Shape", []string{name}))
	}
	slices.Reverse(shapes)
	p.Model.Graph.Outputs = []*onnx.Value{
		{Name: b.joined(shapes, 0), Type: onnx.Int64, Shape: []onnx.Dim{{Size: -1}}},
		{Name: value, Type: onnx.Float, Shape: []onnx.Dim{{Size: -1}}},
	}
	b.declareConstants()
}

// endOfShape stands behind every shape: ranks are not known beforehand.
const endOfShape = -1

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
	if twoShapes == nil {
		return p.facts(one, nil), nil
	}
	two, err := p.read(twoShapes, twoValues)
	if err != nil {
		return Facts{}, err
	}
	return p.facts(one, two), nil
}

// facts compares what one picture shows with what two do; two is nil where
// there is no such run.
func (p *Probe) facts(one, two map[string]seen) Facts {
	f := Facts{tensors: make(map[string]Fact, len(one)), fixed: two == nil, picture: p.picture}
	for name, s := range one {
		fact := Fact{Type: p.types[name], Shape: s.shape, Value: s.value, Batch: -1, stable: true}
		if two != nil {
			fact.compare(two[name])
		}
		f.tensors[name] = fact
	}
	return f
}

// read cuts the two vectors into the tensors.
func (p *Probe) read(shapes, values []float32) (map[string]seen, error) {
	all := make(map[string]seen, len(p.names))
	at := 0
	for _, name := range p.names {
		rank := slices.Index(shapes[min(at, len(shapes)):], endOfShape)
		if rank < 0 {
			return nil, errProbe
		}
		all[name] = seen{shape: integers(shapes[at : at+rank])}
		at += rank + 1
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
