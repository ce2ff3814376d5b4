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
	Depth         int     // slices of a volume that it holds, 0 for other tensors
	Parameters    int64   // elements of the weights that its nodes read; shared ones count in every row
	MultiplyAdds  float64 // for one picture
	// FieldHeight and FieldWidth are how many pixels of the model's input one
	// cell in the middle depends on, at most all there are. For tensors without
	// places that is the whole picture.
	FieldHeight, FieldWidth int
	FieldDepth              int // slices of a volume; 0 in models of pictures
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
	Depth         int             // of volumes, 0 for pictures
	Solids        map[string]bool // the tensors of N×C×d×h×w in a model of volumes
	Outputs       []string        // the tensors that scores are read from
	Batched       bool            // the first axis counts pictures
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
	if c, ok := t.Roles.Cells(r.Name); ok && t.Depth == 0 {
		r.Height, r.Width = c.Height, c.Width
	}
	if t.Solids[r.Name] && len(r.Shape) == 5 {
		r.Depth, r.Height, r.Width = r.Shape[2], r.Shape[3], r.Shape[4]
		r.Axes = "N,C,d,h,w"
	}
	f := o.FieldIn(r.Name, r.Depth/2, r.Height/2, r.Width/2)
	r.FieldDepth, r.FieldHeight, r.FieldWidth = f.Slices.Len(), f.Rows.Len(), f.Columns.Len()
	return r
}

// Field is a part of the picture, in pixels of the model's input; of a volume its slices,
// too.
type Field struct{ Rows, Columns, Slices incremental.Interval }

// Field is the part of the picture that a cell of a tensor depends on: exact for
// what only works on places near to each other, else the whole picture.
func (o *Outline) Field(tensor string, row, column int) Field {
	return o.FieldIn(tensor, 0, row, column)
}

// FieldIn is [Outline.Field] of a cell on a slice of a volume.
func (o *Outline) FieldIn(tensor string, slice, row, column int) Field {
	whole := Field{incremental.Interval{Hi: o.net.Height}, incremental.Interval{Hi: o.net.Width}, incremental.Interval{Hi: o.net.Depth}}
	if o.fields == nil {
		return whole
	}
	need := func(axis, at int) (incremental.Interval, bool) {
		return o.fields.Need(tensor, axis, incremental.Interval{Lo: at, Hi: at + 1})
	}
	first := 0 // the axis of rows
	if o.net.Depth > 0 {
		first = 1
	}
	rows, ok := need(first, row)
	if !ok {
		return whole
	}
	columns, _ := need(first+1, column)
	f := Field{Rows: rows, Columns: columns}
	if o.net.Depth > 0 {
		f.Slices, _ = need(0, slice)
	}
	return f
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
