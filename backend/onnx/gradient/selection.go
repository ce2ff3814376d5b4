package gradient

import (
	"slices"

	"picasso/backend/onnx"
)

// scatterAxis is the adjoint of reading elements index[0], index[1], … along
// an axis of a tensor of shape f: g is added at those places of zeros.
func (c *call) scatterAxis(g string, f Fact, a int, index []int64) string {
	c.alongBatch(f, int64(a))
	n := f.Shape[a]
	if len(index) > 0 && consecutive(index) {
		begin, end := make([]int64, f.rank()), make([]int64, f.rank())
		begin[a], end[a] = index[0], n-1-index[len(index)-1]
		return c.pad(g, begin, end)
	}
	shape := slices.Repeat([]int64{1}, f.rank())
	shape[a] = int64(len(index))
	return c.scatterAt(g, f, a, c.shaped(shape, index))
}

// scatterAt adds g to zeros of shape f at places along an axis; index
// broadcasts to g.
func (c *call) scatterAt(g string, f Fact, a int, index string) string {
	empty := c.zeros(g, f.rank(), int64(a), f.Shape[a])
	return c.op("ScatterElements", []string{empty, c.expandTo(index, g), g},
		onnx.IntAttr("axis", int64(a)), onnx.StringAttr("reduction", "add"))
}

func consecutive(index []int64) bool {
	for i, v := range index {
		if v != index[0]+int64(i) {
			return false
		}
	}
	return true
}

// gradSlice puts dy back where it was cut out. Starts, ends, axes and steps
// are attributes before operator set 10, inputs since.
func gradSlice(c *call) {
	f := c.in(0)
	starts, ends := c.list("starts", 1), c.list("ends", 2)
	axes, steps := c.list("axes", 3), c.integers(4)
	if axes == nil {
		axes = from(0, len(starts))
	}
	if c.err != nil || len(ends) != len(starts) || len(axes) != len(starts) {
		c.refuse("has lists of different lengths")
		return
	}
	g := c.dy[0]
	for i, a := range axes {
		a, step := axis(a, f.rank()), int64(1)
		if i < len(steps) {
			step = steps[i]
		}
		n, m := f.Shape[a], c.out(0).Shape[a]
		if n == m && step == 1 {
			continue
		}
		start := starts[i]
		if start < 0 {
			start += n
		}
		if step > 0 {
			start = min(max(start, 0), n)
		} else {
			start = min(max(start, 0), n-1)
		}
		index := make([]int64, m)
		for j := range index {
			index[j] = start + int64(j)*step
		}
		g = c.scatterAxis(g, f, int(a), index)
	}
	c.dx[0] = g
}

// gradGather adds dy at the places it was read from. The axes of the indices,
// which stand in place of the axis, are made one.
func gradGather(c *call) {
	f := c.in(0)
	a := int(axis(c.node.AttrInt("axis", 0), f.rank()))
	c.alongBatch(f, int64(a))
	if c.in(1).Batch >= 0 {
		c.closed()
	}
	count := c.in(1).elements()
	shape := f.open()
	shape[a] = count
	g := c.reshape(c.dy[0], shape)
	if index := c.constantIndex(1, f.Shape[a]); index != nil {
		c.dx[0] = c.scatterAxis(g, f, a, index)
		return
	}
	flat := slices.Repeat([]int64{1}, f.rank())
	flat[a] = count
	c.dx[0] = c.scatterAt(g, f, a, c.reshape(c.places(1), flat))
}

// places is input i, which holds indices, as int64.
func (c *call) places(i int) string {
	name := c.node.Input(i)
	index := c.raw(name)
	if c.fact(name).Type != onnx.Int64 {
		index = c.cast(index, onnx.Int64)
	}
	return index
}

// constantIndex are the indices of input i, negative ones counted from the end
// of an axis of length n; nil where they depend on the picture or are many.
func (c *call) constantIndex(i int, n int64) []int64 {
	name := c.node.Input(i)
	if c.data[name] || c.in(i).elements() > maxValue {
		return nil
	}
	index := slices.Clone(c.integers(i))
	for j, v := range index {
		index[j] = axis(v, int(n))
	}
	return index
}

// gradGatherElements adds dy at the places it was read from.
func gradGatherElements(c *call) {
	f := c.in(0)
	a := int(axis(c.node.AttrInt("axis", 0), f.rank()))
	c.alongBatch(f, int64(a))
	for i, d := range c.in(1).Shape {
		if i != a && i != f.Batch && d != f.Shape[i] {
			c.refuse("reads only a part of the axes, for which there is no rule")
			return
		}
	}
	c.dx[0] = c.scatterAt(c.dy[0], f, a, c.places(1))
}

// gradGatherND counts the places along the leading axes as one and adds dy
// there.
func gradGatherND(c *call) {
	f, at := c.in(0), c.in(1)
	lead := int(c.node.AttrInt("batch_dims", 0))
	if at.rank() == 0 || f.Batch >= lead || at.Batch >= 0 && lead != 1 || lead > 1 {
		c.closed()
	}
	if c.err != nil {
		return
	}
	depth := int(at.Shape[at.rank()-1])
	places, stride := product(f.Shape[lead:lead+depth]), int64(1)
	strides, lengths := make([]int64, depth), slices.Clone(f.Shape[lead:lead+depth])
	for i := depth - 1; i >= 0; i-- {
		strides[i] = stride
		stride *= lengths[i]
	}
	index := c.op("Mod", []string{c.add(c.places(1), c.ints(lengths...)), c.ints(lengths...)})
	index = c.op("ReduceSum", []string{c.mul(index, c.ints(strides...)), c.ints(-1)}, onnx.IntAttr("keepdims", 0))
	outer, rest := product(f.Shape[:lead]), product(f.Shape[lead+depth:])
	if f.Batch >= 0 {
		outer = -1
	}
	count := product(at.Shape[lead : at.rank()-1])
	rows := Fact{Shape: []int64{outer, places, rest}, Batch: -1}
	iOuter := product(at.Shape[:lead])
	if at.Batch >= 0 {
		iOuter = -1
	}
	g := c.reshape(c.dy[0], []int64{outer, count, rest})
	c.dx[0] = c.like(c.scatterAt(g, rows, 1, c.reshape(index, []int64{iOuter, count, 1})), 0)
}

// gradScatterElements: data keeps its gradient where it was not overwritten,
// the updates receive the gradient of the places they went to.
func gradScatterElements(c *call) {
	a := axis(c.node.AttrInt("axis", 0), c.in(0).rank())
	if r := c.reducing(); r != "none" && r != "add" {
		c.combined(scatter{"ScatterElements", "GatherElements", []*onnx.Attr{onnx.IntAttr("axis", a)}}, r)
		return
	}
	c.closed()
	index := c.places(1)
	adds := c.reducing() == "add"
	if c.wants(0) {
		c.dx[0] = c.dy[0]
		if !adds {
			zeros := c.op("Expand", []string{c.number(0), c.ints(c.in(2).Shape...)})
			c.dx[0] = c.op("ScatterElements", []string{c.dy[0], index, zeros}, onnx.IntAttr("axis", a))
		}
	}
	if c.wants(2) {
		c.dx[2] = c.op("GatherElements", []string{c.dy[0], index}, onnx.IntAttr("axis", a))
	}
}

// gradScatterND is [gradScatterElements] for slices.
func gradScatterND(c *call) {
	if r := c.reducing(); r != "none" && r != "add" {
		c.combined(scatter{"ScatterND", "GatherND", nil}, r)
		return
	}
	c.closed()
	index := c.places(1)
	adds := c.reducing() == "add"
	if c.wants(0) {
		c.dx[0] = c.dy[0]
		if !adds {
			zeros := c.op("Expand", []string{c.number(0), c.ints(c.in(2).Shape...)})
			c.dx[0] = c.op("ScatterND", []string{c.dy[0], index, zeros})
		}
	}
	if c.wants(2) {
		c.dx[2] = c.op("GatherND", []string{c.dy[0], index})
	}
}

// reducing is what a scatter does with an element that is there already.
func (c *call) reducing() string { return c.node.AttrString("reduction", "none") }

// gradTopK adds dy at the places of the values.
func gradTopK(c *call) {
	f := c.in(0)
	a := axis(c.node.AttrInt("axis", -1), f.rank())
	c.alongBatch(f, a)
	index := c.node.Output(1)
	if index == "" {
		c.refuse("does not give the places of its values")
		return
	}
	c.dx[0] = c.scatterAt(c.single(), f, int(a), c.raw(index))
}

// gradTrilu keeps the same triangle of dy.
func gradTrilu(c *call) {
	inputs := []string{c.dy[0]}
	if c.has(1) {
		inputs = append(inputs, c.shaped(nil, c.integers(1)))
	}
	c.dx[0] = c.op("Trilu", inputs, onnx.IntAttr("upper", c.node.AttrInt("upper", 1)))
}
