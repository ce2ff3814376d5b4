package visualizers_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"picasso/backend/ort/orttest"
	"picasso/visualizers/methods"
	"strings"
	"testing"

	"picasso/backend"
	"picasso/backend/infer"
	"picasso/backend/metadata"
	"picasso/backend/onnx"
	"picasso/backend/score"
	"picasso/visualizers"
	"picasso/visualizers/vistest"
)

// embedder writes a net of two convolutions that turns pictures of 3×16×16
// into vectors of 6 numbers and length 1, as models of faces do.
func embedder(t *testing.T) string {
	t.Helper()
	random := rand.New(rand.NewPCG(5, 6))
	weights := func(name string, shape ...int64) *onnx.Tensor {
		n := int64(1)
		for _, d := range shape {
			n *= d
		}
		v := make([]float32, n)
		for i := range v {
			v[i] = float32(random.NormFloat64()) / 3
		}
		return onnx.NewTensor(name, shape, v)
	}
	dims := func(sizes ...int64) []onnx.Dim {
		out := []onnx.Dim{{Size: -1, Symbol: "batch"}}
		for _, s := range sizes {
			out = append(out, onnx.Dim{Size: s})
		}
		return out
	}
	m := &onnx.Model{IRVersion: 8, Opsets: map[string]int64{"": 13}, Graph: &onnx.Graph{
		Name: "embedder",
		Nodes: []*onnx.Node{
			{OpType: "Conv", Inputs: []string{"x", "w1", "b1"}, Outputs: []string{"c1"}},
			{OpType: "Relu", Inputs: []string{"c1"}, Outputs: []string{"r1"}},
			{OpType: "Conv", Inputs: []string{"r1", "w2", "b2"}, Outputs: []string{"c2"}},
			{OpType: "Relu", Inputs: []string{"c2"}, Outputs: []string{"r2"}},
			{OpType: "GlobalAveragePool", Inputs: []string{"r2"}, Outputs: []string{"p"}},
			{OpType: "Flatten", Inputs: []string{"p"}, Outputs: []string{"f"}},
			{OpType: "MatMul", Inputs: []string{"f", "w3"}, Outputs: []string{"v"}},
			{OpType: "ReduceL2", Inputs: []string{"v"}, Outputs: []string{"length"}, Attrs: []*onnx.Attr{{Name: "axes", Kind: onnx.AttrInts, Ints: []int64{1}}}},
			{OpType: "Div", Inputs: []string{"v", "length"}, Outputs: []string{"embedding"}},
		},
		Inputs:       []*onnx.Value{{Name: "x", Type: onnx.Float, Shape: dims(3, 16, 16)}},
		Outputs:      []*onnx.Value{{Name: "embedding", Type: onnx.Float, Shape: dims(6)}},
		Initializers: []*onnx.Tensor{weights("w1", 5, 3, 3, 3), weights("w2", 4, 5, 3, 3), weights("w3", 4, 6), weights("b1", 5), weights("b2", 4)},
	}}
	data, err := m.Encode()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "embedder.onnx")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// Every method explains the cosine to another picture.
func TestEveryMethodExplainsAnEmbedding(t *testing.T) {
	r := orttest.Runtime(t)
	other := filepath.Join(t.TempDir(), "other.png")
	saveDisc(t, other, 16)
	m, err := backend.OpenModel(t.Context(), r, embedder(t), backend.ModelOptions{Provider: infer.CPU, Choices: metadata.Choices{References: []string{other}}})
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	img := vistest.Picture(16, 16)
	x, err := m.Prepare(img)
	if err != nil {
		t.Fatal(err)
	}
	in := answered(t, m, x)
	in.Image = img
	in.Targets = []score.Target{score.ClassTarget(0, score.Probability)}
	few := map[string][]string{
		"occlusion": {"size=4", "stride=4"}, "rise": {"masks=50"}, "smoothgrad": {"samples=4"},
		"integrated-gradients": {"steps=64"}, "feature": {"size=8", "stride=8"},
	}
	for _, v := range methods.All() {
		id := v.Info().ID
		t.Run(id, func(t *testing.T) {
			if q, ok := v.(visualizers.Requirer); ok {
				if err := q.Require(m); err != nil {
					t.Fatal(err)
				}
			}
			got := explained(t, id, in, few[id]...)
			for _, mp := range got.Maps {
				if strings.Contains(mp.Unit, "P(") {
					t.Errorf("unit %q speaks of a probability", mp.Unit)
				}
				varied := false
				for _, y := range mp.Values {
					if math.IsInf(float64(y), 0) {
						t.Fatalf("value %v", y)
					}
					varied = varied || y != mp.Values[0]
				}
				if !varied {
					t.Errorf("the map is flat")
				}
				if gap, ok := mp.Metrics["completeness_gap"]; ok && math.Abs(gap) > 0.05 {
					t.Errorf("the shares miss the cosine by %g", gap)
				}
			}
			if id == "prediction" && !strings.HasPrefix(got.Note, "cos(other.png) is ") {
				t.Errorf("the verdict is %q", got.Note)
			}
		})
	}
}

// saveDisc writes a red disc on black.
func saveDisc(t *testing.T, path string, side int) {
	t.Helper()
	m := image.NewNRGBA(image.Rect(0, 0, side, side))
	for i := range side * side {
		x, y := i%side-side/2, i/side-side/2
		c := color.NRGBA{A: 255}
		if x*x+y*y < side*side/9 {
			c.R = 230
		}
		m.SetNRGBA(i%side, i/side, c)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}
