package shapes

import (
	"slices"
)

func flatten(c *call) {
	shape, ok := c.in(0)
	at := c.node.AttrInt("axis", 1)
	if at < 0 {
		at += int64(len(shape))
	}
	if ok && at >= 0 && at <= int64(len(shape)) {
		c.gives(0, []int64{product(shape[:at]), product(shape[at:])})
	}
}

// reshape: 0 keeps a length, −1 takes what is left.
func reshape(c *call) {
	k, ok := c.find(c.node.Input(0))
	want, given, known := c.list("shape", 1)
	if !ok || !given || !known {
		return
	}
	shape, free, rest := slices.Clone(want), -1, product(k.Shape)
	for i, d := range shape {
		switch {
		case d == -1 && free < 0:
			free = i
			continue
		case d == 0 && c.node.AttrInt("allowzero", 0) == 0 && i < len(k.Shape):
			shape[i] = k.Shape[i]
		}
		if shape[i] <= 0 || rest%shape[i] != 0 {
			return
		}
		rest /= shape[i]
	}
	if free >= 0 {
		shape[free] = rest
	} else if rest != 1 {
		return
	}
	c.holds(shape, k.Value)
}

func transpose(c *call) {
	shape, ok := c.in(0)
	perm := c.node.AttrInts("perm")
	if !ok {
		return
	}
	out := slices.Clone(shape)
	if len(perm) == 0 {
		slices.Reverse(out)
		c.gives(0, out)
		return
	}
	if len(perm) != len(shape) {
		return
	}
	for i, p := range perm {
		at, ok := axis(p, len(shape))
		if !ok {
			return
		}
		out[i] = shape[at]
	}
	c.gives(0, out)
}

func concat(c *call) {
	var shape, value []int64
	for i := range c.node.Inputs {
		k, ok := c.find(c.node.Input(i))
		if !ok {
			return
		}
		at, ok := axis(c.node.AttrInt("axis", 0), len(k.Shape))
		switch {
		case !ok || shape != nil && len(shape) != len(k.Shape):
			return
		case shape == nil:
			shape, value = slices.Clone(k.Shape), slices.Clone(k.Value)
			continue
		}
		for d := range shape {
			if d != at && shape[d] != k.Shape[d] {
				return
			}
		}
		shape[at] += k.Shape[at]
		if value = append(value, k.Value...); k.Value == nil || int64(len(value)) != product(shape) || len(shape) != 1 {
			value = nil
		}
	}
	c.holds(shape, value)
}

func split(c *call) {
	shape, ok := c.in(0)
	sizes, given, known := c.list("split", 1)
	at, inside := axis(c.node.AttrInt("axis", 0), len(shape))
	n := int64(len(c.node.Outputs))
	if !ok || !known || !inside || n == 0 {
		return
	}
	if !given {
		each := (shape[at] + n - 1) / n
		for left := shape[at]; left > 0; left -= each {
			sizes = append(sizes, min(each, left))
		}
	}
	if int64(len(sizes)) != n {
		return
	}
	for i, d := range sizes {
		out := slices.Clone(shape)
		out[at] = d
		c.gives(i, out)
	}
}

func squeeze(c *call) {
	k, ok := c.find(c.node.Input(0))
	axes, given, known := c.list("axes", 1)
	if !ok || !known {
		return
	}
	out := slices.Clone(k.Shape)
	for i, d := range out {
		if !given && d == 1 {
			out[i] = gone
		}
	}
	for _, a := range axes {
		at, ok := axis(a, len(k.Shape))
		if !ok || k.Shape[at] != 1 {
			return
		}
		out[at] = gone
	}
	c.holds(slices.DeleteFunc(out, func(d int64) bool { return d == gone }), k.Value)
}

func unsqueeze(c *call) {
	k, ok := c.find(c.node.Input(0))
	axes, given, known := c.list("axes", 1)
	if !ok || !given || !known {
		return
	}
	out := make([]int64, len(k.Shape)+len(axes))
	for _, a := range axes {
		at, ok := axis(a, len(out))
		if !ok {
			return
		}
		out[at] = 1
	}
	rest := k.Shape
	for i, d := range out {
		if d == 0 && len(rest) > 0 {
			out[i], rest = rest[0], rest[1:]
		}
	}
	if len(rest) == 0 {
		c.holds(out, k.Value)
	}
}

func expand(c *call) {
	shape, ok := c.in(0)
	want, known := c.ints(1)
	if !ok || !known {
		return
	}
	if out, ok := common(shape, want); ok {
		c.gives(0, out)
	}
}

func pad(c *call) {
	shape, ok := c.in(0)
	pads, given, known := c.list("pads", 1)
	if !ok || !given || !known || len(pads) != 2*len(shape) || c.node.Input(3) != "" {
		return
	}
	out := slices.Clone(shape)
	for i := range out {
		out[i] += pads[i] + pads[i+len(out)]
	}
	c.gives(0, out)
}

// slice: of every axis named, elements start…end in steps.
func slice(c *call) {
	k, ok := c.find(c.node.Input(0))
	starts, given1, known1 := c.list("starts", 1)
	ends, given2, known2 := c.list("ends", 2)
	axes, given, known3 := c.list("axes", 3)
	steps, stepped, known4 := c.list("steps", 4)
	if !ok || !given1 || !given2 || !known1 || !known2 || !known3 || !known4 || len(starts) != len(ends) {
		return
	}
	out, value := slices.Clone(k.Shape), k.Value
	for i := range starts {
		a, step := int64(i), int64(1)
		if given && i < len(axes) {
			a = axes[i]
		}
		if stepped && i < len(steps) {
			step = steps[i]
		}
		at, ok := axis(a, len(out))
		if !ok || step < 1 {
			return // backwards: seldom, and the ends count differently
		}
		lo, hi := clampTo(starts[i], out[at]), clampTo(ends[i], out[at])
		if value != nil && len(out) == 1 {
			value = every(value[lo:max(lo, hi)], step)
		} else {
			value = nil
		}
		out[at] = (max(0, hi-lo) + step - 1) / step
	}
	c.holds(out, value)
}

// clampTo is a position on an axis of a length; negative ones count from its end.
func clampTo(at, length int64) int64 {
	if at < 0 {
		at += length
	}
	return min(max(at, 0), length)
}

// every is every step-th element.
func every(v []int64, step int64) []int64 {
	out := []int64{}
	for i := int64(0); i < int64(len(v)); i += step {
		out = append(out, v[i])
	}
	return out
}

// gather: the axis is replaced by those of the indices.
func gather(c *call) {
	k, ok1 := c.find(c.node.Input(0))
	index, ok2 := c.find(c.node.Input(1))
	at, inside := axis(c.node.AttrInt("axis", 0), len(k.Shape))
	if !ok1 || !ok2 || !inside {
		return
	}
	shape := slices.Concat(k.Shape[:at], index.Shape, k.Shape[at+1:])
	var value []int64
	if k.Value != nil && index.Value != nil && len(k.Shape) == 1 {
		value = []int64{}
		for _, i := range index.Value {
			from, ok := axis(i, len(k.Value))
			if !ok {
				return
			}
			value = append(value, k.Value[from])
		}
	}
	c.holds(shape, value)
}

// shapeOf is the shape, or a part of it, as elements.
func shapeOf(c *call) {
	shape, ok := c.in(0)
	if !ok {
		return
	}
	lo := clampTo(c.node.AttrInt("start", 0), int64(len(shape)))
	hi := clampTo(c.node.AttrInt("end", int64(len(shape))), int64(len(shape)))
	value := append([]int64{}, shape[lo:max(lo, hi)]...)
	c.holds([]int64{int64(len(value))}, value)
}
