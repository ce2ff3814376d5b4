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
func (s *Segment) cost(samples []sample) float64 {
	mean := make([]float64, s.count()) // places of each slot
	for k := range mean {
		mean[k] = 1
	}
	along := make([]float64, s.count())
	for axis, sm := range samples {
		clear(along)
		for i, reach := range sm.reach {
			c, any := s.Fit(axis, reach)
			if !any {
				continue
			}
			for k := range s.count() {
				along[k] += sm.weight[i] * float64(s.span(k, axis, c).Len())
			}
		}
		for k := range mean {
			mean[k] *= along[k]
		}
	}
	total := float64(callCost)
	for _, o := range s.ops {
		total += o.step.cost * mean[o.outs[0]]
	}
	for _, e := range s.Entries {
		total += mean[e.slot] * float64(s.prefix.Tensors[e.Tensor].Depth()) * copyCost
	}
	for _, e := range s.Exits {
		total += mean[e.slot] * float64(s.prefix.Tensors[e.Tensor].Depth()) * copyCost
	}
	return total
}
