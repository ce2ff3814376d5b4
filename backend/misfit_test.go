package backend_test

import (
	"strings"
	"testing"

	"picasso/backend"
	"picasso/backend/infer"
	"picasso/backend/metadata"
	"picasso/backend/onnx"
	"picasso/backend/ort/orttest"
)

// Where a model does not run on a picture, the refusal names the tensors that do
// not fit, with their shapes, and what to do.
func TestMisfitsAreNamed(t *testing.T) {
	r := orttest.Runtime(t)
	for _, tt := range []struct {
		name  string
		shape []onnx.Dim
		opt   backend.ModelOptions
		build func(g *graph)
		says  []string
	}{
		{"weights of another size", shape(-1, 3, -1, -1), backend.ModelOptions{}, func(g *graph) {
			g.scores(g.node("Gemm", nil, g.node("Flatten", nil, g.patches()), g.weights(5*25*25, 5)))
		}, []string{"224×224", "Gemm", `"t3" of shape 1×15680`, "3125×5", "leaves the size open", "--size"}},
		{"a size that was asked for", shape(-1, 3, -1, -1), backend.ModelOptions{Choices: metadata.Choices{Size: [2]int{48, 64}}}, func(g *graph) {
			g.scores(g.node("MatMul", nil, g.node("Flatten", nil, g.patches()), g.weights(5*25*25, 5)))
		}, []string{"64×48", "MatMul", "1×960", "3125×5", "Give the size that the model was made for"}},
		{"a shape that is written out", shape(-1, 3, -1, -1), backend.ModelOptions{}, func(g *graph) {
			g.scores(g.node("Gemm", nil, g.reshape(g.patches(), 1, 5*25*25), g.weights(5*25*25, 5)))
		}, []string{"Reshape", "1×5×56×56", "[1 3125]"}},
		{"positions", shape(-1, 3, -1, -1), backend.ModelOptions{}, func(g *graph) {
			tokens := g.transpose(g.reshape(g.patches(), 0, 5, -1), 0, 2, 1)
			g.head(g.node("Add", nil, tokens, g.weights(1, 625, 5)), 1)
		}, []string{"Add", "1×3136×5", "1×625×5"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			g := newGraph()
			g.m.Graph.Inputs[0].Shape = tt.shape
			tt.build(g)
			opt := tt.opt
			opt.Provider = infer.CPU
			m, err := backend.OpenModel(t.Context(), r, saveModel(t, g.m), opt)
			if err == nil {
				m.Close()
				t.Fatal("it was opened")
			}
			for _, part := range append(tt.says, "net.onnx") {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("%q does not say %q", err, part)
				}
			}
			if strings.Contains(err.Error(), "Status Message") {
				t.Errorf("%q are the words of the runtime", err)
			}
		})
	}
}

// A file that leaves the number of channels open gets the one that it runs on.
func TestOpenChannelsAreTried(t *testing.T) {
	r := orttest.Runtime(t)
	for _, n := range []int{1, 3, 4} {
		g := newGraph()
		g.m.Graph.Inputs[0].Shape = shape(-1, -1, 16, 24)
		g.scores(g.node("Gemm", nil, g.reshape("x", 0, -1), g.weights(n*16*24, 5)))
		m := open(t, r, saveModel(t, g.m), backend.ModelOptions{Provider: infer.CPU})
		if m.Input.Channels != n {
			t.Errorf("%d channels are taken where the model needs %d", m.Input.Channels, n)
		}
	}
}

// Inputs of detectors that take the picture's size, or the factor by which it
// was enlarged, are filled by their names; the factor is never 0.
func TestSizesAndFactorsAreFilled(t *testing.T) {
	g := newGraph()
	for name, typ := range map[string]onnx.DataType{"im_shape": onnx.Float, "scale_factor": onnx.Float, "orig_target_sizes": onnx.Int64} {
		g.m.Graph.Inputs = append(g.m.Graph.Inputs, &onnx.Value{Name: name, Type: typ, Shape: shape(-1, 2)})
	}
	sizes := g.node("Cast", []*onnx.Attr{intAttr("to", int(onnx.Float))}, "orig_target_sizes")
	all := g.node("Concat", []*onnx.Attr{intAttr("axis", 1)}, "im_shape", g.node("Div", nil, sizes, "scale_factor"))
	pooled := g.node("Flatten", nil, g.node("GlobalAveragePool", nil, g.patches()))
	g.scores(g.node("Add", nil, pooled, g.node("MatMul", nil, all, g.weights(4, 5))))
	m := open(t, orttest.Runtime(t), saveModel(t, g.m), backend.ModelOptions{Provider: infer.CPU})
	want := map[string]string{"im_shape": "[16, 24]", "scale_factor": "1", "orig_target_sizes": "[24, 16]"}
	for _, c := range m.Constants {
		if c.Value != want[c.Name] {
			t.Errorf("%s gets %s, want %s", c.Name, c.Value, want[c.Name])
		}
	}
	if len(m.Constants) != len(want) {
		t.Errorf("the constants are %+v", m.Constants)
	}
	if text := strings.Join(texts(m), "\n"); !strings.Contains(text, `"im_shape" is filled with the picture's height and width`) {
		t.Errorf("the warnings are %q", text)
	}
}
