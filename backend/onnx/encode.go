package onnx

import "google.golang.org/protobuf/encoding/protowire"

// Encode writes the model as the bytes of an ONNX file. Elements that lie in
// the model's own file are read from it and written in place; references to
// other files stay references. See the package comment for what is preserved.
func (m *Model) Encode() ([]byte, error) {
	e := &encoder{data: m.Data, b: make([]byte, 0, m.room())}
	e.body(m.unknown, func(w *message) {
		w.number(1, m.IRVersion)
		producer := m.producer
		if m.Producer != joinProducer(producer) {
			producer = [2]string{m.Producer, ""}
		}
		w.text(2, producer[0])
		w.text(3, producer[1])
		w.text(4, m.Domain)
		w.number(5, m.Version)
		w.text(6, m.Doc)
		if m.Graph != nil {
			w.graph(7, m.Graph)
		}
		inOrder(m.Opsets, m.opsets, opsetBytes, func(raw []byte) { w.bytes(8, raw) })
		inOrder(m.Metadata, m.metadata, pairBytes, func(raw []byte) { w.bytes(14, raw) })
		for _, fn := range m.Functions {
			w.function(25, fn)
		}
	})
	if e.err != nil {
		return nil, e.err
	}
	return e.b, nil
}

// room is about the size of the encoded model, so that the buffer need not grow
// with the weights in it.
func (m *Model) room() int64 {
	const others, most = 64 << 10, 1 << 30
	size := int64(others)
	if m.Graph != nil {
		for _, t := range m.Graph.Initializers {
			switch {
			case t.External != nil:
			case t.Span != nil:
				size += t.Span.Length
			default:
				size += int64(len(t.Raw))
			}
		}
	}
	return min(size, most)
}

func (m *message) graph(n protowire.Number, g *Graph) {
	m.sub(n, g.unknown, func(w *message) {
		for _, node := range g.Nodes {
			w.node(1, node)
		}
		w.text(2, g.Name)
		for _, t := range g.Initializers {
			w.tensor(5, t)
		}
		w.values(11, g.Inputs)
		w.values(12, g.Outputs)
		w.values(13, g.ValueInfo)
	})
}

func (m *message) node(n protowire.Number, node *Node) {
	m.sub(n, node.unknown, func(w *message) {
		w.texts(1, node.Inputs)
		w.texts(2, node.Outputs)
		w.text(3, node.Name)
		w.text(4, node.OpType)
		for _, a := range node.Attrs {
			w.attr(5, a)
		}
		w.text(7, node.Domain)
	})
}

func (m *message) attr(n protowire.Number, a *Attr) {
	m.sub(n, a.unknown, func(w *message) {
		w.text(1, a.Name)
		if a.Ref == "" {
			w.value(a)
		}
		w.number(20, int64(a.Kind))
		w.text(21, a.Ref)
	})
}

// value writes the one field that the kind of the attribute names.
func (m *message) value(a *Attr) {
	switch a.Kind {
	case AttrFloat:
		m.floats(2, a.F)
	case AttrInt:
		m.ints(3, a.I)
	case AttrString:
		m.bytes(4, a.S)
	case AttrTensor:
		if a.T != nil {
			m.tensor(5, a.T)
		}
	case AttrGraph:
		if a.G != nil {
			m.graph(6, a.G)
		}
	case AttrFloats:
		m.floats(7, a.Floats...)
	case AttrInts:
		m.ints(8, a.Ints...)
	case AttrStrings:
		for _, s := range a.Strings {
			m.bytes(9, s)
		}
	case AttrTensors:
		for _, t := range a.Tensors {
			m.tensor(10, t)
		}
	case AttrGraphs:
		for _, g := range a.Graphs {
			m.graph(11, g)
		}
	}
}

func (m *message) values(n protowire.Number, list []*Value) {
	for _, v := range list {
		m.sub(n, v.unknown, func(w *message) {
			w.text(1, v.Name)
			if typ := v.typeBytes(); typ != nil {
				w.bytes(2, typ)
			}
		})
	}
}

func (m *message) function(n protowire.Number, fn *Function) {
	m.sub(n, fn.unknown, func(w *message) {
		w.text(1, fn.Name)
		w.texts(4, fn.Inputs)
		w.texts(5, fn.Outputs)
		w.texts(6, fn.Attrs)
		for _, node := range fn.Nodes {
			w.node(7, node)
		}
		inOrder(fn.Opsets, fn.opsets, opsetBytes, func(raw []byte) { w.bytes(9, raw) })
		w.text(10, fn.Domain)
		for _, a := range fn.Default {
			w.attr(11, a)
		}
	})
}

// typeBytes is the TypeProto of a value: as it was read while Type and Shape
// still say the same, else made from them; nil when there is none.
func (v *Value) typeBytes() []byte {
	if v.typ != nil {
		d := &decoder{src: &source{data: v.typ, size: int64(len(v.typ))}, budget: 1 << 20}
		typ, shape := d.tensorType(span{0, int64(len(v.typ))})
		if typ == v.Type && sameShape(shape, v.Shape) {
			return v.typ
		}
	}
	if v.Type == 0 {
		return nil
	}
	e := &encoder{}
	e.body(nil, func(w *message) {
		w.sub(1, nil, func(w *message) {
			w.ints(1, int64(v.Type))
			if v.Shape != nil {
				w.sub(2, nil, func(w *message) { w.dims(v.Shape) })
			}
		})
	})
	return e.b
}

func (m *message) dims(shape []Dim) {
	for _, d := range shape {
		m.sub(1, nil, func(w *message) {
			if d.Size >= 0 {
				w.ints(1, d.Size)
			} else {
				w.text(2, d.Symbol)
			}
			if d.Denotation != "" {
				w.text(3, d.Denotation)
			}
		})
	}
}

func sameShape(a, b []Dim) bool {
	if len(a) != len(b) || (a == nil) != (b == nil) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}
