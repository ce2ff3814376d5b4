package backend_test

import (
	"fmt"
	"sync"
	"testing"

	"picasso/backend"
	"picasso/backend/infer"
	"picasso/backend/metadata"
	"picasso/backend/onnx"
	"picasso/backend/picture"
	"picasso/backend/preprocess"
	"picasso/backend/score"
)

// Settings change in the window while maps are computed.
func TestModelServesManyGoroutines(t *testing.T) {
	path := writeModel(t, shape(-1, 3, 4, 8), onnx.Float, "Identity", nil)
	m := open(t, answer(constant([]int{2}, 0, 2)), path, backend.ModelOptions{})
	img := picture.NewFloat("x", 8, 4, 3, make([]float32, 8*4*3))
	p := m.Preprocess
	errs := make(chan error, 4)
	var wg sync.WaitGroup
	for i := range cap(errs) {
		wg.Go(func() {
			for range 20 {
				if err := useAndChange(t, m, img, p, i); err != nil {
					errs <- err
					return
				}
			}
		})
	}
	wg.Wait()
	close(errs)
	for err := range errs {
		t.Error(err)
	}
}

func useAndChange(t *testing.T, m *backend.Model, img *picture.Image, p preprocess.Preprocess, i int) error {
	x, err := m.Prepare(img)
	if err != nil {
		return err
	}
	s, err := m.Predict(t.Context(), []infer.Tensor{x, x})
	if err != nil {
		return err
	}
	if len(m.Rank(s[1])) != 2 || !m.HasLogits() || m.Place(img).ScaleX != 1 {
		return fmt.Errorf("goroutine %d got %v", i, s)
	}
	if i == 0 {
		return use(m, prepared(p))
	}
	if i == 1 {
		return use(m, metadata.Choices{Activation: score.Softmax})
	}
	return nil
}
