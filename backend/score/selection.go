package score

import (
	"fmt"
	"math"

	"picasso/backend/infer"
)

// Selected says where a detector that selects its boxes itself puts the score
// and the class of each: in columns of one table, or in lists of their own.
type Selected struct {
	// Labels is the tensor of class numbers, one per box; "" where a column of
	// the output holds them.
	Labels string
	Width  int // numbers per box in the output: 1 for a list of scores
	Score  int // column of the score
	Class  int // column of the class number, where Labels is ""; NoColumn for a detector of one class
	First  int // number of the first class: 1 where 0 stands for the background
}

// NoColumn marks a number that rows do not have.
const NoColumn = -1

// AbsentError says that a picture has no box of a class: its score is 0
// around this picture too, so that it has no gradient.
type AbsentError struct{ Class int }

func (e *AbsentError) Error() string {
	return fmt.Sprintf("the model selected no box of class %d in this picture: its score is 0, and so is every change of it; explain a class that was found", e.Class)
}

// scores are those of all boxes.
func (d Selected) scores(output infer.Tensor) []float32 {
	return d.column(output, d.Score)
}

// column is one number of every box.
func (d Selected) column(t infer.Tensor, at int) []float32 {
	values := make([]float32, 0, len(t.Data)/max(d.Width, 1))
	for i := at; i < len(t.Data); i += max(d.Width, 1) {
		values = append(values, t.Data[i])
	}
	return values
}

// selection scores every class by its best box; a class without a box has the
// score 0.
func (s Reader) selection(tensors []infer.Tensor) (Scores, error) {
	best, err := s.bestBoxes(tensors)
	if err != nil {
		return Scores{}, err
	}
	found := s.Output.Selected.scores(tensors[0])
	out := Scores{Probabilities: make([]float32, s.Output.Classes)}
	for c, box := range best {
		if box >= 0 {
			out.Probabilities[c] = found[box]
		}
	}
	return out, nil
}

// bestBoxes is for every class the box with its number and the highest score,
// −1 where there is none. Boxes of negative numbers fill up tables of a fixed
// length and count for nothing.
func (s Reader) bestBoxes(tensors []infer.Tensor) ([]int, error) {
	d := s.Output.Selected
	output := tensors[0]
	if d.Width < 1 || len(output.Data)%d.Width != 0 {
		return nil, fmt.Errorf("the output %q has the shape %v where boxes of %d numbers are expected", s.Output.Name, output.Shape, d.Width)
	}
	scores := d.scores(output)
	numbers := make([]float32, len(scores)) // of a detector of one class
	switch {
	case d.Labels != "":
		numbers = tensors[1].Data
	case d.Class >= 0:
		numbers = d.column(output, d.Class)
	}
	if len(numbers) != len(scores) {
		return nil, fmt.Errorf("the output %q has %d scores, but %q has %d class numbers", s.Output.Name, len(scores), d.Labels, len(numbers))
	}
	best := make([]int, s.Output.Classes)
	for c := range best {
		best[c] = -1
	}
	for box, number := range numbers {
		c, err := s.classOf(number)
		if err != nil {
			return nil, err
		}
		if c >= 0 && (best[c] < 0 || scores[box] > scores[best[c]]) {
			best[c] = box
		}
	}
	return best, nil
}

// classOf is the class with a number, −1 for a box that is none.
func (s Reader) classOf(number float32) (int, error) {
	c := math.Round(float64(number))
	switch {
	case c < 0:
		return -1, nil
	case !(math.Abs(c-float64(number)) < 1e-3):
		return 0, fmt.Errorf("the output %q holds %v where the number of a class is expected: it is read wrongly, so choose another reading of the output", s.Output.Name, number)
	case c >= float64(s.Output.Classes):
		return 0, fmt.Errorf("the model found class %d, but only %d classes are known: give the names of all its classes (\"labels\" in the sidecar, or a label file)", int(c), s.Output.Classes)
	}
	return int(c), nil
}

// SelectionSeed is d target / d output: 1 at the score of the class's best box.
func (s Reader) SelectionSeed(t Target, tensors []infer.Tensor) (infer.Tensor, error) {
	best, err := s.bestBoxes(tensors)
	if err != nil {
		return infer.Tensor{}, err
	}
	d := s.Output.Selected
	seed := infer.NewTensor(tensors[0].Shape...)
	for c, w := range s.weights(t) {
		if w == 0 {
			continue
		}
		if best[c] < 0 {
			return infer.Tensor{}, &AbsentError{c}
		}
		seed.Data[best[c]*d.Width+d.Score] += float32(w)
	}
	return seed, nil
}
