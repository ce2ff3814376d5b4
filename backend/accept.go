package backend

import (
	"fmt"
	"math"
	"slices"
)

// Accept takes an array of the model's own input shape, in the file's layout,
// with or without the batch axis, as the input of one picture: no
// preprocessing happens. It returns C×H×W. Numbers that are not finite are
// refused.
func (m *Model) Accept(t Tensor) (Tensor, error) {
	if err := t.Check(); err != nil {
		return Tensor{}, err
	}
	_, spec := m.preparation()
	want, got := spec.axes(), t.Shape
	if len(got) == len(want)+1 && got[0] == 1 {
		got = got[1:]
	}
	if !slices.Equal(got, want) && spec.Dynamic {
		return Tensor{}, fmt.Errorf("the array has the shape %v, the model was opened for %v (%s); it leaves the size open, so open it for the array's: --size WxH, or \"size\": [height, width] in the sidecar",
			t.Shape, want, spec.Layout)
	}
	if !slices.Equal(got, want) {
		return Tensor{}, fmt.Errorf("the array has the shape %v, the model takes %v (%s); give an array of that shape, with or without a leading 1",
			t.Shape, want, spec.Layout)
	}
	for i, v := range t.Data {
		if math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) {
			return Tensor{}, fmt.Errorf("the array holds %v at place %d; give finite numbers only", v, i)
		}
	}
	return spec.Planar(t.Data), nil
}

// PictureSize reads height and width from the shape of one picture in any
// layout, with or without a batch axis; 0 for a shape that is none.
func PictureSize(shape []int) (height, width int) {
	if len(shape) == 4 {
		shape = shape[1:]
	}
	if len(shape) != 3 {
		return 0, 0
	}
	if few(int64(shape[2])) && !few(int64(shape[0])) {
		return shape[0], shape[1]
	}
	return shape[1], shape[2]
}
