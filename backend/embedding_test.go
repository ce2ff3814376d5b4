package backend_test

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
	"testing"

	"picasso/backend"
	"picasso/backend/fake"
	"picasso/backend/infer"
	"picasso/backend/metadata"
	"picasso/backend/npy"
	"picasso/backend/onnx"
	"picasso/backend/perturb"
	"picasso/backend/picture"
	"picasso/backend/score"
)

// embedder is a net of a convolution, a sigmoid and an average whose output has
// a name: 4 numbers for pictures of channels×6×6.
func embedder(t *testing.T, output string, channels int64) string {
	t.Helper()
	random := rand.New(rand.NewPCG(7, 7))
	weights := make([]float32, 4*channels*9)
	for i := range weights {
		weights[i] = float32(random.NormFloat64())
	}
	m := &onnx.Model{IRVersion: 8, Opsets: map[string]int64{"": 13}, Graph: &onnx.Graph{
		Name: "embedder",
		Nodes: []*onnx.Node{
			{OpType: "Conv", Inputs: []string{"x", "w"}, Outputs: []string{"conv"}},
			{OpType: "Sigmoid", Inputs: []string{"conv"}, Outputs: []string{"bent"}},
			{OpType: "GlobalAveragePool", Inputs: []string{"bent"}, Outputs: []string{"mean"}},
			{OpType: "Flatten", Inputs: []string{"mean"}, Outputs: []string{"flat"}},
			{OpType: "Sub", Inputs: []string{"flat", "half"}, Outputs: []string{output}},
		},
		Inputs:       []*onnx.Value{{Name: "x", Type: onnx.Float, Shape: shape(-1, channels, 6, 6)}},
		Outputs:      []*onnx.Value{{Name: output, Type: onnx.Float, Shape: shape(-1, 4)}},
		Initializers: []*onnx.Tensor{onnx.NewTensor("w", []int64{4, channels, 3, 3}, weights), onnx.NewTensor("half", []int64{1}, []float32{0.5})},
	}}
	return saveModel(t, m)
}

// writeVector writes an array.
func writeVector(t *testing.T, path string, shape []int, values ...float32) string {
	t.Helper()
	var b bytes.Buffer
	if err := npy.Write(&b, shape, values); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// writePicture writes a picture of 6×6 pixels whose colours follow from the seed.
func writePicture(t *testing.T, path string, seed uint8) string {
	t.Helper()
	m := image.NewNRGBA(image.Rect(0, 0, 6, 6))
	for i := range 36 {
		v := uint8(i) * seed
		m.SetNRGBA(i%6, i/6, color.NRGBA{v, 255 - v, v / 2, 255})
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func openPicture(t *testing.T, path string) *picture.Image {
	t.Helper()
	m, err := picture.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// The embedding of a picture (3, 4) is the picture itself. Its cosine to (1, 0)
// is 3/5, with the gradient ((1, 0) − 0.6·(0.6, 0.8)) / 5; that to (0, 2) is 4/5.
func TestCosineByHand(t *testing.T) {
	r := orttest.Runtime(t)
	m := &onnx.Model{IRVersion: 8, Opsets: map[string]int64{"": 13}, Graph: &onnx.Graph{
		Name:    "copy",
		Nodes:   []*onnx.Node{{OpType: "Flatten", Inputs: []string{"x"}, Outputs: []string{"embedding"}}},
		Inputs:  []*onnx.Value{{Name: "x", Type: onnx.Float, Shape: shape(-1, 1, 1, 2)}},
		Outputs: []*onnx.Value{{Name: "embedding", Type: onnx.Float, Shape: shape(-1, 2)}},
	}}
	path, folder := saveModel(t, m), t.TempDir()
	right := writeVector(t, filepath.Join(folder, "right.npy"), []int{2}, 1, 0)
	down := writeVector(t, filepath.Join(folder, "down.npy"), []int{1, 2}, 0, 2)
	model := open(t, r, path, backend.ModelOptions{Provider: infer.CPU, Choices: metadata.Choices{References: []string{right, down}}})
	x := infer.Tensor{Shape: []int{1, 1, 2}, Data: []float32{3, 4}}
	none := infer.Tensor{Shape: []int{1, 1, 2}, Data: []float32{0, 0}}
	s, err := model.Predict(t.Context(), []infer.Tensor{x, none})
	if err != nil {
		t.Fatal(err)
	}
	closeTo(t, "cosines", s[0].Probabilities, []float32{0.6, 0.8})
	closeTo(t, "cosines of nothing", s[1].Probabilities, []float32{0, 0})
	if s[0].Logits != nil || model.HasLogits() {
		t.Error("an embedding has logits")
	}
	targets := []score.Target{
		score.ClassTarget(0, score.Probability),
		{Class: 0, Against: 1, Score: score.Probability},
	}
	g, err := model.Gradient(t.Context(), []infer.Tensor{x, none}, targets)
	if err != nil {
		t.Fatal(err)
	}
	closeTo(t, "gradient", g[0][0].Data, []float32{0.128, -0.096})
	closeTo(t, "gradient of the difference", g[0][1].Data, []float32{0.128 + 0.096, -0.096 - 0.072})
	closeTo(t, "gradient at nothing", g[1][0].Data, []float32{0, 0})
	if got := targets[1].Symbol(model); got != "cos(right.npy) − cos(down.npy)" {
		t.Errorf("the contrast is called %q", got)
	}
}

func TestCosineGradientIsTheSlope(t *testing.T) {
	r := orttest.Runtime(t)
	path := embedder(t, "features", 3)
	references := []string{writePicture(t, filepath.Join(t.TempDir(), "a.png"), 7), writePicture(t, filepath.Join(t.TempDir(), "b.png"), 31)}
	m := open(t, r, path, backend.ModelOptions{Provider: infer.CPU, Choices: metadata.Choices{References: references}})
	random := rand.New(rand.NewPCG(1, 2))
	x := infer.NewTensor(3, 6, 6)
	for i := range x.Data {
		x.Data[i] = random.Float32()
	}
	targets := []score.Target{score.ClassTarget(1, score.Probability), {Class: 1, Against: 0, Score: score.Probability}}
	g, err := m.Gradient(t.Context(), []infer.Tensor{x}, targets)
	if err != nil {
		t.Fatal(err)
	}
	const step = 1e-2
	for k, target := range targets {
		for i := range x.Data {
			var v [2]float64
			for side, sign := range []float32{1, -1} {
				y := x.Clone()
				y.Data[i] += sign * step
				s, err := m.Predict(t.Context(), []infer.Tensor{y})
				if err != nil {
					t.Fatal(err)
				}
				if v[side], err = target.Value(s[0]); err != nil {
					t.Fatal(err)
				}
			}
			slope := (v[0] - v[1]) / (2 * step)
			if d := math.Abs(slope - float64(g[0][k].Data[i])); !(d < 2e-4) {
				t.Fatalf("target %d, pixel %d: gradient %g, slope %g", k, i, g[0][k].Data[i], slope)
			}
		}
	}
}

// The states of a transformer are neither boxes nor classes.
func TestHiddenStatesAreAnEmbedding(t *testing.T) {
	for name, want := range map[string]score.OutputKind{"last_hidden_state": score.Embedding, "y": score.Detection} {
		m := &onnx.Model{IRVersion: 8, Opsets: map[string]int64{"": 13}, Graph: &onnx.Graph{
			Name:    "g",
			Nodes:   []*onnx.Node{{OpType: "Flatten", Inputs: []string{"x"}, Outputs: []string{name}}},
			Inputs:  []*onnx.Value{{Name: "x", Type: onnx.Float, Shape: shape(-1, 3, 4, 8)}},
			Outputs: []*onnx.Value{{Name: name, Type: onnx.Float}},
		}}
		o := &fake.Opener{Make: func(infer.Source, infer.SessionOptions) (infer.Session, error) {
			return &fake.Session{In: []infer.Port{{Name: "x"}}, Out: []infer.Port{{Name: name}}, Func: fake.PerPicture(constant([]int{5, 12}, make([]float32, 60)...))}, nil
		}}
		model := open(t, o, saveModel(t, m), backend.ModelOptions{})
		if model.Output.Kind != want || want == score.Embedding && model.Output.Dimensions != 60 {
			t.Errorf("%s is taken for %s", name, model.Output.Kind)
		}
	}
}

func TestWhatIsNoEmbedding(t *testing.T) {
	r := orttest.Runtime(t)
	path := embedder(t, "features", 3)
	for name, m := range map[string]*backend.Model{
		"the user says so":     open(t, r, path, backend.ModelOptions{Provider: infer.CPU, Choices: choose(t, "kind=classes")}),
		"an activation":        open(t, r, path, backend.ModelOptions{Provider: infer.CPU, Choices: choose(t, "activation=softmax")}),
		"names of all classes": open(t, r, path, backend.ModelOptions{Provider: infer.CPU, Choices: choose(t, `labels=["a","b","c","d"]`)}),
		"another output name":  open(t, r, embedder(t, "y", 3), backend.ModelOptions{Provider: infer.CPU}),
	} {
		if m.Output.Kind != score.Classes {
			t.Errorf("%s: taken for %s (%s)", name, m.Output.Kind, m.Output.Origin)
		}
	}
	m := open(t, r, embedder(t, "y", 3), backend.ModelOptions{Provider: infer.CPU, Choices: choose(t, "kind=embedding")})
	if m.Output.Kind != score.Embedding {
		t.Errorf("kind=embedding gives %s", m.Output.Kind)
	}
}

// Face recognition ends in a batch normalisation, whatever its output is called.
func TestNormalisedEndIsAnEmbedding(t *testing.T) {
	for length, want := range map[int]score.OutputKind{64: score.Embedding, 10: score.Classes} {
		m := &onnx.Model{IRVersion: 8, Opsets: map[string]int64{"": 13}, Graph: &onnx.Graph{
			Name: "g",
			Nodes: []*onnx.Node{
				{OpType: "BatchNormalization", Inputs: []string{"x", "s", "b", "m", "v"}, Outputs: []string{"n"}},
				{OpType: "Flatten", Inputs: []string{"n"}, Outputs: []string{"683"}},
			},
			Inputs:  []*onnx.Value{{Name: "x", Type: onnx.Float, Shape: shape(-1, 3, 4, 8)}},
			Outputs: []*onnx.Value{{Name: "683", Type: onnx.Float}},
			Initializers: []*onnx.Tensor{
				onnx.NewTensor("s", []int64{3}, []float32{1, 1, 1}), onnx.NewTensor("b", []int64{3}, []float32{0, 0, 0}),
				onnx.NewTensor("m", []int64{3}, []float32{0, 0, 0}), onnx.NewTensor("v", []int64{3}, []float32{1, 1, 1}),
			},
		}}
		o := &fake.Opener{Make: func(infer.Source, infer.SessionOptions) (infer.Session, error) {
			return &fake.Session{In: []infer.Port{{Name: "x"}}, Out: []infer.Port{{Name: "683"}}, Func: fake.PerPicture(constant([]int{length}, make([]float32, length)...))}, nil
		}}
		if model := open(t, o, saveModel(t, m), backend.ModelOptions{}); model.Output.Kind != want {
			t.Errorf("%d numbers behind a normalisation are taken for %s (%s)", length, model.Output.Kind, model.Output.Origin)
		}
	}
}

// Scores of covered copies are the same in every way.
func TestEmbeddingsInEveryEngine(t *testing.T) {
	r := orttest.Runtime(t)
	path := embedder(t, "embedding", 3)
	cat := writePicture(t, filepath.Join(t.TempDir(), "cat.png"), 7)
	m := open(t, r, path, backend.ModelOptions{Provider: infer.CPU, Choices: metadata.Choices{References: []string{cat}}})
	base, err := m.Prepare(openPicture(t, cat))
	if err != nil {
		t.Fatal(err)
	}
	covered, window := base.Clone(), image.Rect(1, 1, 4, 3)
	for c := range 3 {
		for y := window.Min.Y; y < window.Max.Y; y++ {
			for x := window.Min.X; x < window.Max.X; x++ {
				covered.Data[(c*6+y)*6+x] = 0
			}
		}
	}
	var got [3]float32
	for i, engine := range []perturb.Engine{perturb.PlainEngine, perturb.IncrementalEngine, perturb.GraphEngine} {
		copies, err := m.Copies(t.Context(), base, []perturb.Box{perturb.Rectangle(window)}, nil, engine)
		if err != nil {
			t.Fatal(err)
		}
		s, err := copies.Score(t.Context(), []infer.Tensor{covered}, []perturb.Box{perturb.Rectangle(window)})
		copies.Close()
		if err != nil {
			t.Fatal(err)
		}
		got[i] = s[0].Probabilities[0]
	}
	for i, v := range got[1:] {
		if d := math.Abs(float64(got[0] - v)); !(d < 1e-6) || got[0] > 0.9999 {
			t.Errorf("plain %g, engine %d %g", got[0], i+1, v)
		}
	}
}
