package score

import (
	"picasso/backend/infer"
)

// ClassValues are the entries of a trial output that belong to classes: all,
// those of the rows without box and objectness, or the scores of selected
// boxes.
func (o *Output) ClassValues(t infer.Tensor) []float32 {
	switch o.Kind {
	case Detection:
	case Selection:
		return o.Selected.scores(t)
	default:
		return t.Data
	}
	r, err := Reader{Output: *o}.Rows(t)
	if err != nil {
		return nil
	}
	values := make([]float32, 0, r.Count*r.Classes)
	for row := range r.Count {
		for c := range r.Classes {
			values = append(values, r.Class(row, c))
		}
	}
	return values
}
