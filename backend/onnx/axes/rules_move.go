package axes

import "slices"

// transpose: axes go where the permutation puts them; without one they are
// reversed.
func transpose(c *call) {
	l, perm := c.in(0), ints(c.node.AttrInts("perm"))
	if l == nil {
		return
	}
	out := make(Layout, len(l))
	for i := range out {
		from := len(l) - 1 - i
		if len(perm) == len(l) {
			from = normal(int64(perm[i]), len(l))
		}
		if from < 0 {
			return
		}
		out[i] = l[from]
	}
	c.gives(0, out)
}

// reshape: elements keep their order.
func reshape(c *call) {
	if l := c.in(0); l != nil {
		c.gives(0, l.regrouped(c.out(0)))
	}
}

// split: parts one after the other.
func split(c *call) {
	l := c.in(0)
	axis := normal(c.node.AttrInt("axis", 0), len(l))
	if l == nil || axis < 0 {
		return
	}
	at, length := 0, l[axis].size()
	for i := range c.node.Outputs {
		shape := c.out(i)
		if len(shape) != len(l) {
			return
		}
		out := l.clone()
		out[axis] = l[axis].part(at, at+shape[axis], 1, length)
		c.gives(i, out)
		at += shape[axis]
	}
}

// slice: a part of some axes.
func slice(c *call) {
	l := c.in(0)
	starts, ok1 := c.list("starts", 1)
	ends, ok2 := c.list("ends", 2)
	axes, ok3 := c.list("axes", 3)
	steps, ok4 := c.list("steps", 4)
	if l == nil {
		return
	}
	if !ok1 || !ok2 || !ok3 || !ok4 || len(starts) != len(ends) {
		c.cropped(l)
		return
	}
	out := l.clone()
	for i := range starts {
		a, step := i, 1
		if i < len(axes) {
			a = axes[i]
		}
		if i < len(steps) {
			step = steps[i]
		}
		a = normal(int64(a), len(l))
		if a < 0 || step < 1 {
			return
		}
		n := l[a].size()
		out[a] = l[a].part(within(starts[i], n), within(ends[i], n), step, n)
	}
	c.gives(0, out)
}

// cropped: rows and columns cut out at places that are not known are a map of
// their own; nothing else may be cut.
func (c *call) cropped(l Layout) {
	shape := c.out(0)
	if len(shape) != len(l) {
		return
	}
	out := l.clone()
	for i, a := range l {
		if a.size() == shape[i] {
			continue
		}
		if !a.whole() {
			return
		}
		out[i] = place(a[0].Role, shape[i])
	}
	c.gives(0, out)
}

// within brings the end of a slice into 0…n.
func within(at, n int) int {
	if at < 0 {
		at += n
	}
	return min(max(at, 0), n)
}

// gather: entries of one axis, in the order of the indices.
func gather(c *call) {
	l, shape := c.in(0), c.shape(c.node.Input(1))
	axis := normal(c.node.AttrInt("axis", 0), len(l))
	if l == nil || axis < 0 || shape == nil {
		return
	}
	n, picked := l[axis].size(), Axis(nil)
	count := 1
	for _, d := range shape {
		count *= d
	}
	at, known := c.numbers(1)
	if run := known && len(at) == count && rising(at); run && count > 0 {
		from := at[0]
		if from < 0 {
			from += n
		}
		picked = l[axis].part(from, from+count, 1, n)
	} else {
		picked = channels(count)
	}
	between := make(Layout, 0, len(shape))
	switch len(shape) {
	case 0:
	case 1:
		between = append(between, picked)
	default:
		for _, d := range shape {
			between = append(between, channels(d))
		}
	}
	out := slices.Concat(l[:axis], between, l[axis+1:])
	c.gives(0, Layout(out).coarsened())
}

// rising reports numbers that count up by one.
func rising(v []int) bool {
	for i := 1; i < len(v); i++ {
		if v[i] != v[i-1]+1 {
			return false
		}
	}
	return true
}

// concat: tensors one after the other along an axis.
func concat(c *call) { c.join(c.node.Inputs) }

// concatQuantised has scales and zero points between its tensors.
func concatQuantised(c *call) {
	var names []string
	for i := 2; i < len(c.node.Inputs); i += 3 {
		names = append(names, c.node.Inputs[i])
	}
	c.join(names)
}

func (c *call) join(names []string) {
	shape := c.out(0)
	axis := normal(c.node.AttrInt("axis", 1), len(shape))
	if axis < 0 {
		return
	}
	out := make(Layout, len(shape))
	along := make([]Axis, len(names))
	lengths := make([]int, len(names))
	known := false
	for i, name := range names {
		l, own := c.layouts[name], c.shape(name)
		if len(own) != len(shape) {
			return
		}
		lengths[i] = own[axis]
		if l == nil {
			continue
		}
		along[i] = l[axis]
		for k, a := range l {
			switch {
			case k == axis:
			case !known:
				out[k] = a
			default:
				var ok bool
				if out[k], ok = agreed(out[k], a); !ok {
					return
				}
			}
		}
		known = true
	}
	if !known {
		return
	}
	out[axis] = joinedAxis(along, lengths)
	c.gives(0, out)
}

// joinedAxis is the axis of parts one after the other: a map put together
// again, a longer one, tokens, or features.
func joinedAxis(along []Axis, lengths []int) Axis {
	total := 0
	for _, n := range lengths {
		total += n
	}
	if len(along) == 1 {
		return along[0]
	}
	if i := slices.IndexFunc(along, Axis.placed); i < 0 {
		return channels(total)
	} else if along[i].whole() {
		role := along[i][0].Role
		if whole, ok := rejoined(along, role); ok {
			return whole
		}
		if !slices.ContainsFunc(along, func(a Axis) bool { return a.has(Tokens) }) {
			return place(role, total)
		}
	}
	var parts []Part
	for i, a := range along {
		parts = append(parts, a.parts(lengths[i])...)
	}
	return beside(parts, false)
}

// rejoined is an axis of parts of one map, each going on where the one before
// ended: all of it, rolled or not.
func rejoined(along []Axis, role Role) (Axis, bool) {
	var all Factor
	for i, a := range along {
		if !a.whole() || a[0].Role != role {
			return nil, false
		}
		f := a[0]
		switch {
		case i == 0:
			all = f
		case f.Full != all.Full || f.Start != (all.Start+all.Size)%max(f.Full, 1):
			return nil, false
		default:
			all.Size += f.Size
		}
	}
	if all.Size > all.Full {
		return nil, false
	}
	return Axis{all}, true
}
