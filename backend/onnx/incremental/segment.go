package incremental

import (
	"slices"
)

// Segment is a run of steps that is computed on crops.
type Segment struct {
	Entries []Entry
	Exits   []Exit

	prefix      *Prefix
	first, last int      // steps, last excluded
	slots       [][]slot // for each axis, the tensors as the segment sees them
	ops         []op
}

// Entry is an input of the segment: a crop of a tensor, with zeros beyond the
// border where the segment's convolutions expect their padding to be there
// already.
type Entry struct {
	Tensor int       // in [Prefix.Tensors]
	Name   string    // of the segment's input
	Pads   []Padding // per axis
	slot   int
}

// Padding is the number of zeros before and behind a tensor along an axis.
type Padding [2]int

// padded reports whether there is any padding.
func padded(pads []Padding) bool {
	return slices.ContainsFunc(pads, func(p Padding) bool { return p != Padding{} })
}

// Exit is an output of the segment: a crop of a tensor.
type Exit struct {
	Tensor int
	slot   int
}

// slot is a tensor as the segment sees it along an axis.
type slot struct {
	length int // of the whole map, padding of entries included
	scale  int // places per step of the crop
	least  int // shortest crop that its readers take
}

// op is a step between slots.
type op struct {
	step *step
	outs []int
	ins  []link
}

type link struct {
	slot int
	axes []Axis
}

// newSegment connects steps first…last−1.
func newSegment(p *Prefix, first, last int) *Segment {
	s := &Segment{prefix: p, first: first, last: last, slots: make([][]slot, p.Rank)}
	inside := map[int]int{} // tensor → slot
	var made []int
	for _, st := range p.steps[first:last] {
		o := op{step: st}
		for _, r := range st.reads {
			o.ins = append(o.ins, s.link(inside, st, r))
		}
		for _, id := range st.outs {
			inside[id] = s.slot(id, nil)
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

// count is the number of slots.
func (s *Segment) count() int { return len(s.slots[0]) }

// slot makes one for a tensor, with padding unless pads is nil.
func (s *Segment) slot(tensor int, pads []Padding) int {
	l := s.prefix.Tensors[tensor]
	for axis := range s.slots {
		t := slot{least: 1, scale: l.step[axis], length: l.Length(axis)}
		if pads != nil {
			t.length += pads[axis][0] + pads[axis][1]
		}
		s.slots[axis] = append(s.slots[axis], t)
	}
	return s.count() - 1
}

// link finds the slot a step reads, making an entry where the tensor comes from
// outside.
func (s *Segment) link(inside map[int]int, st *step, r read) link {
	l := link{axes: r.axes}
	if at, ok := inside[r.tensor]; ok {
		l.slot = at
	} else {
		var pads []Padding
		if st.pads != nil && r.slot == 0 {
			pads, l.axes = st.pads, slices.Clone(l.axes)
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
		t := &s.slots[axis][l.slot]
		t.least = max(t.least, a.Least)
	}
	return l
}

func (s *Segment) entry(tensor int, pads []Padding) int {
	for _, e := range s.Entries {
		if e.Tensor == tensor && slices.Equal(e.Pads, pads) {
			return e.slot
		}
	}
	e := Entry{Tensor: tensor, Name: s.prefix.Tensors[tensor].Name, Pads: pads, slot: s.slot(tensor, pads)}
	if pads != nil {
		e.Name = s.prefix.free(e.Name, len(s.Entries))
	}
	s.Entries = append(s.Entries, e)
	return e.slot
}

// align turns the slots' steps into places per common step: a crop begins and
// ends where all tensors of the segment have one.
func (s *Segment) align() {
	for _, slots := range s.slots {
		common := 1
		for _, t := range slots {
			common = lcm(common, t.scale)
		}
		for i := range slots {
			slots[i].scale = common / slots[i].scale
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
	need := make([]Interval, s.count())
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
	for i, t := range s.slots[axis] {
		scale, length := t.scale, t.length
		all = min(all, max(0, length-t.least)/scale)
		if need[i].Empty() {
			continue
		}
		before = min(before, need[i].Lo/scale)
		behind = min(behind, (length-need[i].Hi)/scale)
	}
	less := min(all, before+behind)
	return Crop{Skip: min(before, less), Less: less}, true
}

// span is the range of a slot's places inside a crop.
func (s *Segment) span(slot, axis int, c Crop) Interval {
	t := s.slots[axis][slot]
	lo := c.Skip * t.scale
	return Interval{lo, lo + t.length - c.Less*t.scale}
}

// EntrySpans are the ranges of places of entry i inside a crop, one for each axis,
// counted in the tensor: beyond its ends lie the zeros.
func (s *Segment) EntrySpans(i int, crop []Crop) []Interval {
	e := s.Entries[i]
	spans := s.spans(e.slot, crop)
	for axis, p := range e.Pads {
		spans[axis].Lo -= p[0]
		spans[axis].Hi -= p[0]
	}
	return spans
}

// ExitSpans are the ranges of places of exit i inside a crop, one for each axis.
func (s *Segment) ExitSpans(i int, crop []Crop) []Interval { return s.spans(s.Exits[i].slot, crop) }

func (s *Segment) spans(slot int, crop []Crop) []Interval {
	spans := make([]Interval, len(crop))
	for axis, c := range crop {
		spans[axis] = s.span(slot, axis, c)
	}
	return spans
}

// area is the number of places of a slot in a crop.
func (s *Segment) area(slot int, crop []Crop) float64 {
	area := 1.0
	for axis, c := range crop {
		area *= float64(s.span(slot, axis, c).Len())
	}
	return area
}

// Area is the size of a crop of the largest of the segment's tensors, in places.
func (s *Segment) Area(crop []Crop) float64 {
	largest := 0.0
	for k := range s.count() {
		largest = max(largest, s.area(k, crop))
	}
	return largest
}

// MultiplyAdds is the work of the segment on a crop.
func (s *Segment) MultiplyAdds(crop []Crop) float64 {
	total := 0.0
	for _, o := range s.ops {
		total += o.step.macs * s.area(o.outs[0], crop)
	}
	return total
}
