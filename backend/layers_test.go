package backend_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"picasso/backend"
	"picasso/backend/fixtures"
	"picasso/backend/infer"
	"picasso/backend/onnx"
	"picasso/backend/ort/orttest"
	"picasso/backend/score"
)

// gradCAM is Σ_c mean(g_c)·A_c, its positive part (Selvaraju et al. 2017).
func gradCAM(a, g infer.Tensor) []float64 {
	n := a.Shape[1] * a.Shape[2]
	plane := make([]float64, n)
	for c := range a.Shape[0] {
		weight := 0.0
		for _, v := range g.Data[c*n : (c+1)*n] {
			weight += float64(v) / float64(n)
		}
		for i := range plane {
			plane[i] += weight * float64(a.Data[c*n+i])
		}
	}
	for i, v := range plane {
		plane[i] = max(v, 0)
	}
	return plane
}

// Grad-CAM at the layer taken by default is that of PyTorch in double
// precision, whatever the model does with its axes.
func TestMapsOfTheLastLayerAsInPyTorch(t *testing.T) {
	r := orttest.Runtime(t)
	tests := []struct{ folder, array, layer string }{
		{"13e-swin-small-dropout0-nhwc", "gradcam.npy", "/n2/LayerNormalization_output_0"},
		{"16e-vit-hf-gradcam-layer", "gradcam_norm1_tokens_4x4.npy", "y"},
		{"30-tf2onnx-nhwc-tail", "gradcam_top_activation.npy", "StatefulPartitionedCall/model/top_activation/Relu:0"},
	}
	for _, tt := range tests {
		t.Run(tt.folder, func(t *testing.T) {
			folder := fixtures.Path(t, "field", "models", tt.folder)
			m := open(t, r, filepath.Join(folder, "model.onnx"), backend.ModelOptions{Provider: infer.CPU})
			if got := m.LastLayer(); got != tt.layer {
				t.Fatalf("the last layer is %q, want %q", got, tt.layer)
			}
			var expected struct{ Top int }
			readJSON(t, filepath.Join(folder, "expected.json"), &expected)
			input, want := readArray(t, filepath.Join(folder, "input.npy")), readArray(t, filepath.Join(folder, tt.array))
			x := m.Input.Planar(input.Data)
			target := score.Target{Class: expected.Top, Against: -1, Score: score.Logit}
			a, g, err := m.LayerGradient(t.Context(), tt.layer, x, []score.Target{target})
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(a.Shape[1:], want.Shape) || !slices.Equal(a.Shape, g[0].Shape) {
				t.Fatalf("the map has %v cells, want %v", a.Shape, want.Shape)
			}
			for i, v := range gradCAM(a, g[0]) {
				if d := math.Abs(v - float64(want.Data[i])); !(d <= 1e-5) {
					t.Errorf("cell %d is %g, want %g", i, v, want.Data[i])
				}
			}
			together, err := m.Activations(t.Context(), tt.layer, []infer.Tensor{x, x, x})
			if err != nil {
				t.Fatal(err)
			}
			for _, one := range together {
				if !slices.Equal(one.Shape, a.Shape) || infer.Tensor(one).Check() != nil || math.Abs(float64(one.Data[0]-a.Data[0])) > 1e-5 {
					t.Errorf("read in a batch the activation is %v of shape %v, alone %v", one.Data[:3], one.Shape, a.Data[:3])
				}
			}
		})
	}
}

// Where a boolean mask makes shapes depend on the picture, the gradient is that
// of the very picture, and as many nodes are promised as are differentiated.
func TestGradientThroughBooleanMasks(t *testing.T) {
	folder := fixtures.Path(t, "field", "models", "19-opnorm-boolean-mask")
	m := open(t, orttest.Runtime(t), filepath.Join(folder, "model.onnx"), backend.ModelOptions{Provider: infer.CPU, Choices: choose(t, "activation=none")})
	c, err := m.GradientCoverage()
	if err != nil || c.Differentiable != c.Total || len(c.Blockers) > 0 || m.CheckGradient() != nil {
		t.Fatalf("coverage is %+v, %v", c, err)
	}
	var expected struct {
		Top  int
		Prob [][]float64
	}
	readJSON(t, filepath.Join(folder, "expected.json"), &expected)
	x, want := m.Input.Planar(readArray(t, filepath.Join(folder, "input.npy")).Data), readArray(t, filepath.Join(folder, "grad.npy"))
	other := m.Input.Pattern()
	target := score.ClassTarget(expected.Top, score.Probability)
	near := x.Clone() // with the same masks, so that what was observed serves again
	near.Data[0] += 1e-4
	got, err := m.Gradient(t.Context(), []infer.Tensor{other, x, near, other}, []score.Target{target})
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range got[0][0].Data {
		if v != got[3][0].Data[i] {
			t.Fatalf("element %d of the first picture's gradient is %g, the second time %g", i, v, got[3][0].Data[i])
		}
	}
	worst, largest := 0.0, 0.0
	for i, v := range got[1][0].Data {
		worst, largest = max(worst, math.Abs(float64(v-want.Data[i]))), max(largest, math.Abs(float64(want.Data[i])))
	}
	if !(worst <= 1e-4*largest) {
		t.Errorf("the gradient is off by %g of %g", worst, largest)
	}
	scores, err := m.Predict(t.Context(), []infer.Tensor{x})
	if err != nil {
		t.Fatal(err)
	}
	almost(t, "probability", float64(scores[0].Probabilities[expected.Top]), expected.Prob[0][expected.Top])
}

// A gradient that takes long to prepare tells how far it is, and stops when it is
// cancelled; another try then finishes.
func TestPreparingAGradientIsTold(t *testing.T) {
	const length = 200
	nodes := []*onnx.Node{call("ReduceSum", "t0", []string{"x", "places"}, attrInt("keepdims", 0))}
	for i := range length {
		nodes = append(nodes, call("Tanh", fmt.Sprint("t", i+1), []string{fmt.Sprint("t", i)}))
	}
	nodes = append(nodes, call("Identity", "y", []string{fmt.Sprint("t", length)}))
	path := writeOutputs(t, nodes, []*onnx.Value{out("y", onnx.Float)}, ints("places", 2, 3))
	m := open(t, orttest.Runtime(t), path, backend.ModelOptions{Provider: infer.CPU, Choices: choose(t, "kind=classes", "activation=none")})
	x, target := []infer.Tensor{m.Input.Pattern()}, []score.Target{score.ClassTarget(0, score.Probability)}
	var stages []string
	ctx, cancel := context.WithCancel(t.Context())
	_, err := m.Gradient(infer.WithProgress(ctx, func(stage string, done float64) {
		stages = append(stages, stage)
		if done > 0.5 {
			cancel()
		}
	}), x, target)
	if !errors.Is(err, context.Canceled) || len(stages) < 3 || !strings.Contains(stages[len(stages)-1], "128 of ") {
		t.Errorf("%v after %q", err, stages)
	}
	if g, err := m.Gradient(t.Context(), x, target); err != nil || len(g[0][0].Data) != 48 {
		t.Errorf("another try: %v", err)
	}
}
