package backend_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"picasso/backend"
	"picasso/backend/fake"
	"picasso/backend/infer"
	"picasso/backend/metadata"
	"picasso/backend/onnx"
	"picasso/backend/picture"
	"picasso/backend/preprocess"
	"picasso/backend/score"
)

// shape makes dimensions; −1 is an open one.
func shape(sizes ...int64) []onnx.Dim {
	dims := make([]onnx.Dim, len(sizes))
	for i, s := range sizes {
		dims[i].Size = s
	}
	return dims
}

// writeModel writes a model of one node, whose answers come from a fake
// session, into a folder of its own.
func writeModel(t *testing.T, input []onnx.Dim, typ onnx.DataType, op string, output []onnx.Dim) string {
	t.Helper()
	m := &onnx.Model{IRVersion: 8, Opsets: map[string]int64{"": 13}, Graph: &onnx.Graph{
		Name:    "g",
		Nodes:   []*onnx.Node{{OpType: "Flatten", Inputs: []string{"x"}, Outputs: []string{"z"}}, {OpType: op, Inputs: []string{"z"}, Outputs: []string{"y"}}},
		Inputs:  []*onnx.Value{{Name: "x", Type: typ, Shape: input}},
		Outputs: []*onnx.Value{{Name: "y", Type: onnx.Float, Shape: output}},
	}}
	return saveModel(t, m)
}

// answer is an opener whose sessions compute y (and z, where asked for) from
// one picture.
func answer(y func(x infer.Tensor) infer.Tensor) *fake.Opener {
	return &fake.Opener{Make: func(src infer.Source, _ infer.SessionOptions) (infer.Session, error) {
		s := &fake.Session{In: []infer.Port{{Name: "x"}}, Out: []infer.Port{{Name: "y"}}}
		one := fake.PerPicture(y)
		s.Func = one
		if src.Bytes != nil {
			s.Out = append(s.Out, infer.Port{Name: "z"})
			s.Func = func(ctx context.Context, in []infer.Tensor) ([]infer.Tensor, error) {
				out, err := one(ctx, in)
				return append(out, out...), err
			}
		}
		return s, nil
	}}
}

// constant answers with the same values for every picture.
func constant(shape []int, values ...float32) func(infer.Tensor) infer.Tensor {
	return func(infer.Tensor) infer.Tensor { return infer.Tensor{Shape: shape, Data: values} }
}

func TestScoresOfEveryKindOfOutput(t *testing.T) {
	half := float32(0.5)
	tests := []struct {
		name   string
		op     string
		answer func(infer.Tensor) infer.Tensor
		want   score.Output
		prob   []float32
		logit  []float32
	}{
		{"logits", "Identity", constant([]int{2}, 0, float32(math.Log(3))),
			score.Output{Kind: score.Classes, Classes: 2, Activation: score.Softmax}, []float32{0.25, 0.75}, []float32{0, float32(math.Log(3))}},
		{"single logit", "Identity", constant([]int{1}, 0),
			score.Output{Kind: score.Classes, Classes: 2, Activation: score.Sigmoid, Binary: true}, []float32{half, half}, []float32{0, 0}},
		{"huge logits", "Identity", constant([]int{2}, 1e30, 1e30),
			score.Output{Kind: score.Classes, Classes: 2, Activation: score.Softmax}, []float32{half, half}, []float32{1e30, 1e30}},
		{"spatial ones", "Identity", constant([]int{2, 1, 1}, 0, 0),
			score.Output{Kind: score.Classes, Classes: 2, Activation: score.Softmax}, []float32{half, half}, []float32{0, 0}},
		{"segmentation", "Identity", constant([]int{2, 2, 2}, 0, 0, 0, 0, 0, 0, 0, 0),
			score.Output{Kind: score.Segmentation, Classes: 2, Activation: score.Softmax}, []float32{2, 2}, []float32{0, 0}},
		{"sigmoid in the graph", "Sigmoid", constant([]int{3}, 0.5, 0.25, 0.75),
			score.Output{Kind: score.Classes, Classes: 3, Activation: score.Sigmoid, InGraph: true}, []float32{0.5, 0.25, 0.75}, []float32{0.5, 0.25, 0.75}},
		{"number of the best class", "ArgMax", constant([]int{2}, 0, float32(math.Log(3))),
			score.Output{Kind: score.Classes, Classes: 2, Activation: score.Softmax}, []float32{0.25, 0.75}, []float32{0, float32(math.Log(3))}},
		{"boxes in rows", "Concat", constant([]int{8, 7}, rowsOf(8, 7)...),
			score.Output{Kind: score.Detection, Classes: 2, Activation: score.Sigmoid, InGraph: true}, []float32{half, 0.75}, []float32{0, float32(math.Log(3))}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := writeModel(t, shape(-1, 3, 4, 8), onnx.Float, tt.op, nil)
			m := open(t, answer(tt.answer), path, backend.ModelOptions{})
			o := m.Output
			if o.Kind != tt.want.Kind || o.Classes != tt.want.Classes || o.Activation != tt.want.Activation || o.InGraph != tt.want.InGraph || o.Binary != tt.want.Binary {
				t.Errorf("output is %+v, want %+v", o, tt.want)
			}
			s, err := m.Predict(t.Context(), []infer.Tensor{infer.NewTensor(3, 4, 8)})
			if err != nil {
				t.Fatal(err)
			}
			closeTo(t, "probabilities", s[0].Probabilities, tt.prob)
			closeTo(t, "logits", s[0].Logits, tt.logit)
		})
	}
}

// rowsOf are boxes of which the third is the best, with the class scores 0.5
// and 0.75.
func rowsOf(count, width int) []float32 {
	v := make([]float32, count*width)
	for i := range count {
		v[i*width] = 100 // x in pixels
		v[i*width+4] = 0.1
	}
	v[2*width+4], v[2*width+5], v[2*width+6] = 0.9, 0.5, 0.75
	return v
}

func closeTo(t *testing.T, what string, got, want []float32) {
	t.Helper()
	if !slices.EqualFunc(got, want, func(a, b float32) bool { return math.Abs(float64(a-b)) <= 1e-5*max(1, math.Abs(float64(b))) }) {
		t.Errorf("%s are %v, want %v", what, got, want)
	}
}

func TestInputsOfEveryKind(t *testing.T) {
	tests := []struct {
		name  string
		shape []onnx.Dim
		typ   onnx.DataType
		want  preprocess.Input
		scale [2]float64
	}{
		{"channels first", shape(-1, 3, 4, 8), onnx.Float, preprocess.Input{Layout: preprocess.NCHW, Channels: 3, Height: 4, Width: 8, Batched: true}, [2]float64{1.0 / 255, 0}},
		{"channels last", shape(1, 4, 8, 3), onnx.Float, preprocess.Input{Layout: preprocess.NHWC, Channels: 3, Height: 4, Width: 8, Batched: true}, [2]float64{1.0 / 255, 0}},
		{"grey bytes", shape(-1, 1, 4, 8), onnx.Uint8, preprocess.Input{Layout: preprocess.NCHW, Channels: 1, Height: 4, Width: 8, Batched: true}, [2]float64{1, 0}},
		{"signed bytes", shape(-1, 4, 8, 1), onnx.Int8, preprocess.Input{Layout: preprocess.NHWC, Channels: 1, Height: 4, Width: 8, Batched: true}, [2]float64{1, -128}},
		{"open size", shape(-1, 3, -1, -1), onnx.Float, preprocess.Input{Layout: preprocess.NCHW, Channels: 3, Height: 224, Width: 224, Batched: true, Dynamic: true}, [2]float64{1.0 / 255, 0}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := writeModel(t, tt.shape, tt.typ, "Identity", nil)
			m := open(t, answer(constant([]int{2}, 1, 2)), path, backend.ModelOptions{})
			tt.want.Name, tt.want.Type = "x", tt.typ
			if m.Input != tt.want {
				t.Errorf("got %+v, want %+v", m.Input, tt.want)
			}
			if m.Preprocess.Scale != tt.scale || m.Origins["preprocess.scale"] == "" {
				t.Errorf("scale %v (%s), want %v", m.Preprocess.Scale, m.Origins["preprocess.scale"], tt.scale)
			}
		})
	}
}

func TestChannelsLastGetsInterleavedPixels(t *testing.T) {
	path := writeModel(t, shape(-1, 1, 2, 3), onnx.Float, "Identity", nil)
	var seen []float32
	m := open(t, answer(func(x infer.Tensor) infer.Tensor {
		seen = append([]float32(nil), x.Data...)
		return infer.Tensor{Shape: []int{2}, Data: []float32{0, 0}}
	}), path, backend.ModelOptions{})
	if m.Input.Layout != preprocess.NHWC {
		t.Fatalf("layout is %s", m.Input.Layout)
	}
	x := infer.Tensor{Shape: []int{3, 1, 2}, Data: []float32{1, 2, 3, 4, 5, 6}}
	if _, err := m.Predict(t.Context(), []infer.Tensor{x}); err != nil {
		t.Fatal(err)
	}
	if want := []float32{1, 3, 5, 2, 4, 6}; !slices.Equal(seen, want) {
		t.Errorf("the session saw %v, want %v", seen, want)
	}
	if back := m.Input.Planar(seen); !slices.Equal(back.Data, x.Data) {
		t.Errorf("back it is %v, want %v", back.Data, x.Data)
	}
}

// A model whose file promises a free batch axis that a Reshape inside breaks.
func TestBatchThatDoesNotWorkIsRunOneByOne(t *testing.T) {
	path := writeModel(t, shape(-1, 3, 4, 8), onnx.Float, "Identity", nil)
	runs := 0
	o := &fake.Opener{Make: func(infer.Source, infer.SessionOptions) (infer.Session, error) {
		return &fake.Session{In: []infer.Port{{Name: "x"}}, Out: []infer.Port{{Name: "y"}},
			Func: func(_ context.Context, in []infer.Tensor) ([]infer.Tensor, error) {
				runs++
				if in[0].Shape[0] != 1 {
					return nil, errors.New("reshape")
				}
				return []infer.Tensor{{Shape: []int{1, 2}, Data: []float32{in[0].Data[0], 0}}}, nil
			}}, nil
	}}
	m := open(t, o, path, backend.ModelOptions{})
	batch := []infer.Tensor{infer.NewTensor(3, 4, 8), infer.NewTensor(3, 4, 8)}
	batch[1].Data[0] = 5
	for range 2 {
		s, err := m.Predict(t.Context(), batch)
		if err != nil {
			t.Fatal(err)
		}
		if s[0].Logits[0] != 0 || s[1].Logits[0] != 5 {
			t.Errorf("logits are %v and %v", s[0].Logits, s[1].Logits)
		}
	}
	if runs != 1+3+2 { // the trial; the batch and its two pictures; two pictures
		t.Errorf("%d runs, want 6", runs)
	}
}

func TestPredictStopsWithItsContext(t *testing.T) {
	path := writeModel(t, shape(-1, 3, 4, 8), onnx.Float, "Identity", nil)
	m := open(t, answer(constant([]int{2}, 0, 0)), path, backend.ModelOptions{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := m.Predict(ctx, []infer.Tensor{infer.NewTensor(3, 4, 8)}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want the context's error", err)
	}
	if _, err := backend.OpenModel(ctx, answer(nil), path, backend.ModelOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("opening: got %v, want the context's error", err)
	}
	if _, err := m.Predict(t.Context(), []infer.Tensor{infer.NewTensor(3, 8, 4)}); err == nil || !strings.Contains(err.Error(), "3") {
		t.Errorf("a tensor of the wrong shape gave %v", err)
	}
}

func TestActivationCanBeChosen(t *testing.T) {
	path := writeModel(t, shape(-1, 3, 4, 8), onnx.Float, "Identity", nil)
	m := open(t, answer(constant([]int{2}, 0, float32(math.Log(3)))), path, backend.ModelOptions{})
	for _, tt := range []struct {
		a    score.Activation
		want []float32
	}{
		{score.Sigmoid, []float32{0.5, 0.75}},
		{score.Identity, []float32{0, float32(math.Log(3))}},
		{score.Softmax, []float32{0.25, 0.75}},
	} {
		if err := use(m, metadata.Choices{Activation: tt.a}); err != nil {
			t.Fatal(err)
		}
		s, err := m.Predict(t.Context(), []infer.Tensor{infer.NewTensor(3, 4, 8)})
		if err != nil {
			t.Fatal(err)
		}
		closeTo(t, string(tt.a), s[0].Probabilities, tt.want)
	}
	if err := use(m, metadata.Choices{Activation: "tanh"}); err == nil {
		t.Error("an unknown activation was taken")
	}
}

func TestPrepareUsesTheModelsOwnPlace(t *testing.T) {
	path := writeModel(t, shape(-1, 3, 4, 8), onnx.Float, "Identity", nil)
	m := open(t, answer(constant([]int{2}, 0, 0)), path, backend.ModelOptions{})
	img := picture.NewFloat("x", 16, 8, 3, make([]float32, 16*8*3))
	x, err := m.Prepare(img)
	if err != nil || !slices.Equal(x.Shape, []int{3, 4, 8}) {
		t.Fatalf("shape %v, %v", x.Shape, err)
	}
	if p := m.Place(img); p.ScaleX != 2 || p.ScaleY != 2 {
		t.Errorf("placement %+v", p)
	}
	if got := m.Encoder(nil)([]float32{255, 0, 51}); !slices.Equal(got, []float32{1, 0, 0.2}) {
		t.Errorf("encoded %v", got)
	}
}
