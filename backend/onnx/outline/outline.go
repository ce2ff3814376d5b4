// Package outline describes a network as people speak of it: blocks of rows,
// each a short chain of operators such as "Conv 3×3/2, BatchNormalization,
// Relu", with what it gives, what it costs and what it sees of the picture. It
// reads the graph and what is known of its tensors, and runs nothing.
package outline

import (
	"slices"

	"picasso/backend/onnx"
	"picasso/backend/onnx/axes"
	"picasso/backend/onnx/incremental"
)

// Row is a chain of nodes of which each but the last is read by the next alone.
type Row struct {
	Name      string       // of the tensor that the chain gives
	Block     string       // the part of the network it belongs to, "" for none
	Nodes     []*onnx.Node // in order
	Operators []string     // as people write them, one for each node
	Shape     []int        // of the tensor, for one picture; nil where it is not known
	Axes      string       // what they count, such as "N,C,h,w"; "" where it is not known
	// Height and Width are the cells of the picture that the tensor holds, 0
	// where it is no map.
	Height, Width int
	Parameters    int64   // elements of the weights that its nodes read; shared ones count in every row
	MultiplyAdds  float64 // for one picture
	// FieldHeight and FieldWidth are how many pixels of the model's input one
	// cell in the middle depends on, at most all there are. For tensors without
	// places that is the whole picture.
	FieldHeight, FieldWidth int
}

// Differentiable counts the nodes of the row that let a gradient through: those
// that are not among the blocked ones, which are named as [onnx.Node.Label] does.
func (r Row) Differentiable(blocked map[string]bool) int {
	n := 0
	for _, node := range r.Nodes {
		if !blocked[node.Label()] {
			n++
		}
	}
	return n
}

// Network is a model whose rows are to be told.
type Network struct {
	Model  *onnx.Model // without local functions, in order
	Facts  axes.Facts
	Roles  *axes.Map
	Input  string // the picture
	Layout axes.Layout
	// Height and Width are the picture's, in pixels of the model's input.
	Height, Width int
	Outputs       []string // the tensors that scores are read from
	Batched       bool     // the first axis counts pictures
}

// Outline is a network in rows.
type Outline struct {
	Rows   []Row
	fields *incremental.Fields // nil where no tensor is local
	net    Network
}

// Of describes a network. The work is proportional to its nodes.
func Of(n Network) *Outline {
	o := &Outline{net: n}
	if p, err := incremental.Trace(n.Model, n.Facts, n.Input, n.Layout, n.Outputs); err == nil {
		o.fields = p.Fields()
	}
	t := &tracer{Network: n, index: n.Model.Graph.Index()}
	chains := t.chains()
	blocks := blocksOf(t, chains)
	for i, chain := range chains {
		o.Rows = append(o.Rows, o.row(t, chain, blocks[i]))
	}
	return o
}

func (o *Outline) row(t *tracer, chain []*onnx.Node, block string) Row {
	last := chain[len(chain)-1]
	r := Row{Name: last.Output(0), Block: block, Nodes: chain, Shape: t.shape(last.Output(0)), Axes: t.Roles.Names(last.Output(0), t.Batched)}
	for _, n := range chain {
		r.Operators = append(r.Operators, t.spell(n))
		r.MultiplyAdds += incremental.MultiplyAdds(n, t.shape)
		r.Parameters += t.parameters(n)
	}
	if c, ok := t.Roles.Cells(r.Name); ok {
		r.Height, r.Width = c.Height, c.Width
	}
	f := o.Field(r.Name, r.Height/2, r.Width/2)
	r.FieldHeight, r.FieldWidth = f.Rows.Len(), f.Columns.Len()
	return r
}

// Field is a part of the picture, in pixels of the model's input.
type Field struct{ Rows, Columns incremental.Interval }

// Field is the part of the picture that a cell of a tensor depends on: exact for
// what only works on places near to each other, else the whole picture.
func (o *Outline) Field(tensor string, row, column int) Field {
	whole := Field{incremental.Interval{Hi: o.net.Height}, incremental.Interval{Hi: o.net.Width}}
	if o.fields == nil {
		return whole
	}
	rows, ok := o.fields.Need(tensor, 0, incremental.Interval{Lo: row, Hi: row + 1})
	columns, _ := o.fields.Need(tensor, 1, incremental.Interval{Lo: column, Hi: column + 1})
	if !ok {
		return whole
	}
	return Field{rows, columns}
}

// tracer looks a network's nodes up.
type tracer struct {
	Network
	index *onnx.Index
}

// shape is the shape of a tensor for one picture, nil where it is not known.
func (t *tracer) shape(name string) []int {
	if c := t.index.Constant(name); c != nil {
		dims := make([]int, len(c.Dims))
		for i, d := range c.Dims {
			dims[i] = int(d)
		}
		return dims
	}
	if k, ok := t.Facts(name); ok {
		return k.Shape
	}
	return nil
}

// parameters counts the elements of the constants that a node reads as weights.
func (t *tracer) parameters(n *onnx.Node) int64 {
	total := int64(0)
	for _, name := range n.Inputs {
		c := t.weights(name)
		if c == nil || len(c.Dims) == 0 { // numbers such as a scale
			continue
		}
		if c.Type.IsFloat() || slices.Contains(weighted, n.OpType) {
			total += max(c.Elements(), 0)
		}
	}
	return total
}

// weighted are operators whose integers are weights, not shapes or positions.
var weighted = []string{"ConvInteger", "QLinearConv", "MatMulInteger", "QLinearMatMul", "MatMulNBits", "QGemm"}

// weights is the constant that a tensor is, or is made of by nodes that only
// bring it into another form.
func (t *tracer) weights(name string) *onnx.Tensor {
	for range 8 {
		if c := t.index.Constant(name); c != nil {
			return c
		}
		n, _ := t.index.Producer(name)
		if n == nil || !n.Is("Identity", "Cast", "Transpose", "Reshape", "DequantizeLinear", "Unsqueeze", "Squeeze") {
			return nil
		}
		name = n.Input(0)
	}
	return nil
}
