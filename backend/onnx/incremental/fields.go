package incremental

// Fields tell which part of the picture the cells of a tensor depend on, for
// many tensors of one network: what they share is worked out once.
type Fields struct {
	prefix *Prefix
	maker  []int // step that writes each tensor, −1 for the picture
	// root is the first tensor whose places depend on the same, through steps that
	// work place by place.
	root [][]int
	// whole tells that all of the tensor depends on all of the picture.
	whole [][]bool
}

// Fields prepares the answers. The work is proportional to the steps.
func (p *Prefix) Fields() *Fields {
	f := &Fields{prefix: p, maker: make([]int, len(p.Tensors)), root: make([][]int, p.Rank), whole: make([][]bool, p.Rank)}
	for axis := range p.Rank {
		f.root[axis], f.whole[axis] = make([]int, len(p.Tensors)), make([]bool, len(p.Tensors))
		f.whole[axis][0] = true
	}
	f.maker[0] = -1
	for i, s := range p.steps {
		for _, out := range s.outs {
			f.maker[out] = i
			for axis := range p.Rank {
				f.root[axis][out], f.whole[axis][out] = f.trace(s, out, axis)
			}
		}
	}
	return f
}

// trace is the root of a step's output, and whether all of it depends on all of
// the picture.
func (f *Fields) trace(s *step, out, axis int) (root int, whole bool) {
	length := f.prefix.Tensors[out].Length(axis)
	root = -1
	for k, r := range s.reads {
		from := f.root[axis][r.tensor]
		if r.axes[axis] != same(length) || k > 0 && from != root {
			root = out
		} else if k == 0 {
			root = from
		}
		all := Interval{Hi: f.prefix.Tensors[r.tensor].Length(axis)}
		whole = whole || f.whole[axis][r.tensor] && r.axes[axis].Need(Interval{Hi: length}) == all
	}
	if root < 0 {
		root = out
	}
	return root, whole
}

// Need is the range of the input's places along an axis that a range of a
// tensor's depends on; ok is false for tensors that are not local.
// The work is proportional to the steps until all of the picture is needed.
func (f *Fields) Need(tensor string, axis int, wanted Interval) (of Interval, ok bool) {
	id, ok := f.prefix.ids[tensor]
	if !ok {
		return Interval{}, false
	}
	id = f.root[axis][id]
	need := map[int]Interval{id: wanted.clip(f.prefix.Tensors[id].Length(axis))}
	for open := []int{id}; len(open) > 0; {
		last := 0 // the tensor that is made last, so that all that read it are done
		for i, t := range open {
			if f.maker[t] > f.maker[open[last]] {
				last = i
			}
		}
		t := open[last]
		open[last] = open[len(open)-1]
		open = open[:len(open)-1]
		if t == 0 || need[t].Empty() {
			continue
		}
		if f.whole[axis][t] && need[t].Len() == f.prefix.Tensors[t].Length(axis) {
			return Interval{Hi: f.prefix.Tensors[0].Length(axis)}, true
		}
		for _, r := range f.prefix.steps[f.maker[t]].reads {
			from := f.root[axis][r.tensor]
			before, known := need[from]
			need[from] = before.hull(r.axes[axis].Need(need[t]))
			if !known {
				open = append(open, from)
			}
		}
	}
	return need[0], true
}
