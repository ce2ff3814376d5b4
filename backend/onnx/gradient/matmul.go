package gradient

import (
	"slices"

	"picasso/backend/onnx"
)

// gradGemm: Y = α·A′·B′ + β·C, where ′ transposes if asked for.
// dA′ = α·dY·B′ᵀ, dB′ = α·A′ᵀ·dY, dC = β·dY summed to C's shape.
func gradGemm(c *call) {
	c.gemm(c.dy[0])
	if c.wants(2) {
		c.dx[2] = c.fit(c.scale(c.dy[0], float64(c.node.AttrFloat("beta", 1))), 2)
	}
}

// gemm sets the gradients of the two factors of a Gemm.
func (c *call) gemm(g string) {
	transA, transB := c.node.AttrInt("transA", 0), c.node.AttrInt("transB", 0)
	rows, columns := c.in(0).Batch == int(transA), c.in(1).Batch == 1-int(transB)
	if c.wants(0) && c.wants(1) || c.wants(0) && !rows || c.wants(1) && !columns {
		c.closed() // images are neither the rows nor the columns of Y
	}
	product := func(a, b string, ta, tb int64) string {
		return c.op("Gemm", []string{a, b}, onnx.FloatAttr("alpha", c.node.AttrFloat("alpha", 1)),
			onnx.IntAttr("transA", ta), onnx.IntAttr("transB", tb))
	}
	switch {
	case !c.wants(0):
	case transA == 0:
		c.dx[0] = product(g, c.x(1), 0, 1-transB)
	default:
		c.dx[0] = product(c.x(1), g, transB, 1)
	}
	switch {
	case !c.wants(1):
	case transB == 0:
		c.dx[1] = product(c.x(0), g, 1-transA, 0)
	default:
		c.dx[1] = product(g, c.x(0), 1, transA)
	}
}

// gradMatMul: Y = A·B over the last two axes, the others broadcast.
// dA = dY·Bᵀ, dB = Aᵀ·dY. A vector counts as a row on the left and as a
// column on the right.
func gradMatMul(c *call) { c.matrices(c.dy[0], 1, false, false) }

// gradFusedMatMul is [gradMatMul] with a factor alpha and operands that may
// come transposed.
func gradFusedMatMul(c *call) {
	if c.node.AttrInt("transBatchA", 0) != 0 || c.node.AttrInt("transBatchB", 0) != 0 {
		c.refuse("transposes the batch axes of an operand, for which there is no rule")
		return
	}
	c.matrices(c.dy[0], float64(c.node.AttrFloat("alpha", 1)),
		c.node.AttrInt("transA", 0) != 0, c.node.AttrInt("transB", 0) != 0)
}

// matrices sets the gradients of Y = α·A′·B′.
func (c *call) matrices(g string, alpha float64, transA, transB bool) {
	if c.in(0).rank() == 0 || c.in(1).rank() == 0 {
		c.refuse("multiplies a scalar")
		return
	}
	a, b, y := c.in(0).row(), c.in(1).column(), c.out(0)
	if c.in(1).rank() == 1 {
		y = y.insert(y.rank())
	}
	if c.in(0).rank() == 1 {
		y = y.insert(y.rank() - 1)
	}
	if c.in(0).rank() == 1 || c.in(1).rank() == 1 {
		g = c.reshape(g, y.open())
	}
	g = c.scale(g, alpha)
	if c.wants(0) {
		right := c.operand(1, b, !transB)
		c.dx[0] = c.factor(c.matmul(g, right), y.last(1, a.length(transA)), a, transA, 0)
	}
	if c.wants(1) {
		left := c.operand(0, a, !transA)
		c.dx[1] = c.factor(c.matmul(left, g), y.last(2, a.length(transA)), b, transB, 1)
	}
}

// operand is input i as the matrices f, transposed if asked for.
func (c *call) operand(i int, f Fact, turned bool) string {
	v := c.x(i)
	if c.in(i).rank() == 1 {
		v = c.reshape(v, f.open())
	}
	if turned {
		v = c.turn(v, f.rank())
	}
	return v
}

// factor gives the product d of shape from the shape of input i, whose
// matrices are f.
func (c *call) factor(d string, from, f Fact, turned bool, i int) string {
	if turned {
		d = c.turn(d, from.rank())
		from = from.swap()
	}
	d = c.unbroadcast(d, from, f)
	if c.in(i).rank() == 1 {
		d = c.like(d, i)
	}
	return d
}

// turn swaps the last two axes.
func (b *builder) turn(x string, rank int) string {
	perm := make([]int64, rank)
	for i := range perm {
		perm[i] = int64(i)
	}
	perm[rank-1], perm[rank-2] = perm[rank-2], perm[rank-1]
	return b.transpose(x, perm)
}

// row and column make a matrix of a vector.
func (f Fact) row() Fact {
	if f.rank() == 1 {
		return f.insert(0)
	}
	return f
}

func (f Fact) column() Fact {
	if f.rank() == 1 {
		return f.insert(1)
	}
	return f
}

// insert adds an axis of length 1.
func (f Fact) insert(at int) Fact {
	f.Shape = slices.Insert(slices.Clone(f.Shape), at, 1)
	if f.Batch >= at {
		f.Batch++
	}
	return f
}

// last sets the length of the axis that many from the end.
func (f Fact) last(n int, length int64) Fact {
	f.Shape = slices.Clone(f.Shape)
	f.Shape[len(f.Shape)-n] = length
	if f.Batch == len(f.Shape)-n {
		f.Batch = -1
	}
	return f
}

// swap exchanges the last two axes.
func (f Fact) swap() Fact {
	n := len(f.Shape)
	f.Shape = slices.Clone(f.Shape)
	f.Shape[n-1], f.Shape[n-2] = f.Shape[n-2], f.Shape[n-1]
	switch f.Batch {
	case n - 1:
		f.Batch = n - 2
	case n - 2:
		f.Batch = n - 1
	}
	return f
}

// length is the number of columns, of rows where the matrix is transposed.
func (f Fact) length(turned bool) int64 {
	if turned {
		return f.Shape[f.rank()-2]
	}
	return f.Shape[f.rank()-1]
}
