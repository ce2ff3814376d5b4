package onnx

import "math"

// Limits on what a file may make the program do. Protocol Buffers themselves
// stop at the same depth.
const (
	maxDepth = 100
	maxRank  = 64
)

// Decode reads a model from memory. The elements of tensors stay sub-slices of
// data, which must not change afterwards. Damaged data give a *[FileError];
// whether the graph makes sense is the business of [Model.Check].
func Decode(data []byte) (*Model, error) {
	return decode(&source{data: data, size: int64(len(data))})
}

func decode(src *source) (*Model, error) {
	d := &decoder{src: src, budget: min(64<<20+16*src.size, 2<<30)}
	m := d.model(span{0, src.size})
	if d.err != nil {
		return nil, d.err
	}
	return m, nil
}

func (d *decoder) model(at span) *Model {
	m := &Model{Opsets: map[string]int64{}, Metadata: map[string]string{}}
	d.fields(at, &m.unknown, func(f field) bool {
		switch f.tag {
		case 1<<3 | varint:
			m.IRVersion = int64(f.value)
		case 2<<3 | length:
			return d.set(&m.producer[0], f)
		case 3<<3 | length:
			return d.set(&m.producer[1], f)
		case 4<<3 | length:
			return d.set(&m.Domain, f)
		case 5<<3 | varint:
			m.Version = int64(f.value)
			return m.Version != 0
		case 6<<3 | length:
			return d.set(&m.Doc, f)
		case 7<<3 | length:
			if m.Graph != nil {
				d.fail(fault("holds two graphs"))
				return true
			}
			m.Graph = d.graph(f.span())
		case 8<<3 | length:
			return d.opset(m.Opsets, &m.opsets, f)
		case 14<<3 | length:
			return d.metadata(m.Metadata, &m.metadata, f)
		case 25<<3 | length:
			m.Functions = append(m.Functions, d.function(f.span()))
		default:
			return false
		}
		return true
	})
	m.Producer = joinProducer(m.producer)
	return m
}

func joinProducer(p [2]string) string {
	if p[0] == "" || p[1] == "" {
		return p[0] + p[1]
	}
	return p[0] + " " + p[1]
}

func (d *decoder) opset(opsets map[string]int64, read *[]entry[int64], f field) bool {
	var e entry[int64]
	d.charge(160)
	d.fields(f.span(), nil, func(f field) bool {
		switch f.tag {
		case 1<<3 | length:
			e.key = d.text(f)
		case 2<<3 | varint:
			e.value = int64(f.value)
		}
		return true
	})
	if e.key == "ai.onnx" {
		e.key = "" // two spellings of one domain
	}
	e.raw = d.raw(f.span())
	opsets[e.key] = e.value
	*read = append(*read, e)
	return true
}

func (d *decoder) metadata(pairs map[string]string, read *[]entry[string], f field) bool {
	var e entry[string]
	d.charge(160)
	e.key, e.value = d.pair(f)
	e.raw = d.raw(f.span())
	pairs[e.key] = e.value
	*read = append(*read, e)
	return true
}

// pair reads a StringStringEntryProto.
func (d *decoder) pair(f field) (key, value string) {
	d.fields(f.span(), nil, func(f field) bool {
		switch f.tag {
		case 1<<3 | length:
			key = d.text(f)
		case 2<<3 | length:
			value = d.text(f)
		}
		return true
	})
	return key, value
}

func (d *decoder) graph(at span) *Graph {
	g := &Graph{}
	d.charge(256)
	d.fields(at, &g.unknown, func(f field) bool {
		switch f.tag {
		case 1<<3 | length:
			g.Nodes = append(g.Nodes, d.node(f.span()))
		case 2<<3 | length:
			return d.set(&g.Name, f)
		case 5<<3 | length:
			g.Initializers = append(g.Initializers, d.tensor(f.span()))
		case 11<<3 | length:
			g.Inputs = append(g.Inputs, d.valueInfo(f.span()))
		case 12<<3 | length:
			g.Outputs = append(g.Outputs, d.valueInfo(f.span()))
		case 13<<3 | length:
			g.ValueInfo = append(g.ValueInfo, d.valueInfo(f.span()))
		default:
			return false
		}
		return true
	})
	return g
}

func (d *decoder) node(at span) *Node {
	n := &Node{}
	d.charge(192)
	d.fields(at, &n.unknown, func(f field) bool {
		switch f.tag {
		case 1<<3 | length:
			return d.texts(&n.Inputs, f)
		case 2<<3 | length:
			return d.texts(&n.Outputs, f)
		case 3<<3 | length:
			return d.set(&n.Name, f)
		case 4<<3 | length:
			return d.set(&n.OpType, f)
		case 5<<3 | length:
			n.Attrs = append(n.Attrs, d.attr(f.span()))
			return true
		case 7<<3 | length:
			return d.set(&n.Domain, f)
		}
		return false
	})
	return n
}

func (d *decoder) attr(at span) *Attr {
	a := &Attr{}
	d.charge(320)
	d.fields(at, &a.unknown, func(f field) bool {
		switch f.tag {
		case 1<<3 | length:
			return d.set(&a.Name, f)
		case 2<<3 | fixed32:
			a.F = math.Float32frombits(uint32(f.value))
		case 3<<3 | varint:
			a.I = int64(f.value)
		case 4<<3 | length:
			a.S = d.raw(f.span())
		case 5<<3 | length:
			a.T = d.tensor(f.span())
		case 6<<3 | length:
			a.G = d.graph(f.span())
		case 7<<3 | fixed32, 7<<3 | length:
			return d.floats(&a.Floats, f)
		case 8<<3 | varint, 8<<3 | length:
			return d.varints(&a.Ints, f)
		case 9<<3 | length:
			d.charge(24)
			a.Strings = append(a.Strings, d.raw(f.span()))
		case 10<<3 | length:
			a.Tensors = append(a.Tensors, d.tensor(f.span()))
		case 11<<3 | length:
			a.Graphs = append(a.Graphs, d.graph(f.span()))
		case 20<<3 | varint:
			a.Kind = AttrKind(f.value)
		case 21<<3 | length:
			return d.set(&a.Ref, f)
		default:
			return false
		}
		return true
	})
	if a.Kind == 0 && a.Ref == "" {
		a.Kind = a.present()
	}
	return a
}

// present finds the kind of an attribute that does not state it, as files of
// IR version 1 do not.
func (a *Attr) present() AttrKind {
	switch {
	case a.T != nil:
		return AttrTensor
	case a.G != nil:
		return AttrGraph
	case a.S != nil:
		return AttrString
	case a.Floats != nil:
		return AttrFloats
	case a.Ints != nil:
		return AttrInts
	case a.Strings != nil:
		return AttrStrings
	case a.Tensors != nil:
		return AttrTensors
	case a.Graphs != nil:
		return AttrGraphs
	case a.F != 0:
		return AttrFloat
	}
	return AttrInt
}

func (d *decoder) function(at span) *Function {
	fn := &Function{Opsets: map[string]int64{}}
	d.charge(320)
	d.fields(at, &fn.unknown, func(f field) bool {
		switch f.tag {
		case 1<<3 | length:
			return d.set(&fn.Name, f)
		case 4<<3 | length:
			return d.texts(&fn.Inputs, f)
		case 5<<3 | length:
			return d.texts(&fn.Outputs, f)
		case 6<<3 | length:
			return d.texts(&fn.Attrs, f)
		case 7<<3 | length:
			fn.Nodes = append(fn.Nodes, d.node(f.span()))
		case 9<<3 | length:
			return d.opset(fn.Opsets, &fn.opsets, f)
		case 10<<3 | length:
			return d.set(&fn.Domain, f)
		case 11<<3 | length:
			fn.Default = append(fn.Default, d.attr(f.span()))
		default:
			return false
		}
		return true
	})
	return fn
}
