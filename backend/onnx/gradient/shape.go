package gradient

import (
	"slices"

	"picasso/backend/onnx"
)

// gradReshape serves all operators that keep the elements and their order:
// the gradient takes the input's shape. Casts between float types are among
// them, for gradients are float32 throughout.
func gradReshape(c *call) {
	if slices.Equal(c.in(0).Shape, c.out(0).Shape) && c.in(0).Batch == c.out(0).Batch {
		c.dx[0] = c.dy[0]
		return
	}
	c.dx[0] = c.like(c.dy[0], 0)
}

// toInteger reports a Cast that rounds.
func toInteger(_ *graph, n *onnx.Node) bool {
	return !onnx.DataType(n.AttrInt("to", int64(onnx.Float))).IsFloat()
}

// likeInteger reports a CastLike that rounds.
func likeInteger(g *graph, n *onnx.Node) bool { return !g.kinds[n.Input(1)].IsFloat() }

// gradDropout: at inference, and with a ratio of 0, the operator does nothing.
func gradDropout(c *call) {
	if c.has(2) && !(c.has(1) && !c.data[c.node.Input(1)] && slices.Equal(c.numbers(1), []float32{0})) {
		if v := c.integers(2); len(v) != 1 || v[0] != 0 {
			c.refuse(random)
			return
		}
	}
	c.dx[0] = c.dy[0]
}

const random = "is in training mode: its result is random; export the model after eval()"

// certain is the check of Dropout.
func certain(g *graph, n *onnx.Node) string {
	if g.index.InTraining(n, g.model) {
		return random
	}
	return ""
}

// gradTranspose applies the inverse permutation; without one the axes are
// reversed.
func gradTranspose(c *call) {
	perm := c.node.AttrInts("perm")
	inverse := make([]int64, c.in(0).rank())
	for i := range inverse {
		if len(perm) == len(inverse) {
			inverse[axis(perm[i], len(perm))] = int64(i)
		} else {
			inverse[i] = int64(len(inverse) - 1 - i)
		}
	}
	c.dx[0] = c.transpose(c.dy[0], inverse)
}

// gradConcat cuts dy into the parts. The axis is 1 by default before operator
// set 4.
func gradConcat(c *call) {
	a := axis(c.node.AttrInt("axis", 1), c.out(0).rank())
	c.alongBatch(c.out(0), a)
	start := int64(0)
	for i := range c.node.Inputs {
		f := c.in(i)
		if c.err != nil || int(a) >= f.rank() {
			return
		}
		end := start + f.Shape[a]
		if c.wants(i) {
			c.dx[i] = c.slice(c.dy[0], a, start, end)
			c.passed[c.dx[i]] = c.passed[c.dy[0]]
			if a == 1 {
				c.parts[c.dx[i]] = part{c.dy[0], start}
			}
		}
		start = end
	}
}

// part is channels of a gradient, from one on.
type part struct {
	of   string
	from int64
}

// gradSplit joins the gradients of the parts; a part that nobody uses has
// gradient 0.
func gradSplit(c *call) {
	f := c.in(0)
	a := axis(c.node.AttrInt("axis", 0), f.rank())
	c.alongBatch(f, a)
	some := c.dy[slices.IndexFunc(c.dy, func(g string) bool { return g != "" })]
	parts := make([]string, len(c.dy))
	for i, g := range c.dy {
		if g == "" {
			g = c.zeros(some, f.rank(), a, c.out(i).Shape[a])
		}
		parts[i] = g
	}
	c.dx[0] = c.concat(parts, a)
}

// gradExpand sums over what was repeated.
func gradExpand(c *call) { c.dx[0] = c.fit(c.dy[0], 0) }

// gradTile sums the copies: each repeated axis is split into copies × length.
// In operator set 1 the numbers are inputs tiles and axis.
func gradTile(c *call) {
	f, y := c.in(0), c.out(0)
	var split, copies []int64
	for i, d := range f.open() {
		if d > 0 && y.Shape[i] != d {
			copies = append(copies, int64(len(split)))
			split = append(split, y.Shape[i]/d)
		} else if d < 0 && y.Shape[i] != f.Shape[i] {
			c.closed()
		}
		split = append(split, d)
	}
	g := c.dy[0]
	if len(copies) > 0 {
		g = c.like(c.sum(c.reshape(g, split), copies...), 0)
	}
	c.dx[0] = g
}

// gradDepthToSpace moves the blocks back into the channels.
func gradDepthToSpace(c *call) {
	b, f := c.node.AttrInt("blocksize", 1), c.in(0)
	if f.rank() != 4 {
		c.refuse("has an input of shape %v", f.Shape)
		return
	}
	c.notFirst(f)
	if c.node.AttrString("mode", "DCR") == "DCR" {
		c.dx[0] = c.op("SpaceToDepth", []string{c.dy[0]}, onnx.IntAttr("blocksize", b))
		return
	}
	blocks := c.reshape(c.dy[0], []int64{0, f.Shape[1] / (b * b), f.Shape[2], b, f.Shape[3], b})
	c.dx[0] = c.like(c.transpose(blocks, []int64{0, 1, 3, 5, 2, 4}), 0)
}

// gradSpaceToDepth moves the channels back into the blocks.
func gradSpaceToDepth(c *call) {
	c.dx[0] = c.op("DepthToSpace", []string{c.dy[0]}, onnx.IntAttr("blocksize", c.node.AttrInt("blocksize", 1)))
}
