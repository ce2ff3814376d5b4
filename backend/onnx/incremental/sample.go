package incremental

// sample is what windows along one axis reach, with their weights.
type sample struct {
	reach  [][]Interval
	weight []float64 // sums to 1
}

// sampled bounds the windows that a plan is made for.
const sampled = 16

func (p *Prefix) sample(axis int, windows []Window) sample {
	var s sample
	total := 0.0
	step := max(1, (len(windows)+sampled-1)/sampled)
	for i := 0; i < len(windows); i += step {
		s.reach = append(s.reach, p.Reach(axis, windows[i].Interval))
		weight := float64(max(1, windows[i].Count))
		s.weight = append(s.weight, weight)
		total += weight
	}
	for i := range s.weight {
		s.weight[i] /= total
	}
	return s
}

// cost is the expected cost of a segment at one position, in multiply-adds.
func (s *Segment) cost(samples [2]sample) float64 {
	mean := [2][]float64{}
	for axis, sm := range samples {
		mean[axis] = make([]float64, len(s.slots))
		for i, reach := range sm.reach {
			c, any := s.Fit(axis, reach)
			if !any {
				continue
			}
			for k := range s.slots {
				mean[axis][k] += sm.weight[i] * float64(s.span(k, axis, c).Len())
			}
		}
	}
	area := func(slot int) float64 { return mean[0][slot] * mean[1][slot] }
	total := float64(callCost)
	for _, o := range s.ops {
		total += o.step.cost * area(o.outs[0])
	}
	for _, e := range s.Entries {
		total += area(e.slot) * float64(s.prefix.Tensors[e.Tensor].Depth()) * copyCost
	}
	for _, e := range s.Exits {
		total += area(e.slot) * float64(s.prefix.Tensors[e.Tensor].Depth()) * copyCost
	}
	return total
}
