package backend

import (
	"fmt"
	"math"
)

// rows reads a detection output: boxes × (box, objectness, classes), or the
// transpose.
type rows struct {
	count, skip, classes int
	step, next           int // distance between the numbers of a row, and between rows
	data                 []float32
}

func (s scoring) rows(t Tensor) (rows, error) {
	rank := len(t.Shape)
	width := s.out.Skip + s.out.Classes + s.out.Tail
	if rank < 2 || s.out.Axis < 1 || s.out.Axis >= rank || t.Shape[s.out.Axis] != width {
		return rows{}, fmt.Errorf("the output %q has the shape %v where rows of %d numbers are expected", s.out.Name, t.Shape, width)
	}
	r := rows{count: len(t.Data) / width, skip: s.out.Skip, classes: s.out.Classes, step: 1, next: width, data: t.Data}
	if inner := Elements(t.Shape[s.out.Axis+1:]); inner > 1 {
		r.step, r.next = inner, 1
	}
	if r.count == 0 {
		return r, fmt.Errorf("the output %q holds no boxes", s.out.Name)
	}
	return r, nil
}

// at is the place of a class score in the data.
func (r rows) at(row, c int) int { return row*r.next + (r.skip+c)*r.step }

func (r rows) class(row, c int) float32 { return r.data[r.at(row, c)] }

// best is the box with the highest class score, weighed by objectness where
// rows have one.
func (r rows) best() int {
	best, top := 0, math.Inf(-1)
	for row := range r.count {
		v := math.Inf(-1)
		for c := range r.classes {
			v = max(v, float64(r.class(row, c)))
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
func (s scoring) box(output, logits Tensor) (Scores, error) {
	r, err := s.rows(output)
	if err != nil {
		return Scores{}, err
	}
	row := s.out.Box
	if row < 0 {
		row = r.best()
	}
	if row >= r.count {
		return Scores{}, fmt.Errorf("the output %q has %d boxes, box %d was asked for", s.out.Name, r.count, row)
	}
	values := make([]float32, r.classes)
	for c := range values {
		values[c] = r.class(row, c)
	}
	if s.separate {
		return s.boxWithLogits(values, row, logits)
	}
	if !s.out.InGraph {
		t := table{1, len(values), 1, values}
		return Scores{Probabilities: s.probabilities(t, t).data, Logits: values}, nil
	}
	out := Scores{Probabilities: values}
	if s.out.Activation == Sigmoid {
		out.Logits = make([]float32, len(values))
		for c, p := range values {
			out.Logits[c] = logit(p)
		}
	}
	return out, nil
}

func (s scoring) boxWithLogits(values []float32, row int, logits Tensor) (Scores, error) {
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
func (s scoring) logitAt(logits Tensor, row, c int) (int, error) {
	if s.out.BoxLogits == nil {
		r, err := s.rows(logits)
		return r.at(row, c), err
	}
	i := row*s.out.Classes + c
	if i >= len(s.out.BoxLogits) || int(s.out.BoxLogits[i]) >= len(logits.Data) {
		return 0, fmt.Errorf("the logits %q have the shape %v, which does not fit %d boxes", s.out.LogitTensor, logits.Shape, row+1)
	}
	return int(s.out.BoxLogits[i]), nil
}

// logit is the inverse of the sigmoid, kept finite where float32 has rounded
// the probability to 0 or 1.
func logit(p float32) float32 {
	const tiny = 1e-7
	v := min(max(float64(p), tiny), 1-tiny)
	return float32(math.Log(v / (1 - v)))
}
