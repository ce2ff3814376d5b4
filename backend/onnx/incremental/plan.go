package incremental

import (
	"fmt"
	"math"
)

// Plan is how a network is run again after a change: segments one after the
// other, then the tail.
type Plan struct {
	Prefix   *Prefix
	Segments []*Segment
	Tail     Tail
	// Gain is the expected ratio of the time of a full run to that of the plan.
	Gain float64
	// Full is the number of multiply-adds of a full run.
	Full float64
}

// Tail is the rest of the network, which runs on whole maps.
type Tail struct {
	Inputs []int    // tensors it takes
	Names  []string // wanted tensors that it gives, in order
	Local  []int    // wanted tensors that segments give
	// MultiplyAdds is its work.
	MultiplyAdds float64
}

// Window is a range of slices, rows or columns of the input that change together,
// and how many of the positions have it.
type Window struct {
	Interval
	Count int
}

// Reach is the range of places along an axis of every tensor that depends on a
// range of the input's.
func (p *Prefix) Reach(axis int, changed Interval) []Interval {
	reach := make([]Interval, len(p.Tensors))
	reach[0] = changed.clip(p.Tensors[0].Length(axis))
	for _, s := range p.steps {
		var out Interval
		for _, r := range s.reads {
			out = out.hull(r.axes[axis].Reach(reach[r.tensor]))
		}
		for _, id := range s.outs {
			reach[id] = out
		}
	}
	return reach
}

// longest bounds the number of units of a segment.
const longest = 24

// Make chooses the segments that cost least over the windows, which are given for
// each axis: every one of an axis changes together with every one of the others.
func (p *Prefix) Make(windows ...[]Window) (*Plan, error) {
	sampled := make([]sample, len(windows))
	for axis, list := range windows {
		if len(list) == 0 {
			return nil, fmt.Errorf("no windows to plan for")
		}
		sampled[axis] = p.sample(axis, list)
	}
	if len(windows) != p.Rank {
		return nil, fmt.Errorf("windows along %d axes for inputs of %d", len(windows), p.Rank)
	}
	units := p.units()
	n := len(units) - 1
	plan := &Plan{Prefix: p}
	all := p.total()
	best := make([]float64, n+1)
	from := make([]int, n+1)
	for i := 1; i <= n; i++ {
		best[i] = math.Inf(1)
	}
	for i := range n {
		for j := i + 1; j <= min(n, i+longest); j++ {
			cost := best[i] + newSegment(p, units[i], units[j]).cost(sampled)
			if cost < best[j] {
				best[j], from[j] = cost, i
			}
		}
	}
	end, least := 0, math.Inf(1)
	rest := all
	for i := range n + 1 {
		if i > 0 {
			for _, s := range p.steps[units[i-1]:units[i]] {
				w := p.full(s)
				rest.add(-w.macs, -w.cost)
			}
		}
		if cost := best[i] + rest.cost + p.handOver(units[i]); cost < least {
			end, least = i, cost
			plan.Tail.MultiplyAdds = rest.macs
		}
	}
	plan.Gain, plan.Full = all.cost/least, all.macs
	for i := end; i > 0; i = from[i] {
		plan.Segments = append([]*Segment{newSegment(p, units[from[i]], units[i])}, plan.Segments...)
	}
	plan.finish(units[end])
	return plan, nil
}

// total is the work of a full run.
func (p *Prefix) total() work {
	var all work
	for _, s := range p.steps {
		w := p.full(s)
		all.add(w.macs, w.cost)
	}
	for _, n := range p.others {
		w := p.whole(n)
		all.add(w.macs, w.cost)
	}
	return all
}

// crossing are the tensors that steps before last give and the rest takes.
func (p *Prefix) crossing(last int) []int {
	made := []int{0}
	for _, s := range p.steps[:last] {
		made = append(made, s.outs...)
	}
	return p.leaving(made, 0, last)
}

// handOver is the cost of whole maps for the tail.
func (p *Prefix) handOver(last int) float64 {
	cost := 0.0
	for _, id := range p.crossing(last) {
		l := p.Tensors[id]
		cost += float64(l.Depth()) * l.area() * pasteCost
	}
	return cost
}

// finish describes the tail after the segments.
func (plan *Plan) finish(last int) {
	p := plan.Prefix
	done := map[int]bool{}
	for _, s := range p.steps[:last] {
		for _, id := range s.outs {
			done[id] = true
		}
	}
	wanted := map[int]bool{}
	for _, name := range p.outputs {
		if id, ok := p.ids[name]; ok && done[id] {
			plan.Tail.Local = append(plan.Tail.Local, id)
			wanted[id] = true
		} else {
			plan.Tail.Names = append(plan.Tail.Names, name)
		}
	}
	for _, id := range p.crossing(last) {
		if !wanted[id] || p.readBeyond(id, last) {
			plan.Tail.Inputs = append(plan.Tail.Inputs, id)
		}
	}
}

// readBeyond reports whether the rest of the network reads the tensor.
func (p *Prefix) readBeyond(id, last int) bool {
	inside := map[string]bool{}
	for _, s := range p.steps[:last] {
		inside[s.node.Output(0)] = true
	}
	for _, u := range p.index.Consumers(p.Tensors[id].Name) {
		if out := u.Node.Output(0); p.data[out] && !inside[out] {
			return true
		}
	}
	return false
}

// Units is the number of places where a segment may end.
func (p *Prefix) Units() int { return len(p.units()) - 1 }

// Split is a plan whose segments end at the given units, in rising order from
// 1; what comes behind the last runs in full. [Prefix.Make] chooses them by
// cost.
func (p *Prefix) Split(ends ...int) *Plan {
	units := p.units()
	all := p.total()
	plan := &Plan{Prefix: p, Gain: 1, Full: all.macs}
	plan.Tail.MultiplyAdds = all.macs
	first, last := 0, 0
	for _, end := range ends {
		last = units[end]
		plan.Segments = append(plan.Segments, newSegment(p, first, last))
		for _, s := range p.steps[first:last] {
			plan.Tail.MultiplyAdds -= p.full(s).macs
		}
		first = last
	}
	plan.finish(last)
	return plan
}
