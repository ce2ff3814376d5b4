package backend_test

import (
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"

	"picasso/backend"
	"picasso/backend/fixtures"
	"picasso/backend/infer"
	"picasso/backend/ort/orttest"
	"picasso/backend/score"
)

// A run that is kept gives the answer, the features and the gradients of a layer that
// three runs give.
func TestOneRunAnswersAndGoesBack(t *testing.T) {
	r := orttest.Runtime(t)
	paths := []string{fixtures.Path(t, "models", "imagenet", "squeezenet1.1_rgbnorm_227.onnx")}
	for _, name := range []string{"resnet_bn", "mobilenetv3", "squeezenet_ir3", "keras_nhwc", "vgg_dropout"} {
		paths = append(paths, filepath.Join(fixtures.Path(t, "public"), name, "model.onnx"))
	}
	for _, path := range paths {
		t.Run(filepath.Base(filepath.Dir(path)), func(t *testing.T) {
			m := open(t, r, path, backend.ModelOptions{})
			channels, height, width := m.Shape()
			random := rand.New(rand.NewPCG(3, 4))
			x := infer.NewTensor(channels, height, width)
			for i := range x.Data {
				x.Data[i] = random.Float32()
			}
			from := score.Probability
			if m.HasLogits() {
				from = score.Logit
			}
			kept, err := m.KeptRun(t.Context(), m.LastLayer(), from, x, true)
			if err != nil {
				t.Fatal(err)
			}
			defer kept.Close()
			answer, features, err := m.Featured(t.Context(), x)
			if err != nil {
				t.Fatal(err)
			}
			likeRun(t, "probabilities", kept.Answer.Probabilities, answer.Probabilities)
			likeRun(t, "features", kept.Features, features)
			targets := []score.Target{score.ClassTarget(answer.Order()[0], from), score.ClassTarget(0, from)}
			activation, gradients, err := kept.LayerGradient(t.Context(), targets)
			if err != nil {
				t.Fatal(err)
			}
			wantActivation, want, err := m.LayerGradient(t.Context(), m.LastLayer(), x, targets)
			if err != nil {
				t.Fatal(err)
			}
			likeRun(t, "the activation", activation.Data, wantActivation.Data)
			for k := range targets {
				likeRun(t, "a gradient", gradients[k].Data, want[k].Data)
			}
		})
	}
}

// likeRun compares with the largest value as the measure: forms of a model that give other
// tensors may round otherwise.
func likeRun(t *testing.T, what string, got, want []float32) {
	t.Helper()
	if len(got) != len(want) || len(got) == 0 {
		t.Fatalf("%s: %d numbers, want %d", what, len(got), len(want))
	}
	most := max(slices.Max(want), -slices.Min(want))
	for i, v := range got {
		if !(math.Abs(float64(v-want[i])) <= 1e-5*float64(most)) {
			t.Fatalf("%s: number %d is %v, want %v", what, i, v, want[i])
		}
	}
}
