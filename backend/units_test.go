package backend_test

import (
	"math"
	"math/rand/v2"
	"path/filepath"
	"testing"

	"picasso/backend"
	"picasso/backend/fixtures"
	"picasso/backend/gradients"
	"picasso/backend/infer"
	"picasso/backend/ort/orttest"
	"picasso/backend/score"
)

// TestUnitGradientsAreThoseOfTheActivations compares gradients of units with
// differences of their activations, whatever the order in which a model holds
// its layers, for several pictures at once.
func TestUnitGradientsAreThoseOfTheActivations(t *testing.T) {
	r := orttest.Runtime(t)
	for _, name := range []string{"shapes_trained", "resnet_bn", "keras_nhwc", "vit_unbind", "convnext_ln_parts", "mobilenetv3"} {
		t.Run(name, func(t *testing.T) {
			m := open(t, r, filepath.Join(fixtures.Path(t, "public"), name, "model.onnx"), backend.ModelOptions{})
			rng := rand.New(rand.NewPCG(3, 4))
			channels, height, width := m.Shape()
			batch := make([]infer.Tensor, 3)
			for k := range batch {
				batch[k] = infer.NewTensor(channels, height, width)
				for i := range batch[k].Data {
					batch[k].Data[i] = rng.Float32()
				}
			}
			layer := m.Layers()[len(m.Layers())/2]
			cell := [2]int{layer.Height / 2, layer.Width - 1}
			units := []gradients.Unit{{Layer: layer.Name, Channel: layer.Channels - 1}, {Layer: layer.Name, Channel: 0, Cell: &cell}}
			if err := m.CheckUnitGradient(layer.Name); err != nil {
				t.Fatal(err)
			}
			got, err := m.UnitGradient(t.Context(), score.ExactRectifier, batch, units)
			if err != nil {
				t.Fatal(err)
			}
			for i, x := range batch {
				for k, u := range units {
					g := got[i][k]
					norm := 0.0
					for _, v := range g.Data {
						norm += float64(v) * float64(v)
					}
					if norm == 0 {
						continue // a rectifier that is off
					}
					// Along the gradient a small step changes the unit by |g|² per unit of it.
					step := 5e-4 / math.Sqrt(norm)
					moved := []infer.Tensor{x.Clone(), x.Clone()}
					for j, v := range g.Data {
						moved[0].Data[j] += float32(step) * v
						moved[1].Data[j] -= float32(step) * v
					}
					a, err := m.Activations(t.Context(), layer.Name, moved)
					if err != nil {
						t.Fatal(err)
					}
					if d := (u.Value(a[0]) - u.Value(a[1])) / (2 * step); math.Abs(d-norm) > 0.03*norm {
						t.Errorf("picture %d, unit %v: %g by differences, %g by gradient", i, u, d, norm)
					}
				}
			}
		})
	}
}

func TestUnitsThatAreNotThereAreRefused(t *testing.T) {
	m := open(t, orttest.Runtime(t), filepath.Join(fixtures.Path(t, "public"), "shapes_trained", "model.onnx"), backend.ModelOptions{})
	layer := m.Layers()[0]
	for _, u := range []gradients.Unit{
		{Layer: "none"}, {Layer: layer.Name, Channel: layer.Channels}, {Layer: layer.Name, Channel: -1},
		{Layer: layer.Name, Cell: &[2]int{layer.Height, 0}}, {Layer: layer.Name, Cell: &[2]int{0, -1}},
	} {
		if _, err := m.UnitGradient(t.Context(), score.ExactRectifier, []infer.Tensor{m.Input.Pattern()}, []gradients.Unit{u}); err == nil {
			t.Errorf("%v has a gradient", u)
		}
	}
}
