package backend

import (
	"context"
	"fmt"
	"math"
)

// group are targets that one backward model serves.
type group struct {
	seed    string // tensor in which their scores are
	targets []Target
	places  []int // of the targets in the caller's list
}

// group sorts targets by the tensor that their gradient starts from.
func (d *Differentiator) group(targets []Target) []group {
	var groups []group
	for i, t := range targets {
		seed := d.seedFor(t)
		k := 0
		for k < len(groups) && groups[k].seed != seed {
			k++
		}
		if k == len(groups) {
			groups = append(groups, group{seed: seed})
		}
		groups[k].targets = append(groups[k].targets, t)
		groups[k].places = append(groups[k].places, i)
	}
	return groups
}

// seedFor is the tensor that the gradient of a target starts from.
func (d *Differentiator) seedFor(t Target) string {
	out := d.host.Output()
	switch {
	case out.Kind == Detection && (t.Score == Probability || out.LogitTensor == ""):
		return out.Name
	case out.LogitTensor == "", t.Score == Probability && !d.chain:
		return out.Name
	}
	return out.LogitTensor
}

// chooseSeed finds out whether probabilities can be computed from the logits
// here. That is exact where float32 has rounded a probability to 1, and saves
// a pair of sessions. It is done on one picture and compared with the model's
// own output.
func (d *Differentiator) chooseSeed(ctx context.Context) error {
	out := d.host.Output()
	if out.Kind == Detection || out.LogitTensor == "" {
		return nil
	}
	if !out.InGraph {
		d.chain = true
		return nil
	}
	output, logits, err := d.host.Try(ctx)
	if err != nil {
		return err
	}
	s := d.host.Reader()
	values, err := s.table(output, s.out.Axis)
	if err != nil {
		return err
	}
	raw, err := s.table(logits, s.out.LogitAxis)
	if err != nil || !s.separate {
		return nil // the logits are of no use, then the output serves
	}
	want := s.probabilities(values, raw)
	s.out.InGraph = false
	got := s.probabilities(values, raw)
	d.chain = (s.out.Activation == Softmax || s.out.Activation == Sigmoid) && agree(want.sum(nil), got.sum(nil))
	return nil
}

// seedOf is d target / d seed tensor for picture i of a pass, in the shape of
// the tensor for one picture.
func (d *Differentiator) seedOf(p *pass, i int, t Target, seed string) (Tensor, error) {
	s := d.host.Reader()
	if t.Class < 0 || t.Class >= s.out.Classes || t.Against >= s.out.Classes {
		return Tensor{}, fmt.Errorf("class %d is outside 0…%d", max(t.Class, t.Against), s.out.Classes-1)
	}
	if t.Score == Logit && !s.logits() {
		return Tensor{}, fmt.Errorf("the model has no %v output", t.Score)
	}
	value, err := p.entry(seed, i, d.host.Input().Batched)
	if err != nil {
		return Tensor{}, err
	}
	if s.out.Kind == Detection {
		output, err := p.entry(s.out.Name, i, d.host.Input().Batched)
		if err != nil {
			return Tensor{}, err
		}
		return s.boxSeed(t, output, value, seed)
	}
	axis := s.out.Axis
	if seed == s.out.LogitTensor && s.separate {
		axis = s.out.LogitAxis
	}
	values, err := s.table(value, axis)
	if err != nil {
		return Tensor{}, err
	}
	if s.references != nil {
		return Tensor{Shape: value.Shape, Data: s.cosineSeed(t, values.data)}, nil
	}
	return Tensor{Shape: value.Shape, Data: s.classSeed(t, values, s.mapping(t, seed))}, nil
}

// entry is a tensor's part for picture i, with a batch axis of 1.
func (p *pass) entry(name string, i int, batched bool) (Tensor, error) {
	t, err := p.value(name).Tensor()
	if err != nil {
		return Tensor{}, err
	}
	return Entry(t, i, batched)
}

// mapping is what lies between the values of the seed tensor and the score of
// a target.
type mapping int

const (
	direct    mapping = iota // the values are the scores
	activated                // the scores are the activation of the values
	logarithm                // the values are logarithms of the scores
)

func (s scoring) mapping(t Target, seed string) mapping {
	switch {
	case t.Score == Logit:
		return direct
	case seed == s.out.LogitTensor && (seed != s.out.Name || !s.out.InGraph):
		return activated
	case s.out.InGraph && s.out.Log:
		return logarithm
	}
	return direct
}

// even is the value of the seed tensor that stands for the probability ½.
func even(t Target, between mapping) float32 {
	switch {
	case between == logarithm:
		return evenLogarithm
	case between == direct && t.Score == Probability:
		return evenProbability
	}
	return evenLogit
}

// classSeed weighs every position of every class, in double precision.
func (s scoring) classSeed(t Target, values table, between mapping) []float32 {
	seed := make([]float32, len(values.data))
	all, inside := s.weights(t), s.inside(values, even(t, between))
	for o := range values.outer {
		for i := range values.inner {
			z, weights := make([]float64, values.classes), make([]float64, values.classes)
			for c := range z {
				z[c] = float64(values.data[(o*values.classes+c)*values.inner+i])
				if inside == nil || inside(o, c, i) {
					weights[c] = all[c]
				}
			}
			for c, g := range s.slope(z, weights, between) {
				seed[(o*values.classes+c)*values.inner+i] = float32(g)
			}
		}
	}
	return seed
}

// weights is d target / d class score: 1 for the class, −1 for the one it is
// set against. Two classes shown for a single value are −1 and 1 of it.
func (s scoring) weights(t Target) []float64 {
	w := make([]float64, s.out.Classes)
	w[t.Class]++
	if t.Against != NoClass {
		w[t.Against]--
	}
	if s.out.Binary {
		return []float64{w[1] - w[0]}
	}
	return w
}

// slope takes weights of scores at one position back to the values z there.
func (s scoring) slope(z, weights []float64, between mapping) []float64 {
	out := make([]float64, len(z))
	switch {
	case between == activated && s.out.Activation == Softmax:
		return softmaxSlope(z, weights)
	case between == activated && s.out.Activation == Sigmoid:
		for c, v := range z {
			out[c] = weights[c] / (1 + math.Exp(-v)) / (1 + math.Exp(v))
		}
	case between == logarithm:
		for c, v := range z {
			out[c] = weights[c] * math.Exp(v)
		}
	default:
		copy(out, weights)
	}
	return out
}

// softmaxSlope is p·(w − Σ w·p), as Σ_k p_c·p_k·(w_c − w_k), which does not
// cancel where a probability is near 1.
func softmaxSlope(z, w []float64) []float64 {
	p := make([]float64, len(z))
	top, sum := math.Inf(-1), 0.0
	for _, v := range z {
		top = max(top, v)
	}
	for c, v := range z {
		p[c] = math.Exp(v - top)
		sum += p[c]
	}
	var mass [3]float64 // of the classes with weight −1, 0 and 1
	for c := range p {
		p[c] /= sum
		mass[int(w[c])+1] += p[c]
	}
	out := make([]float64, len(z))
	for c := range out {
		for other, m := range mass {
			out[c] += p[c] * m * (w[c] - float64(other-1))
		}
	}
	return out
}

// boxSeed weighs the classes of one box.
func (s scoring) boxSeed(t Target, output, value Tensor, seed string) (Tensor, error) {
	r, err := s.rows(output)
	if err != nil {
		return Tensor{}, err
	}
	row := s.out.Box
	if row < 0 {
		row = r.best()
	}
	if row >= r.count {
		return Tensor{}, fmt.Errorf("the output %q has %d boxes, box %d was asked for", s.out.Name, r.count, row)
	}
	places := make([]int, r.classes)
	z := make([]float64, r.classes)
	for c := range places {
		places[c] = r.at(row, c)
		if seed != s.out.Name {
			if places[c], err = s.logitAt(value, row, c); err != nil {
				return Tensor{}, err
			}
		}
		z[c] = float64(value.Data[places[c]])
	}
	out := NewTensor(value.Shape...)
	for c, g := range s.boxSlope(t, z, seed) {
		out.Data[places[c]] += float32(g)
	}
	return out, nil
}

func (s scoring) boxSlope(t Target, z []float64, seed string) []float64 {
	w := s.weights(t)
	switch {
	case !s.out.InGraph:
		return s.slope(z, w, s.mapping(t, s.out.LogitTensor))
	case t.Score == Logit && seed == s.out.Name && s.out.Activation == Sigmoid:
		for c, p := range z {
			p = min(max(p, 1e-7), 1-1e-7)
			w[c] /= p * (1 - p)
		}
	}
	return w
}
