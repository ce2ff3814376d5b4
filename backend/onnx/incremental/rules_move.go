package incremental

import (
	"math"
	"slices"
)

// transpose: axes go where the permutation puts them.
func transpose(c *call, s *step) bool {
	l := c.in(0)
	if l == nil {
		return false
	}
	perm := ints(c.node.AttrInts("perm"))
	if len(perm) != len(l.Shape) || perm[0] != 0 {
		return false
	}
	c.reads(s, 0, l.same())
	s.cost = float64(l.Depth()) * elementCost * 2
	return c.gives(0) != nil
}

// concat: along another axis than those of places.
func concat(c *call, s *step) bool { return join(c, s, 0, 1) }

// join puts parts together that are every stride-th input from first on, along
// another axis than those of places.
func join(c *call, s *step, first, stride int) bool {
	var axes []int
	for i := first; i < len(c.node.Inputs); i += stride {
		l := c.in(i)
		if l == nil || c.node.Input(i) == "" || i > first && !slices.Equal(l.Axes, axes) {
			return false
		}
		axes = l.Axes
		if a := normal(c.node.AttrInt("axis", 1), len(l.Shape)); a < 1 || l.has(a) {
			return false
		}
		c.reads(s, i, l.same())
	}
	out := c.gives(0)
	if out == nil || !slices.Equal(out.Axes, axes) {
		return false
	}
	s.cost = float64(out.Depth()) * elementCost
	return true
}

// split: along another axis than those of places.
func split(c *call, s *step) bool {
	if !c.alone() {
		return false
	}
	l := c.in(0)
	if a := normal(c.node.AttrInt("axis", 0), len(l.Shape)); a < 1 || l.has(a) {
		return false
	}
	c.reads(s, 0, l.same())
	s.cost = float64(l.Depth()) * elementCost
	for i, name := range c.node.Outputs {
		if name != "" && c.gives(i) == nil {
			return false
		}
	}
	return true
}

// gather: picks entries along another axis than those of places, such as
// channels in another order.
func gather(c *call, s *step) bool {
	if !c.alone() {
		return false
	}
	l, indices := c.in(0), c.shape(c.node.Input(1))
	a := normal(c.node.AttrInt("axis", 0), len(l.Shape))
	if indices == nil || a < 1 || l.has(a) {
		return false
	}
	c.reads(s, 0, l.same())
	s.cost = float64(l.Depth()) * elementCost
	return c.gives(0) != nil
}

// squeeze drops axes of length 1 other than those of places.
func squeeze(c *call, s *step) bool {
	axes, ok := c.list("axes", 1)
	if !c.alone() || !ok || len(axes) == 0 {
		return false
	}
	l := c.in(0)
	for _, a := range axes {
		if a = normal(int64(a), len(l.Shape)); a < 1 || l.has(a) {
			return false
		}
	}
	c.reads(s, 0, l.same())
	s.cost = float64(l.Depth()) * elementCost
	return c.gives(0) != nil
}

// unsqueeze adds axes of length 1, numbered as in the output.
func unsqueeze(c *call, s *step) bool {
	axes, ok := c.list("axes", 1)
	if !c.alone() || !ok || len(axes) == 0 {
		return false
	}
	l := c.in(0)
	c.reads(s, 0, l.same())
	s.cost = float64(l.Depth()) * elementCost
	return c.gives(0) != nil
}

// pad: a border around the axes of places, or further channels.
func pad(c *call, s *step) bool {
	pads, ok := c.list("pads", 1)
	if c.node.Attr("paddings") != nil {
		pads, ok = ints(c.node.AttrInts("paddings")), true
	}
	if !c.alone() || !ok {
		return false
	}
	l := c.in(0)
	rank := len(l.Shape)
	if pads, ok = c.everyAxis(pads, rank); !ok || pads[0] != 0 || pads[rank] != 0 {
		return false
	}
	mode := c.node.AttrString("mode", "constant")
	if mode != "constant" && mode != "reflect" && mode != "edge" {
		return false
	}
	out := c.gives(0)
	if out == nil {
		return false
	}
	axes := make([]Axis, c.Rank)
	for i, a := range l.Axes {
		begin, end := pads[a], pads[a+rank]
		if begin < -maxStep || end < -maxStep || begin > maxStep || end > maxStep || l.Length(i)+begin+end != out.Length(i) {
			return false
		}
		axes[i] = Axis{In: l.Length(i), Out: out.Length(i), Stride: 1, Factor: 1, Before: begin, After: -begin, Least: max(1, 1-begin-end)}
		if mode != "constant" {
			axes[i].Mirror = max(begin, end, 0)
			axes[i].Least = max(axes[i].Least, axes[i].Mirror+1)
			if axes[i].Mirror >= axes[i].In {
				return false // undefined
			}
		}
	}
	c.reads(s, 0, axes)
	s.cost = float64(out.Depth()) * elementCost * 2
	return true
}

// everyAxis spreads pads given for some axes (operator set 18) over all.
func (c *call) everyAxis(pads []int, rank int) ([]int, bool) {
	if c.node.Input(3) == "" {
		return pads, len(pads) == 2*rank
	}
	axes, ok := c.numbers(3)
	if !ok || len(pads) != 2*len(axes) {
		return nil, false
	}
	all := make([]int, 2*rank)
	for i, a := range axes {
		a = normal(int64(a), rank)
		if a < 0 || a >= rank {
			return nil, false
		}
		all[a], all[a+rank] = pads[i], pads[i+len(axes)]
	}
	return all, true
}

// slice: of channels anyhow; of places from a fixed start to the very end, with
// any positive step.
func slice(c *call, s *step) bool {
	starts, ok1 := c.list("starts", 1)
	ends, ok2 := c.list("ends", 2)
	axes, ok3 := c.list("axes", 3)
	steps, ok4 := c.list("steps", 4)
	if !c.alone() || !ok1 || !ok2 || !ok3 || !ok4 || len(starts) != len(ends) {
		return false
	}
	l := c.in(0)
	out := c.gives(0)
	if out == nil {
		return false
	}
	spatial := l.same()
	for i := range starts {
		a, step := i, 1
		if axes != nil {
			a = normal(int64(axes[i]), len(l.Shape))
		}
		if steps != nil {
			step = steps[i]
		}
		if a < 1 {
			return false
		}
		for k := range spatial {
			if a != l.Axes[k] {
				continue
			}
			if step < 1 || step > maxStep || starts[i] < 0 || starts[i] >= l.Length(k) || ends[i] < math.MaxInt32/2 {
				return false
			}
			spatial[k] = Axis{In: l.Length(k), Out: out.Length(k), Stride: step, Factor: 1, Before: -starts[i], After: starts[i], Least: starts[i] + 1}
		}
	}
	c.reads(s, 0, spatial)
	s.cost = float64(out.Depth()) * elementCost
	return true
}

// resize: places repeated or interpolated by a whole factor, given
// as a scale. The margin covers four neighbours on either side.
func resize(c *call, s *step) bool {
	slot := 2
	if c.node.Is("Upsample") || c.model.Opsets[""] < 11 {
		slot = 1
	}
	l := c.in(0)
	scales, ok := c.node.AttrFloats("scales"), true
	if scales == nil {
		scales, ok = c.floats(slot)
	}
	mode := c.node.AttrString("coordinate_transformation_mode", "half_pixel")
	if !c.alone() || !ok || len(scales) != len(l.Shape) || c.node.Attr("axes") != nil || c.node.AttrInt("antialias", 0) != 0 ||
		!slices.Contains([]string{"half_pixel", "asymmetric", "pytorch_half_pixel"}, mode) {
		return false
	}
	out := c.gives(0)
	if out == nil {
		return false
	}
	axes := make([]Axis, c.Rank)
	for a, scale := range scales {
		f := int(scale)
		if float32(f) != scale || f < 1 || f > unit {
			return false
		}
		for k := range axes {
			if a == l.Axes[k] {
				axes[k] = Axis{In: l.Length(k), Out: out.Length(k), Stride: 1, Factor: f, Before: 2 * f, After: 2 * f, Least: 2}
			} else if !l.has(a) && f != 1 {
				return false
			}
		}
	}
	c.reads(s, 0, axes)
	s.cost = float64(out.Depth()) * elementCost * 4
	return true
}

// depthToSpace: a block of channels becomes a block of places.
func depthToSpace(c *call, s *step) bool {
	return reblock(c, s, unit, func(block int) Axis { return Axis{Stride: 1, Factor: block, Least: 1} })
}

// spaceToDepth: a block of places becomes a block of channels.
func spaceToDepth(c *call, s *step) bool {
	return reblock(c, s, maxStep, func(block int) Axis {
		return Axis{Stride: block, Factor: 1, After: block - 1, Least: block}
	})
}

// reblock moves blocks between channels and places of a picture, both axes alike;
// most is the largest block it takes.
func reblock(c *call, s *step, most int, axis func(block int) Axis) bool {
	l, block := c.in(0), int(c.node.AttrInt("blocksize", 0))
	if l == nil || !l.planar() || c.Rank != 2 || block < 1 || block > most {
		return false
	}
	out := c.gives(0)
	if out == nil {
		return false
	}
	axes := make([]Axis, c.Rank)
	for i := range axes {
		axes[i] = axis(block)
		axes[i].In, axes[i].Out = l.Length(i), out.Length(i)
	}
	c.reads(s, 0, axes)
	s.cost = float64(out.Depth()) * elementCost * 2
	return true
}
