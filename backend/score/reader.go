package score

import (
	"fmt"
	"math"

	"picasso/backend/infer"
)

// Reader turns what a session returns for one picture into [Scores].
type Reader struct {
	Output   Output
	Separate bool // the logit tensor is another output of the session
	// References are what an embedding is compared with, each of length 1; nil
	// for none.
	References [][]float32
}

// Logits tells whether there are any.
func (s Reader) Logits() bool {
	if s.Output.Kind == Selection {
		return false // what the boxes were selected from is not read
	}
	return s.Output.Kind != Embedding && s.Output.LogitTensor != "" || s.Output.Kind == Detection && s.Output.Activation == Sigmoid
}

// Read scores one picture by its tensors, which are those of [Reader.Tensors]
// with a batch axis of 1.
func (s Reader) Read(tensors []infer.Tensor) (Scores, error) {
	if want := len(s.Tensors()); len(tensors) != want {
		return Scores{}, fmt.Errorf("the output %q is read from %d tensors, got %d", s.Output.Name, want, len(tensors))
	}
	switch output := tensors[0]; s.Output.Kind {
	case Detection:
		return s.box(output, s.logitsOf(tensors))
	case Selection:
		return s.selection(tensors)
	case Embedding:
		return s.embedding(output)
	default:
		return s.classes(output, s.logitsOf(tensors))
	}
}

// classes scores the classes at every position and sums them up.
func (s Reader) classes(output, logits infer.Tensor) (Scores, error) {
	values, err := s.Table(output, s.Output.Axis)
	if err != nil {
		return Scores{}, err
	}
	raw, hasRaw := values, s.Output.LogitTensor != ""
	if s.Separate {
		if raw, err = s.Table(logits, s.Output.LogitAxis); err != nil {
			return Scores{}, err
		}
	}
	p := s.Probabilities(values, raw)
	out := Scores{Probabilities: p.Sum(s.inside(p, evenProbability))}
	if hasRaw {
		out.Logits = raw.Sum(s.inside(raw, evenLogit))
	}
	if s.Output.Binary {
		out = out.twoClasses()
	}
	return out, nil
}

// ReadAll reads the scores of n pictures from what a session returned. batched
// tells whether the model has a batch axis; name is the model's, for errors.
func (s Reader) ReadAll(f *infer.Forward, outputs []infer.Tensor, n int, batched bool, name string) ([]Scores, error) {
	if s.Output.Whole && n > 1 {
		return nil, fmt.Errorf("%s: the output %q is that of one picture, %d were run together", name, s.Output.Name, n)
	}
	scores := make([]Scores, n)
	tensors := s.Tensors()
	for i := range scores {
		parts, err := f.Picture(outputs, i, batched && !s.Output.Whole, tensors...)
		if err == nil {
			scores[i], err = s.Read(parts)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return scores, nil
}

// Tensors are those that scores are made from: the output, then the logits
// where they are another tensor, or the class numbers of selected boxes.
func (s Reader) Tensors() []string {
	names := []string{s.Output.Name}
	switch {
	case s.Output.Kind == Selection && s.Output.Selected.Labels != "":
		names = append(names, s.Output.Selected.Labels)
	case s.Output.Kind != Selection && s.Separate:
		names = append(names, s.Output.LogitTensor)
	}
	return names
}

// logitsOf is the tensor of the logits where it is another than the output.
func (s Reader) logitsOf(tensors []infer.Tensor) infer.Tensor {
	if !s.Separate {
		return infer.Tensor{}
	}
	return tensors[1]
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

// Table is a class score at every position: outer×classes×inner. A plain
// classifier has one position, a segmentation one per pixel.
type Table struct {
	outer, classes, inner int
	Data                  []float32
}

func (s Reader) Table(t infer.Tensor, axis int) (Table, error) {
	n := s.single()
	if axis < 0 || axis >= len(t.Shape) || t.Shape[axis] != n {
		if len(t.Data) == n { // the same values in another shape
			return Table{1, n, 1, t.Data}, nil
		}
		return Table{}, fmt.Errorf("the output %q has the shape %v where %d classes are expected", s.Output.Name, t.Shape, n)
	}
	return Table{infer.Elements(t.Shape[:axis]), n, infer.Elements(t.Shape[axis+1:]), t.Data}, nil
}

// single is the number of values that stand for the classes in the file.
func (s Reader) single() int {
	switch {
	case s.Output.Kind == Embedding:
		return s.Output.Dimensions
	case s.Output.Binary:
		return 1
	}
	return s.Output.Classes
}

// Sum adds the positions up that are inside, in double precision since there
// are many.
func (t Table) Sum(inside inside) []float32 {
	out := make([]float32, t.classes)
	for c := range out {
		total := 0.0
		for o := range t.outer {
			at := (o*t.classes + c) * t.inner
			for i, v := range t.Data[at : at+t.inner] {
				if inside == nil || inside(o, c, i) {
					total += float64(v)
				}
			}
		}
		out[c] = float32(total)
	}
	return out
}

// Probabilities of the classes at every position.
func (s Reader) Probabilities(values, raw Table) Table {
	if s.Output.InGraph {
		if !s.Output.Log {
			return values
		}
		return values.each(func(v float32) float32 { return float32(math.Exp(float64(v))) })
	}
	switch s.Output.Activation {
	case Softmax:
		return raw.softmax()
	case Sigmoid:
		return raw.each(SigmoidOf)
	}
	return values
}

func (t Table) each(f func(float32) float32) Table {
	out := t
	out.Data = make([]float32, len(t.Data))
	for i, v := range t.Data {
		out.Data[i] = f(v)
	}
	return out
}

func (t Table) softmax() Table {
	out := t
	out.Data = make([]float32, len(t.Data))
	z := make([]float32, t.classes)
	for o := range t.outer {
		for i := range t.inner {
			for c := range z {
				z[c] = t.Data[(o*t.classes+c)*t.inner+i]
			}
			for c, p := range SoftmaxOf(z) {
				out.Data[(o*t.classes+c)*t.inner+i] = p
			}
		}
	}
	return out
}

// Distance is the largest difference between two answers over the largest value,
// for logits where there are any, else for probabilities.
func (s Scores) Distance(o Scores) float64 {
	a, b := s.Logits, o.Logits
	if a == nil {
		a, b = s.Probabilities, o.Probabilities
	}
	if len(a) != len(b) {
		return math.Inf(1)
	}
	worst, scale := 0.0, 1e-6
	for i := range a {
		d := math.Abs(float64(a[i]) - float64(b[i]))
		if a[i] == b[i] || a[i] != a[i] && b[i] != b[i] {
			d = 0 // equal infinities, both undefined
		}
		worst = max(worst, d)
		if v := math.Abs(float64(a[i])); !math.IsInf(v, 0) {
			scale = max(scale, v)
		}
	}
	return worst / scale
}
