package backend_test

import (
	"math"
	"strings"
	"testing"

	"picasso/backend"
	"picasso/backend/infer"
	"picasso/backend/metadata"
	"picasso/backend/onnx"
	"picasso/backend/ort/orttest"
	"picasso/backend/picture"
	"picasso/backend/score"
)

// resizing is a network that brings pictures of any size to 8×8 first.
func resizing(t *testing.T, input []onnx.Dim, last bool) string {
	t.Helper()
	g := newGraph()
	g.m.Graph.Inputs[0].Shape, g.m.Graph.Inputs[0].Type = input, onnx.Uint8
	x := g.node("Cast", []*onnx.Attr{intAttr("to", int(onnx.Float))}, "x")
	if len(input) == 3 {
		x = g.node("Unsqueeze", nil, x, g.ints(0))
	}
	if last {
		x = g.transpose(x, 0, 3, 1, 2)
	}
	sizes := g.ints(1, 3, 8, 8)
	x = g.node("Resize", []*onnx.Attr{{Name: "mode", Kind: onnx.AttrString, S: []byte("linear")}}, x, "", "", sizes)
	x = g.node("Div", nil, x, g.constant(nil, 255))
	two := &onnx.Attr{Name: "strides", Kind: onnx.AttrInts, Ints: []int64{2, 2}}
	x = g.node("Relu", nil, g.node("Conv", []*onnx.Attr{two}, x, g.weights(5, 3, 2, 2)))
	g.head(g.reshape(x, 0, 5, 16), 2)
	return saveModel(t, g.m)
}

// A graph that resizes pictures itself gets each in its own size, and layers,
// gradients and covered copies follow.
func TestPicturesKeepTheirSizeWhereTheGraphResizes(t *testing.T) {
	r := orttest.Runtime(t)
	for name, path := range map[string]string{
		"channels first": resizing(t, shape(1, 3, -1, -1), false), "channels last": resizing(t, shape(1, -1, -1, 3), true),
		"channels first, no batch": resizing(t, shape(3, -1, -1), false), "channels last, no batch": resizing(t, shape(-1, -1, 3), true),
	} {
		t.Run(name, func(t *testing.T) {
			m := open(t, r, path, backend.ModelOptions{Provider: infer.CPU})
			for _, size := range [][2]int{{20, 30}, {8, 8}, {41, 13}} {
				pix := make([]float32, size[0]*size[1]*3)
				for i := range pix {
					pix[i] = float32((i * 37) % 256)
				}
				img := picture.NewFloat("picture", size[1], size[0], 3, pix)
				if err := m.Fit(img.Height, img.Width); err != nil {
					t.Fatal(err)
				}
				x, err := m.Prepare(img)
				if err != nil {
					t.Fatal(err)
				}
				if _, h, w := m.Shape(); h != size[0] || w != size[1] || x.Shape[1] != h || x.Shape[2] != w {
					t.Fatalf("the picture of %v pixels is given as %v", size, x.Shape)
				}
				scores, err := m.Predict(t.Context(), []infer.Tensor{x})
				if err != nil {
					t.Fatal(err)
				}
				target := score.ClassTarget(1, score.Logit)
				g, err := m.Gradient(t.Context(), []infer.Tensor{x}, []score.Target{target})
				if err != nil {
					t.Fatal(err)
				}
				at, step := 0, float32(8)
				for i, v := range g[0][0].Data {
					if math.Abs(float64(v)) > math.Abs(float64(g[0][0].Data[at])) && x.Data[i] < 200 {
						at = i
					}
				}
				x.Data[at] += step
				moved, err := m.Predict(t.Context(), []infer.Tensor{x})
				if err != nil {
					t.Fatal(err)
				}
				got, want := float64(moved[0].Logits[1]-scores[0].Logits[1])/float64(step), float64(g[0][0].Data[at])
				if d := math.Abs(got - want); !(d <= 0.1*math.Abs(want)) {
					t.Errorf("a step at element %d changes the logit by %g, the gradient is %g", at, got, want)
				}
				if last := m.LastLayer(); last == "" {
					t.Error("there is no layer")
				}
			}
			if warned := strings.Join(texts(m), "\n"); strings.Contains(warned, "size") {
				t.Errorf("it warns: %s", warned)
			}
		})
	}
	m := open(t, r, resizing(t, shape(1, 3, -1, -1), false), backend.ModelOptions{Provider: infer.CPU, Choices: metadata.Choices{Size: [2]int{10, 12}}})
	if err := m.Fit(20, 30); err != nil {
		t.Fatal(err)
	}
	if _, h, w := m.Shape(); h != 10 || w != 12 {
		t.Errorf("a size that was asked for becomes %d×%d", w, h)
	}
}

// Lengths of 0 are open ones.
func TestLengthsOfZeroAreOpen(t *testing.T) {
	g := newGraph()
	g.m.Graph.Inputs[0].Shape = shape(0, 3, 0, 0)
	pooled := g.node("GlobalAveragePool", nil, g.patches())
	g.scores(g.node("Flatten", nil, pooled))
	g.m.Graph.Outputs[0].Shape = shape(0, 3)
	m := open(t, orttest.Runtime(t), saveModel(t, g.m), backend.ModelOptions{Provider: infer.CPU, Choices: metadata.Choices{Size: [2]int{24, 40}}})
	if !m.Input.Dynamic || m.Input.FixedBatch {
		t.Errorf("the input is %+v", m.Input)
	}
	if _, err := m.Predict(t.Context(), []infer.Tensor{m.Input.Pattern(), m.Input.Pattern()}); err != nil {
		t.Error(err)
	}
}

// Sixteen-bit inputs that the graph divides by 255 hold 0…255, others 0…65535.
func TestScaleOfSixteenBits(t *testing.T) {
	r := orttest.Runtime(t)
	for divisor, want := range map[float32]float32{255: 200, 65535: 200 * 257, 0: 200 * 257} {
		g := newGraph()
		g.m.Graph.Inputs[0].Type = onnx.Uint16
		x := g.node("Cast", []*onnx.Attr{intAttr("to", int(onnx.Float))}, "x")
		if divisor > 0 {
			x = g.node("Div", nil, x, g.constant(nil, divisor))
		}
		pooled := g.node("GlobalAveragePool", nil, g.node("Conv", nil, x, g.weights(5, 3, 4, 4)))
		g.scores(g.node("Flatten", nil, pooled))
		m := open(t, r, saveModel(t, g.m), backend.ModelOptions{Provider: infer.CPU})
		if got := m.Encoder(nil)([]float32{200, 200, 200})[0]; got != want {
			t.Errorf("divided by %g: 200 becomes %g, want %g (%s)", divisor, got, want, m.Origins["preprocess.scale"])
		}
	}
}

// Models of many channels take arrays at once; a picture needs to be told what
// each channel gets.
func TestManyChannelsTakeArrays(t *testing.T) {
	g := newGraph()
	g.m.Graph.Inputs[0].Shape = shape(-1, 20, 16, 24)
	pooled := g.node("GlobalAveragePool", nil, g.node("Conv", nil, "x", g.weights(5, 20, 4, 4)))
	g.scores(g.node("Flatten", nil, pooled))
	path := saveModel(t, g.m)
	m := open(t, orttest.Runtime(t), path, backend.ModelOptions{Provider: infer.CPU})
	x, err := m.Accept(infer.NewTensor(1, 20, 16, 24))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := m.Predict(t.Context(), []infer.Tensor{x}); err != nil {
		t.Error(err)
	}
	if _, err := m.Prepare(picture.NewFloat("p", 24, 16, 3, make([]float32, 24*16*3))); err == nil || !strings.Contains(err.Error(), ".npy") {
		t.Errorf("a picture gives the error %v", err)
	}
}
