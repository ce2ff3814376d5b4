package gradient

import "slices"

// gradPad: with constant filling the gradient is cut out (negative padding cuts
// forwards, so it pads backwards); reflect, edge and wrap read elements more
// than once, whose gradients add up. Pads are an attribute before operator set
// 11 ("paddings" in 1), an input since; 18 adds a list of axes.
func gradPad(c *call) {
	begin, end, ok := c.padding()
	if !ok {
		return
	}
	f := c.in(0)
	mode := c.node.AttrString("mode", "constant")
	g := c.dy[0]
	if mode == "constant" {
		for i := range begin {
			begin[i], end[i] = -begin[i], -end[i]
			if begin[i] != 0 || end[i] != 0 {
				c.alongBatch(f, int64(i))
			}
		}
		c.offer(0, func() string { return c.crop(g, begin, end) })
		c.offer(2, func() string { return c.filled(g) })
		return
	}
	for a := range begin {
		if begin[a] == 0 && end[a] == 0 {
			continue
		}
		n := f.Shape[a]
		index := make([]int64, n+begin[a]+end[a])
		for j := range index {
			index[j] = padSource(mode, int64(j)-begin[a], n)
		}
		g = c.scatterAxis(g, f, a, index)
	}
	c.dx[0] = g
}

// filled adds the gradients of the places that hold the filling value.
func (c *call) filled(g string) string {
	c.closed()
	inside := c.op("ConstantOfShape", []string{c.ints(c.in(0).Shape...)})
	begin, end, _ := c.padding()
	outside := c.op("Pad", []string{inside, c.ints(append(begin, end...)...), c.number(1)})
	return c.like(c.sum(c.mul(g, outside), from(0, c.out(0).rank())...), 2)
}

// crop pads by negative numbers with Slice, by positive ones with zeros.
func (c *call) crop(g string, begin, end []int64) string {
	pb, pe := slices.Clone(begin), slices.Clone(end)
	for a := range begin {
		from, to := max(-begin[a], 0), c.out(0).Shape[a]-max(-end[a], 0)
		if begin[a] < 0 || end[a] < 0 {
			g = c.slice(g, int64(a), from, to)
		}
		pb[a], pe[a] = max(begin[a], 0), max(end[a], 0)
	}
	return c.pad(g, pb, pe)
}

// padSource is the element that position j of the padded axis reads.
func padSource(mode string, j, n int64) int64 {
	switch mode {
	case "reflect":
		for n > 1 && (j < 0 || j >= n) {
			if j < 0 {
				j = -j
			} else {
				j = 2*(n-1) - j
			}
		}
	case "wrap":
		j = ((j % n) + n) % n
	}
	return min(max(j, 0), n-1)
}

func (c *call) padding() (begin, end []int64, ok bool) {
	rank := c.in(0).rank()
	pads := c.list("pads", 1)
	if a := c.node.AttrInts("paddings"); pads == nil && a != nil {
		pads = a
	}
	axes := from(0, rank)
	if c.has(3) {
		axes = c.integers(3)
	}
	if c.err != nil || len(pads) != 2*len(axes) {
		c.refuse("has %d pads for %d axes", len(pads), len(axes))
		return nil, nil, false
	}
	begin, end = make([]int64, rank), make([]int64, rank)
	for i, a := range axes {
		a = axis(a, rank)
		begin[a], end[a] = pads[i], pads[i+len(axes)]
	}
	return begin, end, true
}
