package backend_test

import (
	"math"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"picasso/backend"
	"picasso/backend/fixtures"
	"picasso/backend/infer"
	"picasso/backend/onnx"
	"picasso/backend/ort/orttest"
)

// TestPenultimateActivationsGiveTheScores reads the vector in front of the scores of
// models of every kind. The answer beside it is the model's own, and where the last
// layer is a matrix product, that of the vector with the model's weights is the logits.
func TestPenultimateActivationsGiveTheScores(t *testing.T) {
	r := orttest.Runtime(t)
	fixtures.Path(t, "public")
	for _, tt := range []struct {
		model  string
		length int  // of the vector
		gemm   bool // the last layer is a Gemm with transB
	}{
		{"resnet_bn", 36, true}, {"mobilenetv3", 80, true}, {"squeezenet_ir3", 64, false}, {"vit_unbind", 48, true},
		{"keras_nhwc", 32, false}, {"vgg_dropout", 48, true}, {"resnet_two_outputs", 28, true}, {"unet_convtranspose", 10, false},
	} {
		t.Run(tt.model, func(t *testing.T) {
			m := open(t, r, filepath.Join(fixtures.Path(t, "public"), tt.model, "model.onnx"), backend.ModelOptions{})
			channels, height, width := m.Shape()
			random := rand.New(rand.NewPCG(3, 4))
			x := infer.NewTensor(channels, height, width)
			for i := range x.Data {
				x.Data[i] = random.Float32()
			}
			answer, vector, err := m.Featured(t.Context(), x)
			if err != nil {
				t.Fatal(err)
			}
			want, err := m.Predict(t.Context(), []infer.Tensor{x})
			if err != nil {
				t.Fatal(err)
			}
			for k, p := range answer.Probabilities {
				if math.Abs(float64(p-want[0].Probabilities[k])) > 1e-5 {
					t.Errorf("probability of class %d: %v with the vector, %v without", k, p, want[0].Probabilities[k])
				}
			}
			tensor, length, err := m.Penultimate(t.Context())
			if err != nil || length != tt.length || len(vector) != tt.length {
				t.Fatalf("%s: %d numbers, said %d, want %d, %v", tensor, len(vector), length, tt.length, err)
			}
			if tt.gemm {
				compareLogits(t, m, tensor, vector, answer.Logits)
			}
		})
	}
}

// compareLogits multiplies a vector with the weights of the Gemm that takes it.
func compareLogits(t *testing.T, m *backend.Model, tensor string, vector, logits []float32) {
	t.Helper()
	index := m.File.Graph.Index()
	for _, use := range index.Consumers(tensor) {
		if !use.Node.Is("Gemm") {
			continue
		}
		values := func(i int) []float32 {
			v, err := index.Constant(use.Node.Input(i)).Floats(m.File)
			if err != nil {
				t.Fatal(err)
			}
			return v
		}
		weights, bias := values(1), values(2)
		for k, want := range logits {
			got := float64(bias[k])
			for c, v := range vector {
				got += float64(weights[k*len(vector)+c]) * float64(v)
			}
			if math.Abs(got-float64(want)) > 1e-3*max(1, math.Abs(float64(want))) {
				t.Errorf("logit %d: %v from the vector, %v from the model", k, got, want)
			}
		}
		return
	}
	t.Errorf("no Gemm takes %s", tensor)
}

// Models without such a vector say why.
func TestModelsWithoutPenultimateActivations(t *testing.T) {
	r := orttest.Runtime(t)
	for model, why := range map[string]string{"yolo_head": "boxes", "reduce_heads": "one layer"} {
		m := open(t, r, filepath.Join(fixtures.Path(t, "public"), model, "model.onnx"), backend.ModelOptions{})
		if _, _, err := m.Penultimate(t.Context()); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%s: %v, want %q", model, err, why)
		}
	}
	linear := &onnx.Model{Opsets: map[string]int64{"": 13}, Graph: &onnx.Graph{
		Nodes:        []*onnx.Node{{OpType: "Flatten", Inputs: []string{"x"}, Outputs: []string{"flat"}}, {OpType: "Gemm", Inputs: []string{"flat", "w"}, Outputs: []string{"y"}}},
		Initializers: []*onnx.Tensor{{Name: "w"}},
	}}
	if _, err := onnx.FindPenultimate(linear, "y"); err == nil || !strings.Contains(err.Error(), "from the picture") {
		t.Errorf("a linear model: %v", err)
	}
}
