package score

import (
	"fmt"
	"math"

	"picasso/backend/infer"
)

// CosineSeed is d Σ wₖ·cos(x, rₖ) / dx = Σ wₖ·(rₖ − cos(x, rₖ)·x/|x|) / |x| for
// references rₖ of length 1.
func (s Reader) CosineSeed(t Target, x []float32) []float32 {
	seed := make([]float32, len(x))
	length := math.Sqrt(Dot(x, x))
	if !(length > 0) {
		return seed
	}
	sum, along := make([]float64, len(x)), 0.0
	for k, w := range s.weights(t) {
		if w == 0 {
			continue
		}
		r := s.References[k]
		along += w * Dot(x, r) / length
		for i, v := range r {
			sum[i] += w * float64(v)
		}
	}
	for i, v := range x {
		seed[i] = float32((sum[i] - along*float64(v)/length) / length)
	}
	return seed
}

// mapping is what lies between the values of the seed tensor and the score of
// a target.
type mapping int

const (
	direct    mapping = iota // the values are the scores
	activated                // the scores are the activation of the values
	logarithm                // the values are logarithms of the scores
)

func (s Reader) Mapping(t Target, seed string) mapping {
	switch {
	case t.Score == Logit:
		return direct
	case seed == s.Output.LogitTensor && (seed != s.Output.Name || !s.Output.InGraph):
		return activated
	case s.Output.InGraph && s.Output.Log:
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

// ClassSeed weighs every position of every class, in double precision.
func (s Reader) ClassSeed(t Target, values Table, between mapping) []float32 {
	seed := make([]float32, len(values.Data))
	all, inside := s.weights(t), s.inside(s.scored(values, between), even(t, between))
	for o := range values.outer {
		for i := range values.inner {
			z, weights := make([]float64, values.classes), make([]float64, values.classes)
			for c := range z {
				z[c] = float64(values.Data[(o*values.classes+c)*values.inner+i])
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
func (s Reader) weights(t Target) []float64 {
	w := make([]float64, s.Output.Classes)
	w[t.Class]++
	if t.Against != NoClass {
		w[t.Against]--
	}
	if s.Output.Binary {
		return []float64{w[1] - w[0]}
	}
	return w
}

// slope takes weights of scores at one position back to the values z there.
func (s Reader) slope(z, weights []float64, between mapping) []float64 {
	out := make([]float64, len(z))
	switch {
	case between == activated && s.Output.Activation == Softmax:
		return softmaxSlope(z, weights)
	case between == activated && s.Output.Activation == Sigmoid:
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

// BoxSeed weighs the classes of one box.
func (s Reader) BoxSeed(t Target, output, value infer.Tensor, seed string) (infer.Tensor, error) {
	r, err := s.Rows(output)
	if err != nil {
		return infer.Tensor{}, err
	}
	row := s.Output.Box
	if row < 0 {
		row = r.best()
	}
	if row >= r.Count {
		return infer.Tensor{}, fmt.Errorf("the output %q has %d boxes, box %d was asked for", s.Output.Name, r.Count, row)
	}
	places := make([]int, r.Classes)
	z := make([]float64, r.Classes)
	for c := range places {
		places[c] = r.at(row, c)
		if seed != s.Output.Name {
			if places[c], err = s.logitAt(value, row, c); err != nil {
				return infer.Tensor{}, err
			}
		}
		z[c] = float64(value.Data[places[c]])
	}
	out := infer.NewTensor(value.Shape...)
	for c, g := range s.boxSlope(t, z, seed) {
		out.Data[places[c]] += float32(g)
	}
	return out, nil
}

func (s Reader) boxSlope(t Target, z []float64, seed string) []float64 {
	w := s.weights(t)
	switch {
	case !s.Output.InGraph:
		return s.slope(z, w, s.Mapping(t, s.Output.LogitTensor))
	case t.Score == Logit && seed == s.Output.Name && s.Output.Activation == Sigmoid:
		for c, p := range z {
			p = min(max(p, 1e-7), 1-1e-7)
			w[c] /= p * (1 - p)
		}
	}
	return w
}
