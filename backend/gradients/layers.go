package gradients

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"picasso/backend/infer"
	"picasso/backend/onnx"
	"picasso/backend/onnx/axes"
	"picasso/backend/onnx/gradient"
	"picasso/backend/preprocess"
)

// Layer is an inner activation of the model that is a map of cells over the
// picture (C×h×w), however the model holds it: channels first or last, as
// tokens, in windows.
type Layer struct {
	Name                    string // of the tensor in the graph
	Channels, Height, Width int
	Depth                   int    // slices of a volume, which lie under each other in Height; 0 for a map of a picture
	Form                    string // how the model holds it, "" for C×h×w
	Axes                    string // what the tensor's axes count, such as "N,C,h,w" or "N,tokens,C"
}

// Cells are the rows and columns of the layer, of volumes behind its slices.
func (l Layer) Cells() []int {
	if l.Depth > 0 {
		return []int{l.Depth, l.Height / l.Depth, l.Width}
	}
	return []int{l.Height, l.Width}
}

// Place is a cell as a [Unit] has it, whose slices lie under each other: of pictures its
// row and column, of volumes its slice, row and column.
func (l Layer) Place(at []int) (cell *[2]int, err error) {
	cells, called := l.Cells(), "ROW,COLUMN"
	if l.Depth > 0 {
		called = "SLICE,ROW,COLUMN"
	}
	if len(at) != len(cells) {
		return nil, fmt.Errorf("a cell of the layer %s is @%s, of %s", l.Name, called, infer.Dimensions(cells))
	}
	for k, n := range cells {
		if at[k] < 0 || at[k] >= n {
			return nil, fmt.Errorf("the layer %s has %s cells, and @%s counts them from 0; there is no %s", l.Name,
				infer.Dimensions(cells), called, strings.ReplaceAll(strings.Trim(fmt.Sprint(at), "[]"), " ", ","))
		}
	}
	last := len(at) - 1
	cell = &[2]int{at[last-1], at[last]}
	if l.Depth > 0 {
		cell[0] += at[0] * cells[1]
	}
	return cell, nil
}

// CellWords says which cell of the layer a [Unit] means.
func (l Layer) CellWords(cell [2]int) string {
	if l.Depth > 0 {
		rows := l.Height / l.Depth
		return fmt.Sprintf("slice %d, row %d, column %d", cell[0]/rows, cell[0]%rows, cell[1])
	}
	return fmt.Sprintf("row %d, column %d", cell[0], cell[1])
}

// mapped is a layer and how it is read.
type mapped struct {
	Layer
	cells axes.Cells
	used  bool // its places matter to the scores
}

// Layers lists the activations before the scores that are maps of cells, in
// the order of the graph: results of convolutions, activation functions,
// pooling, normalisation and arithmetic, with more than one place. Attention
// matrices are none. Nil where the model cannot be probed. The first call runs
// the model.
func (d *Differentiator) Layers() []Layer {
	maps := d.mapped()
	if maps == nil {
		return nil
	}
	layers := make([]Layer, len(maps))
	for i, m := range maps {
		layers[i] = m.Layer
	}
	return layers
}

// mapped lists the layers with how they are read.
func (d *Differentiator) mapped() []mapped {
	if err := d.ready(context.Background()); err != nil {
		return nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.layers == nil {
		d.layers = d.spatial()
	}
	return d.layers
}

// LastLayer is what class activation maps use by default: the last of
// [Differentiator.Layers] that is no result of pooling, whose cells matter to
// the scores, and that later layers still combine; the heads of detectors,
// whose cells are the scores, are none of these. In a vision transformer with
// a class token this is what enters the last attention: behind it the other
// tokens are dropped. "" where the model has no layer.
func (d *Differentiator) LastLayer() string {
	maps := d.mapped()
	if len(maps) == 0 {
		return ""
	}
	index := d.graph.Graph.Index()
	scores := d.scores()
	roles := d.axes()
	for _, m := range slices.Backward(maps) {
		n, _ := index.Producer(m.Name)
		projected := m.Form != "" && roles.Affine(m.Name)
		c := combiner{index, roles, scores, map[string]bool{}}
		if m.used && !projected && !n.Is("MaxPool", "AveragePool", "LpPool") && c.combined(m.Name) {
			return m.Name
		}
	}
	return maps[len(maps)-1].Name
}

// combiner follows tensors to the scores.
type combiner struct {
	index  *onnx.Index
	roles  *axes.Map
	scores string
	known  map[string]bool
}

// combined reports whether something between the tensor and the scores mixes
// positions or channels.
func (c combiner) combined(tensor string) bool {
	if c.known[tensor] || tensor == c.scores {
		return false
	}
	c.known[tensor] = true
	for _, use := range c.index.Consumers(tensor) {
		if c.mixes(use.Node) {
			return true
		}
		if slices.ContainsFunc(use.Node.Outputs, c.combined) {
			return true
		}
	}
	return false
}

// mixes reports nodes that mix positions or channels. A largest value counts
// where it is that of all places: the largest of some scores at a place, as
// heads of detectors take it, tells no more than they do.
func (c combiner) mixes(n *onnx.Node) bool {
	if n.Is("ReduceMax", "ReduceMin") {
		from, to := c.roles.Of(n.Input(0)), c.roles.Of(n.Output(0))
		return from == nil || from.Placed() && !to.Placed()
	}
	return strings.HasPrefix(n.OpType, "Reduce") || strings.HasSuffix(n.OpType, "Pool") ||
		strings.HasSuffix(n.OpType, "Conv") || strings.HasSuffix(n.OpType, "Attention") ||
		strings.Contains(n.OpType, "MatMul") || n.Is("ConvTranspose", "Gemm", "Einsum")
}

// Activations returns the layer's C×h×w values for every tensor.
func (d *Differentiator) Activations(ctx context.Context, layer string, batch []infer.Tensor) (list []infer.Tensor, err error) {
	err = d.judged(ctx, func() error {
		list, err = d.activations(ctx, layer, batch)
		return err
	})
	return list, err
}

func (d *Differentiator) activations(ctx context.Context, layer string, batch []infer.Tensor) ([]infer.Tensor, error) {
	if err := d.ready(ctx); err != nil {
		return nil, err
	}
	read, err := d.layer(layer)
	if err != nil {
		return nil, err
	}
	d.mu.Lock()
	e, err := d.expose([]string{layer})
	d.mu.Unlock()
	if err != nil {
		return nil, err
	}
	session, err := e.wait(ctx)
	if err != nil {
		return nil, err
	}
	chunk := 1
	if in := d.host.Input(); in.Batched && !in.FixedBatch && d.batchAxis(layer) >= 0 {
		chunk = d.host.Batch()
	}
	out := make([]infer.Tensor, 0, len(batch))
	for len(out) < len(batch) {
		n := min(chunk, len(batch)-len(out))
		in, err := d.host.Input().Feed(batch[len(out) : len(out)+n])
		if err != nil {
			return nil, err
		}
		values, err := session.Run(ctx, []infer.Tensor{in})
		if err != nil {
			return nil, err
		}
		t := values[slices.Index(e.tensors, layer)]
		if d.foretold && !d.facts.Gives(layer, t.Shape, n) {
			return nil, errMisjudged
		}
		for i := range n {
			one, err := d.picture(read, t, i, n)
			if err != nil {
				return nil, err
			}
			out = append(out, one)
		}
	}
	return out, nil
}

// layer is how a layer is read.
func (d *Differentiator) layer(name string) (mapped, error) {
	maps := d.mapped()
	if i := slices.IndexFunc(maps, func(m mapped) bool { return m.Name == name }); i >= 0 {
		return maps[i], nil
	}
	return mapped{}, fmt.Errorf("the tensor %q is not a map of cells over the picture", name)
}

// picture cuts picture i of n out of a layer's values and brings them into the
// order C×h×w.
func (d *Differentiator) picture(m mapped, t infer.Tensor, i, n int) (infer.Tensor, error) {
	data, err := d.slab(m, t, i, max(n, m.cells.Pictures))
	if err != nil {
		return infer.Tensor{}, err
	}
	planes, err := m.cells.Planes(data)
	if err != nil {
		return infer.Tensor{}, fmt.Errorf("the tensor %q of shape %v: %w", m.Name, t.Shape, err)
	}
	return infer.Tensor{Shape: []int{m.Channels, m.Height, m.Width}, Data: planes}, nil
}

// slab is the part of picture i of n of a layer's values.
func (d *Differentiator) slab(m mapped, t infer.Tensor, i, n int) ([]float32, error) {
	if n == 1 {
		return t.Data, nil
	}
	axis := d.batchAxis(m.Name)
	if axis < 0 {
		axis = max(m.cells.Batch, 0)
	}
	if axis >= len(t.Shape) || t.Shape[axis]%n != 0 {
		return nil, fmt.Errorf("the tensor %q of shape %v has no part for each of %d pictures", m.Name, t.Shape, n)
	}
	part := t.Shape[axis] / n * infer.Elements(t.Shape[axis+1:])
	out := make([]float32, 0, len(t.Data)/n)
	for at := i * part; at < len(t.Data); at += n * part {
		out = append(out, t.Data[at:at+part]...)
	}
	return out, nil
}

// batchAxis is the axis of a tensor that was seen to grow with the number of
// pictures, −1 where none was.
func (d *Differentiator) batchAxis(tensor string) int {
	if fact, known := d.facts.Fact(tensor); known {
		return fact.Batch
	}
	return -1
}

// axes are the roles of the axes of the model's tensors. The model is probed.
func (d *Differentiator) axes() *axes.Map {
	d.rolesMu.Lock()
	defer d.rolesMu.Unlock()
	if d.roles != nil {
		return d.roles
	}
	in := d.host.Input()
	pictures := 0
	if in.Batched {
		pictures = max(1, in.Pictures)
	}
	facts := axes.Observed(d.facts)
	d.roles = axes.Trace(d.plain, facts, in.Name, layoutOf(in, pictures))
	if d.graph != d.plain {
		d.roles = d.roles.Rewritten(d.graph, facts, in.Name)
	}
	return d.roles
}

// layoutOf is what the axes of an input count.
func layoutOf(in preprocess.Input, pictures int) axes.Layout {
	lengths := []int{in.Height, in.Width}
	if in.Depth > 0 {
		lengths = append([]int{in.Depth}, lengths...)
	}
	return axes.Spread(pictures, in.Channels, lengths, in.Layout == preprocess.NHWC)
}

// spatial finds the layers. d.mu is held and the model probed.
func (d *Differentiator) spatial() []mapped {
	on := gradient.Reaching(d.graph, d.scores())
	if d.host.Input().Depth > 0 {
		return d.solids(on)
	}
	roles := d.axes()
	used := roles.Used(d.scores(), on)
	index, written := d.graph.Graph.Index(), d.plain.Graph.Index()
	var layers []mapped
	for _, n := range d.graph.Graph.Nodes {
		name := n.Output(0)
		if as, _ := written.Producer(name); as != nil {
			n = as // before it was written in simpler operators
		}
		if !on[name] || name == d.scores() || rearranges(n) || rolls(n, index) {
			continue
		}
		cells, ok := roles.Cells(name)
		if !ok || cells.Pictures != max(1, d.host.Input().Pictures) {
			continue
		}
		layers = append(layers, mapped{Layer{name, cells.Channels, cells.Height, cells.Width, 0, cells.Form(), roles.Names(name, d.host.Input().Batched)}, cells, used[name]})
	}
	return layers
}

// solids finds the layers of a model of volumes. d.mu is held and the model
// probed.
func (d *Differentiator) solids(on map[string]bool) []mapped {
	known := axes.Solids(d.graph, func(name string) int { return len(d.facts.Shape(name)) })
	var layers []mapped
	for _, n := range d.graph.Graph.Nodes {
		name := n.Output(0)
		if !known[name] || !on[name] || name == d.scores() || rearranges(n) {
			continue
		}
		shape := d.facts.Shape(name)
		cells := axes.Solid(shape)
		if cells.Height*cells.Width < 2 || cells.Pictures != max(1, d.host.Input().Pictures) {
			continue
		}
		layers = append(layers, mapped{Layer{name, cells.Channels, cells.Height, cells.Width, shape[2], "", "N,C,d,h,w"}, cells, true})
	}
	return layers
}

// rearranges reports operators that compute nothing: their outputs are no
// layers of their own.
func rearranges(n *onnx.Node) bool {
	return n.Is("Transpose", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Identity", "Cast", "Dropout", "Slice",
		"Gather", "Split", "Pad", "Expand", "Tile", "QuantizeLinear", "DequantizeLinear", "DynamicQuantizeLinear",
		"Softmax", "MatMul", "MatMulInteger")
}

// rolls reports a Concat that puts parts of one tensor together in another
// order.
func rolls(n *onnx.Node, index *onnx.Index) bool {
	return n.Is("Concat") && len(n.Inputs) > 1 && !slices.ContainsFunc(n.Inputs, func(name string) bool {
		part, _ := index.Producer(name)
		first, _ := index.Producer(n.Inputs[0])
		return !part.Is("Slice", "Split") || part.Input(0) != first.Input(0)
	})
}
