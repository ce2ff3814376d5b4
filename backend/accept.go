package backend

import (
	"fmt"
	"slices"
)

// Accept takes an array of the model's own input shape, in the file's layout,
// with or without the batch axis, as the input of one picture: no
// preprocessing happens. It returns C×H×W.
func (m *Model) Accept(t Tensor) (Tensor, error) {
	if err := t.Check(); err != nil {
		return Tensor{}, err
	}
	_, spec := m.preparation()
	want, got := spec.axes(), t.Shape
	if len(got) == len(want)+1 && got[0] == 1 {
		got = got[1:]
	}
	if !slices.Equal(got, want) {
		return Tensor{}, fmt.Errorf("the array has the shape %v, the model takes %v (%s); give an array of that shape, with or without a leading 1",
			t.Shape, want, spec.Layout)
	}
	return spec.Planar(t.Data), nil
}
