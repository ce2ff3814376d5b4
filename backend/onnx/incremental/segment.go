package incremental

import (
	"slices"
)

// Segment is a run of steps that is computed on crops.
type Segment struct {
	Entries []Entry
	Exits   []Exit

	prefix      *Prefix
	first, last int // steps, last excluded
	slots       []slot
	ops         []op
}

// Entry is an input of the segment: a crop of a tensor, with zeros beyond the
// border where the segment's convolutions expect their padding to be there
// already.
type Entry struct {
	Tensor int       // in [Prefix.Tensors]
	Name   string    // of the segment's input
	Pads   [2][2]int // zeros before and behind, per axis
	slot   int
}

// Exit is an output of the segment: a crop of a tensor.
type Exit struct {
	Tensor int
	slot   int
}

// slot is a tensor as the segment sees it.
type slot struct {
	length [2]int // of the whole map, padding of entries included
	scale  [2]int // rows or columns per step of the crop
	least  [2]int // shortest crop that its readers take
}

// op is a step between slots.
type op struct {
	step *step
	outs []int
	ins  []link
}

type link struct {
	slot int
	axes [2]Axis
}

// newSegment connects steps first…last−1.
func newSegment(p *Prefix, first, last int) *Segment {
	s := &Segment{prefix: p, first: first, last: last}
	inside := map[int]int{} // tensor → slot
	var made []int
	for _, st := range p.steps[first:last] {
		o := op{step: st}
		for _, r := range st.reads {
			o.ins = append(o.ins, s.link(inside, st, r))
		}
		for _, id := range st.outs {
			inside[id] = s.slot(id, [2][2]int{})
			o.outs = append(o.outs, inside[id])
			made = append(made, id)
		}
		s.ops = append(s.ops, o)
	}
	for _, id := range p.leaving(made, first, last) {
		s.Exits = append(s.Exits, Exit{id, inside[id]})
	}
	s.align()
	return s
}

func (s *Segment) slot(tensor int, pads [2][2]int) int {
	l := s.prefix.Tensors[tensor]
	t := slot{least: [2]int{1, 1}, scale: l.step}
	for axis := range t.length {
		t.length[axis] = l.Length(axis) + pads[axis][0] + pads[axis][1]
	}
	s.slots = append(s.slots, t)
	return len(s.slots) - 1
}

// link finds the slot a step reads, making an entry where the tensor comes from
// outside.
func (s *Segment) link(inside map[int]int, st *step, r read) link {
	l := link{axes: r.axes}
	if at, ok := inside[r.tensor]; ok {
		l.slot = at
	} else {
		var pads [2][2]int
		if st.pads != nil && r.slot == 0 {
			pads = *st.pads
			for axis, p := range pads {
				a := &l.axes[axis]
				a.In += p[0] + p[1]
				a.Before -= p[0]
				a.After += p[0]
				a.Least += p[0] + p[1]
			}
		}
		l.slot = s.entry(r.tensor, pads)
	}
	for axis, a := range l.axes {
		s.slots[l.slot].least[axis] = max(s.slots[l.slot].least[axis], a.Least)
	}
	return l
}

func (s *Segment) entry(tensor int, pads [2][2]int) int {
	for _, e := range s.Entries {
		if e.Tensor == tensor && e.Pads == pads {
			return e.slot
		}
	}
	e := Entry{Tensor: tensor, Name: s.prefix.Tensors[tensor].Name, Pads: pads, slot: s.slot(tensor, pads)}
	if pads != [2][2]int{} {
		e.Name = s.prefix.free(e.Name, len(s.Entries))
	}
	s.Entries = append(s.Entries, e)
	return e.slot
}

// align turns the slots' steps into rows and columns per common step: a crop
// begins and ends where all tensors of the segment have a row.
func (s *Segment) align() {
	for axis := range 2 {
		common := 1
		for _, t := range s.slots {
			common = lcm(common, t.scale[axis])
		}
		for i := range s.slots {
			s.slots[i].scale[axis] = common / s.slots[i].scale[axis]
		}
	}
}

func lcm(a, b int) int {
	x, y := a, b
	for y != 0 {
		x, y = y, x%y
	}
	return a / x * b
}

// Crop is how much of the maps is left out along one axis, in the segment's
// steps: from the beginning and in all.
type Crop struct{ Skip, Less int }

// Fit is the smallest crop that holds all that is needed for the outputs to be
// right where they are reached. It reports false where no output is reached.
func (s *Segment) Fit(axis int, reach []Interval) (Crop, bool) {
	need := make([]Interval, len(s.slots))
	any := false
	for _, e := range s.Exits {
		need[e.slot] = reach[e.Tensor]
		any = any || !reach[e.Tensor].Empty()
	}
	if !any {
		return Crop{}, false
	}
	for _, o := range slices.Backward(s.ops) {
		var out Interval
		for _, k := range o.outs {
			out = out.hull(need[k])
		}
		for _, l := range o.ins {
			need[l.slot] = need[l.slot].hull(l.axes[axis].Need(out))
		}
	}
	before, behind, all := maxStep, maxStep, maxStep
	for i, t := range s.slots {
		scale, length := t.scale[axis], t.length[axis]
		all = min(all, max(0, length-t.least[axis])/scale)
		if need[i].Empty() {
			continue
		}
		before = min(before, need[i].Lo/scale)
		behind = min(behind, (length-need[i].Hi)/scale)
	}
	less := min(all, before+behind)
	return Crop{Skip: min(before, less), Less: less}, true
}

// span is the range of a slot's rows or columns inside a crop.
func (s *Segment) span(slot, axis int, c Crop) Interval {
	t := s.slots[slot]
	lo := c.Skip * t.scale[axis]
	return Interval{lo, lo + t.length[axis] - c.Less*t.scale[axis]}
}

// EntrySpan is the range of rows or columns of entry i inside a crop, counted
// in the tensor: beyond its ends lie the zeros.
func (s *Segment) EntrySpan(i, axis int, c Crop) Interval {
	e := s.Entries[i]
	in := s.span(e.slot, axis, c)
	return Interval{in.Lo - e.Pads[axis][0], in.Hi - e.Pads[axis][0]}
}

// ExitSpan is the range of rows or columns of exit i inside a crop.
func (s *Segment) ExitSpan(i, axis int, c Crop) Interval { return s.span(s.Exits[i].slot, axis, c) }

// Area is the size of a crop of the largest of the segment's tensors, in places.
func (s *Segment) Area(y, x Crop) float64 {
	largest := 0.0
	for k := range s.slots {
		largest = max(largest, float64(s.span(k, 0, y).Len())*float64(s.span(k, 1, x).Len()))
	}
	return largest
}

// MultiplyAdds is the work of the segment on a crop.
func (s *Segment) MultiplyAdds(y, x Crop) float64 {
	total := 0.0
	for _, o := range s.ops {
		rows, columns := s.span(o.outs[0], 0, y), s.span(o.outs[0], 1, x)
		total += o.step.macs * float64(rows.Len()) * float64(columns.Len())
	}
	return total
}
