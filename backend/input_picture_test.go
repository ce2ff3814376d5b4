package backend_test

import (
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"picasso/backend"
	"picasso/backend/onnx"
)

// twoPictures is a model with logits = w·(a − b), where w of class 0 is
// 1, 2, 3, … in the order of the channels, rows and columns, and w of class 1
// its opposite. b is of the given type and shape.
func twoPictures(t *testing.T, channels int64, typ onnx.DataType, other []onnx.Dim) string {
	t.Helper()
	n := int(channels) * 4
	w := make([]float32, 2*n)
	for i := range n {
		w[2*i], w[2*i+1] = float32(i+1), -float32(i+1)
	}
	return saveModel(t, &onnx.Model{IRVersion: 8, Opsets: map[string]int64{"": 13}, Graph: &onnx.Graph{
		Name: "two",
		Nodes: []*onnx.Node{
			{OpType: "Cast", Inputs: []string{"b"}, Outputs: []string{"c"}, Attrs: []*onnx.Attr{intAttr("to", int(onnx.Float))}},
			{OpType: "Sub", Inputs: []string{"a", "c"}, Outputs: []string{"d"}},
			{OpType: "Flatten", Inputs: []string{"d"}, Outputs: []string{"f"}},
			{OpType: "MatMul", Inputs: []string{"f", "w"}, Outputs: []string{"logits"}},
		},
		Inputs:       []*onnx.Value{{Name: "a", Type: onnx.Float, Shape: shape(-1, channels, 2, 2)}, {Name: "b", Type: typ, Shape: other}},
		Outputs:      []*onnx.Value{{Name: "logits", Type: onnx.Float, Shape: shape(-1, 2)}},
		Initializers: []*onnx.Tensor{onnx.NewTensor("w", []int64{int64(n), 2}, w)},
	}})
}

// writeColors writes a picture of 2×2 pixels.
func writeColors(t *testing.T, path string, colors ...color.NRGBA) string {
	t.Helper()
	m := image.NewNRGBA(image.Rect(0, 0, 2, 2))
	for i, c := range colors {
		m.SetNRGBA(i%2, i/2, c)
	}
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, m); err != nil {
		t.Fatal(err)
	}
	return path
}

func grey(v uint8) color.NRGBA { return color.NRGBA{v, v, v, 255} }

// logit is the first logit for a picture of zeros.
func logit(t *testing.T, m *backend.Model, values ...float32) float32 {
	t.Helper()
	x := backend.NewTensor(m.Shape())
	copy(x.Data, values)
	s, err := m.Predict(t.Context(), []backend.Tensor{x})
	if err != nil {
		t.Fatal(err)
	}
	return s[0].Logits[0]
}

func TestPicturesAsConstants(t *testing.T) {
	r := onnxRuntime(t)
	red := color.NRGBA{255, 0, 0, 255}
	for _, tt := range []struct {
		name     string
		channels int64
		typ      onnx.DataType
		other    []onnx.Dim
		colors   []color.NRGBA
		keys     string
		want     float32 // −w·b
	}{
		// The red plane counts 1+2+3+4.
		{"colour", 3, onnx.Float, shape(-1, 3, 2, 2), []color.NRGBA{red, red, red, red}, "", -10},
		{"blue first", 3, onnx.Float, shape(1, 3, 2, 2), []color.NRGBA{red, red, red, red}, `"color": "bgr"`, -(9 + 10 + 11 + 12)},
		{"raw values", 3, onnx.Float, shape(1, 3, 2, 2), []color.NRGBA{red, red, red, red}, `"scale": [1, 0]`, -2550},
		// Mean 0.5 and deviation 0.25: red is 2, the others are −2.
		{"normalised", 3, onnx.Float, shape(1, 3, 2, 2), []color.NRGBA{red, red, red, red}, `"mean": 0.5, "std": 0.25`, -2*10 + 2*(78-10)},
		{"half precision", 3, onnx.Float16, shape(1, 3, 2, 2), []color.NRGBA{red, red, red, red}, "", -10},
		{"grey", 1, onnx.Float, shape(1, 1, 2, 2), []color.NRGBA{grey(0), grey(255), grey(0), grey(51)}, "", -(2 + 4*0.2)},
		// A mask is 0…1 whatever the preparation: 1 in the second and fourth pixel of each channel.
		{"mask", 3, onnx.Float, shape(1, 1, 2, 2), []color.NRGBA{grey(0), grey(255), grey(0), grey(255)}, `"mean": 0.5, "std": 0.25`, -(2 + 4 + 6 + 8 + 10 + 12)},
		{"mask without channels", 3, onnx.Float, shape(2, 2), []color.NRGBA{grey(0), grey(255), grey(0), grey(51)}, "", -(2 + 6 + 10 + 0.2*(4+8+12))},
		{"mask of truth values", 3, onnx.Bool, shape(1, 1, 2, 2), []color.NRGBA{grey(0), grey(255), grey(3), grey(200)}, "", -(2 + 4 + 6 + 8 + 10 + 12)},
		{"mask of whole numbers", 1, onnx.Int64, shape(-1, 2, 2), []color.NRGBA{grey(0), grey(1), grey(2), grey(3)}, `"scale": [1, 0]`, -(2 + 2*3 + 3*4)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path := twoPictures(t, tt.channels, tt.typ, tt.other)
			writeColors(t, filepath.Join(filepath.Dir(path), "other.png"), tt.colors...)
			text := fmt.Sprintf(`{"input": "a", "inputs": {"b": "other.png"}, "preprocess": {%s}}`, tt.keys)
			if tt.keys == "" {
				text = `{"input": "a", "inputs": {"b": "other.png"}, "preprocess": {"preset": "0..1"}}`
			}
			if err := os.WriteFile(backend.SidecarPath(path), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			m := open(t, r, path, backend.ModelOptions{Provider: backend.CPU})
			for range 2 { // as written, then as saved
				closeTo(t, "logit", []float32{logit(t, m), logit(t, m, 1)}, []float32{tt.want, tt.want + 1})
				if err := m.Save(backend.SidecarPath(path)); err != nil {
					t.Fatal(err)
				}
				m = open(t, r, path, backend.ModelOptions{Provider: backend.CPU})
			}
		})
	}
}
