package backend_test

import (
	"testing"

	"picasso/backend"
	"picasso/backend/infer"
	"picasso/backend/metadata"
	"picasso/backend/onnx"
	"picasso/backend/preprocess"
	"picasso/backend/score"
)

// Two classes on 2×3 pixels: the first is the best on the left.
func TestRegionsOfASegmentation(t *testing.T) {
	left, right := []float32{3, 2, -1, 5, 0, -2}, []float32{1, 4, 2, 1, 3, 2}
	for _, tt := range []struct {
		region string
		want   []float32
	}{
		{`"all"`, []float32{7, 13}},
		{`"mask"`, []float32{8, 11}},
		{`[1, 0, 3, 1]`, []float32{1, 6}},
		{`[0, 0, 99, 99]`, []float32{7, 13}},
	} {
		for _, layout := range []preprocess.Layout{preprocess.NCHW, preprocess.NHWC} {
			path, y := writeModel(t, shape(-1, 3, 2, 3), onnx.Float, "Identity", nil), constant([]int{2, 2, 3}, append(append([]float32{}, left...), right...)...)
			if layout == preprocess.NHWC {
				mixed := make([]float32, 0, 12)
				for i := range left {
					mixed = append(mixed, left[i], right[i])
				}
				path, y = writeModel(t, shape(-1, 2, 4, 3), onnx.Float, "Identity", nil), constant([]int{2, 3, 2}, mixed...)
			}
			m := open(t, answer(y), path, backend.ModelOptions{Choices: choose(t, "region="+tt.region, "kind=segmentation")})
			c, h, w := m.Shape()
			s, err := m.Predict(t.Context(), []infer.Tensor{infer.NewTensor(c, h, w)})
			if err != nil {
				t.Fatal(err)
			}
			closeTo(t, tt.region+" "+string(layout), s[0].Logits, tt.want)
		}
	}
	for _, region := range []string{`"some"`, `[2, 0, 1, 1]`, `[0, 1]`, `[3, 0, 4, 1]`, `[0, 2, 1, 3]`} {
		path := writeModel(t, shape(-1, 3, 2, 3), onnx.Float, "Identity", nil)
		c, err := metadata.ParseChoices([]string{"region=" + region})
		if err != nil {
			continue
		}
		if m, err := backend.OpenModel(t.Context(), answer(constant([]int{2, 2, 3}, make([]float32, 12)...)), path, backend.ModelOptions{Choices: c}); err == nil {
			m.Close()
			t.Errorf("the region %s was taken", region)
		}
	}
}

func TestRegionIsChanged(t *testing.T) {
	path := writeModel(t, shape(-1, 3, 2, 3), onnx.Float, "Identity", nil)
	m := open(t, answer(constant([]int{2, 2, 3}, 3, 2, -1, 5, 0, -2, 1, 4, 2, 1, 3, 2)), path, backend.ModelOptions{Choices: choose(t, "kind=segmentation")})
	if columns, rows := m.Output.Grid(); columns != 3 || rows != 2 {
		t.Errorf("the output has %d×%d pixels", columns, rows)
	}
	if err := use(m, metadata.Choices{Region: &score.Region{Box: []int{1, 0, 3, 1}}}); err != nil {
		t.Fatal(err)
	}
	s, err := m.Predict(t.Context(), []infer.Tensor{infer.NewTensor(3, 2, 3)})
	if err != nil {
		t.Fatal(err)
	}
	closeTo(t, "logits in the region", s[0].Logits, []float32{1, 6})
	if err := use(m, metadata.Choices{Region: &score.Region{Box: []int{3, 0, 4, 1}}}); err == nil {
		t.Error("a region outside is taken")
	}
	plain := open(t, answer(constant([]int{2}, 0, 0)), path, backend.ModelOptions{})
	if err := use(plain, metadata.Choices{Region: &score.Region{Mask: true}}); err == nil {
		t.Error("a model without pixels takes a region")
	}
}
