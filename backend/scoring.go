package backend

import (
	"fmt"
	"math"
)

// scoring turns what a session returns for one picture into [Scores].
type scoring struct {
	out      OutputSpec
	separate bool // the logit tensor is another output of the session
	// references are what an embedding is compared with, each of length 1; nil
	// for none.
	references [][]float32
}

// logits tells whether there are any.
func (s scoring) logits() bool {
	return s.out.Kind != Embedding && s.out.LogitTensor != "" || s.out.Kind == Detection && s.out.Activation == Sigmoid
}

// scores reads one picture's output and, where separate, its logits. Shapes
// include a batch axis of 1.
func (s scoring) scores(output, logits Tensor) (Scores, error) {
	if s.out.Kind == Detection {
		return s.box(output, logits)
	}
	if s.out.Kind == Embedding {
		return s.embedding(output)
	}
	values, err := s.table(output, s.out.Axis)
	if err != nil {
		return Scores{}, err
	}
	raw, hasRaw := values, s.out.LogitTensor != ""
	if s.separate {
		if raw, err = s.table(logits, s.out.LogitAxis); err != nil {
			return Scores{}, err
		}
	}
	p := s.probabilities(values, raw)
	out := Scores{Probabilities: p.sum(s.inside(p, evenProbability))}
	if hasRaw {
		out.Logits = raw.sum(s.inside(raw, evenLogit))
	}
	if s.out.Binary {
		out = out.twoClasses()
	}
	return out, nil
}

// all reads the scores of n pictures from what a session returned. batched
// tells whether the model has a batch axis; name is the model's, for errors.
func (s scoring) all(f *Forward, outputs []Tensor, n int, batched bool, name string) ([]Scores, error) {
	scores := make([]Scores, n)
	for i := range scores {
		output, logits, err := f.Picture(outputs, i, batched)
		if err == nil {
			scores[i], err = s.scores(output, logits)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return scores, nil
}

// tensors are those that scores are made from.
func (s scoring) tensors() []string {
	names := []string{s.out.Name}
	if s.separate {
		names = append(names, s.out.LogitTensor)
	}
	return names
}

// twoClasses shows a single value as "no" and "yes".
func (s Scores) twoClasses() Scores {
	p := s.Probabilities[0]
	out := Scores{Probabilities: []float32{1 - p, p}}
	if s.Logits != nil {
		out.Logits = []float32{-s.Logits[0], s.Logits[0]}
	}
	return out
}

// table is a class score at every position: outer×classes×inner. A plain
// classifier has one position, a segmentation one per pixel.
type table struct {
	outer, classes, inner int
	data                  []float32
}

func (s scoring) table(t Tensor, axis int) (table, error) {
	n := s.single()
	if axis < 0 || axis >= len(t.Shape) || t.Shape[axis] != n {
		if len(t.Data) == n { // the same values in another shape
			return table{1, n, 1, t.Data}, nil
		}
		return table{}, fmt.Errorf("the output %q has the shape %v where %d classes are expected", s.out.Name, t.Shape, n)
	}
	return table{Elements(t.Shape[:axis]), n, Elements(t.Shape[axis+1:]), t.Data}, nil
}

// single is the number of values that stand for the classes in the file.
func (s scoring) single() int {
	switch {
	case s.out.Kind == Embedding:
		return s.out.Dimensions
	case s.out.Binary:
		return 1
	}
	return s.out.Classes
}

// sum adds the positions up that are inside, in double precision since there
// are many.
func (t table) sum(inside inside) []float32 {
	out := make([]float32, t.classes)
	for c := range out {
		total := 0.0
		for o := range t.outer {
			at := (o*t.classes + c) * t.inner
			for i, v := range t.data[at : at+t.inner] {
				if inside == nil || inside(o, c, i) {
					total += float64(v)
				}
			}
		}
		out[c] = float32(total)
	}
	return out
}

// probabilities of the classes at every position.
func (s scoring) probabilities(values, raw table) table {
	if s.out.InGraph {
		if !s.out.Log {
			return values
		}
		return values.each(func(v float32) float32 { return float32(math.Exp(float64(v))) })
	}
	switch s.out.Activation {
	case Softmax:
		return raw.softmax()
	case Sigmoid:
		return raw.each(SigmoidOf)
	}
	return values
}

func (t table) each(f func(float32) float32) table {
	out := t
	out.data = make([]float32, len(t.data))
	for i, v := range t.data {
		out.data[i] = f(v)
	}
	return out
}

func (t table) softmax() table {
	out := t
	out.data = make([]float32, len(t.data))
	z := make([]float32, t.classes)
	for o := range t.outer {
		for i := range t.inner {
			for c := range z {
				z[c] = t.data[(o*t.classes+c)*t.inner+i]
			}
			for c, p := range SoftmaxOf(z) {
				out.data[(o*t.classes+c)*t.inner+i] = p
			}
		}
	}
	return out
}
