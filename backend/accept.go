package backend

import (
	"fmt"
	"math"
	"slices"

	"picasso/backend/infer"
)

// Accept takes an array of the model's own input shape, in the file's layout,
// with or without the batch axis, as the input of one picture: no
// preprocessing happens. It returns C×H×W, of the same numbers where the file has that
// order. Numbers that are not finite are refused.
func (m *Model) Accept(t infer.Tensor) (infer.Tensor, error) {
	if err := t.Check(); err != nil {
		return infer.Tensor{}, err
	}
	_, spec := m.preparation()
	want, got := spec.Axes(), t.Shape
	if len(got) == len(want)+1 && got[0] == 1 {
		got = got[1:]
	}
	if !slices.Equal(got, want) && spec.Dynamic {
		return infer.Tensor{}, fmt.Errorf("the array has the shape %s, but the model was opened for %s (%s). Its size can be changed: open it for the size of the array with %s",
			infer.Dimensions(t.Shape), infer.Dimensions(want), spec.Order(), sizing(spec))
	}
	if !slices.Equal(got, want) {
		return infer.Tensor{}, fmt.Errorf("the array has the shape %s, but the model takes %s (%s); give an array of that shape, with or without a leading 1",
			infer.Dimensions(t.Shape), infer.Dimensions(want), spec.Order())
	}
	for i, v := range t.Data {
		if math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) {
			return infer.Tensor{}, fmt.Errorf("the array contains %v at position %d; give finite numbers only", v, i)
		}
	}
	return spec.Planar(t.Data), nil
}
