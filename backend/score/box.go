package score

import (
	"fmt"
	"math"

	"picasso/backend/infer"
)

// rows reads a table of boxes that the model has not selected from: boxes ×
// (box, objectness, classes), or the transpose.
type rows struct {
	Count, skip, Classes int
	step, next           int // distance between the numbers of a row, and between rows
	data                 []float32
}

func (s Reader) Rows(t infer.Tensor) (rows, error) {
	rank := len(t.Shape)
	width := s.Output.Skip + s.Output.Classes + s.Output.Tail
	if rank < 2 || s.Output.Axis < 1 || s.Output.Axis >= rank || t.Shape[s.Output.Axis] != width {
		return rows{}, fmt.Errorf("the output %q has the shape %v where rows of %d numbers are expected", s.Output.Name, t.Shape, width)
	}
	r := rows{Count: len(t.Data) / width, skip: s.Output.Skip, Classes: s.Output.Classes, step: 1, next: width, data: t.Data}
	if inner := infer.Elements(t.Shape[s.Output.Axis+1:]); inner > 1 {
		r.step, r.next = inner, 1
	}
	if r.Count == 0 {
		return r, fmt.Errorf("the output %q holds no boxes", s.Output.Name)
	}
	return r, nil
}

// at is the place of a class score in the data.
func (r rows) at(row, c int) int { return row*r.next + (r.skip+c)*r.step }

func (r rows) Class(row, c int) float32 { return r.data[r.at(row, c)] }

// best is the box with the highest class score, weighed by objectness where
// rows have one.
func (r rows) best() int {
	best, top := 0, math.Inf(-1)
	for row := range r.Count {
		v := math.Inf(-1)
		for c := range r.Classes {
			v = max(v, float64(r.Class(row, c)))
		}
		if r.skip == 5 {
			v *= float64(r.data[row*r.next+4*r.step])
		}
		if v > top {
			best, top = row, v
		}
	}
	return best
}

// box scores the classes of one box.
func (s Reader) box(output, logits infer.Tensor) (Scores, error) {
	r, err := s.Rows(output)
	if err != nil {
		return Scores{}, err
	}
	row := s.Output.Box
	if row < 0 {
		row = r.best()
	}
	if row >= r.Count {
		return Scores{}, fmt.Errorf("the output %q has %d boxes, box %d was asked for", s.Output.Name, r.Count, row)
	}
	values := make([]float32, r.Classes)
	for c := range values {
		values[c] = r.Class(row, c)
	}
	if s.Separate {
		return s.boxWithLogits(values, row, logits)
	}
	if !s.Output.InGraph {
		t := Table{1, len(values), 1, values}
		return Scores{Probabilities: s.Probabilities(t, t).Data, Logits: values}, nil
	}
	out := Scores{Probabilities: values}
	if s.Output.Activation == Sigmoid {
		out.Logits = make([]float32, len(values))
		for c, p := range values {
			out.Logits[c] = logit(p)
		}
	}
	return out, nil
}

func (s Reader) boxWithLogits(values []float32, row int, logits infer.Tensor) (Scores, error) {
	z := make([]float32, len(values))
	for c := range z {
		at, err := s.logitAt(logits, row, c)
		if err != nil {
			return Scores{}, err
		}
		z[c] = logits.Data[at]
	}
	return Scores{Probabilities: values, Logits: z}, nil
}

// logitAt is the element of the logit tensor that the score of class c of a box
// is made from.
func (s Reader) logitAt(logits infer.Tensor, row, c int) (int, error) {
	if s.Output.BoxLogits == nil {
		r, err := s.Rows(logits)
		return r.at(row, c), err
	}
	i := row*s.Output.Classes + c
	if i >= len(s.Output.BoxLogits) || int(s.Output.BoxLogits[i]) >= len(logits.Data) {
		return 0, fmt.Errorf("the logits %q have the shape %v, which does not fit %d boxes", s.Output.LogitTensor, logits.Shape, row+1)
	}
	return int(s.Output.BoxLogits[i]), nil
}

// logit is the inverse of the sigmoid, kept finite where float32 has rounded
// the probability to 0 or 1.
func logit(p float32) float32 {
	const tiny = 1e-7
	v := min(max(float64(p), tiny), 1-tiny)
	return float32(math.Log(v / (1 - v)))
}

// probabilitiesOf applies the activation to raw scores, whether or not the
// graph does it too.
func (s Reader) probabilitiesOf(raw Table) []float32 {
	s.Output.InGraph = false
	return s.Probabilities(raw, raw).Data
}

// Explains checks on the trial run that the activation of the logits in their
// places gives the scores of the boxes.
func (s Reader) Explains(a Activation, places []int32, output, logits infer.Tensor) bool {
	r, err := s.Rows(output)
	if err != nil || len(places) != r.Count*r.Classes {
		return false
	}
	s.Output.Activation = a
	for row := range r.Count {
		z := make([]float32, r.Classes)
		for c := range z {
			at := places[row*r.Classes+c]
			if at < 0 || int(at) >= len(logits.Data) {
				return false
			}
			z[c] = logits.Data[at]
		}
		t := Table{1, len(z), 1, z}
		for c, p := range s.probabilitiesOf(t) {
			if d := math.Abs(float64(p - r.Class(row, c))); !(d < 1e-3) {
				return false
			}
		}
	}
	return true
}
