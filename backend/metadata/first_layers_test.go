package metadata

import (
	"strings"
	"testing"

	"picasso/backend/onnx"
	"picasso/backend/preprocess"
)

// What the first layers tell about the scale of the input.
func TestScaleByTheFirstLayers(t *testing.T) {
	constant := func(name string, values ...float32) *onnx.Tensor {
		return onnx.NewTensor(name, []int64{int64(len(values))}, values)
	}
	conv := &onnx.Node{OpType: "Conv", Inputs: []string{"n", "w"}, Outputs: []string{"y"}}
	node := func(op string, in ...string) *onnx.Node {
		return &onnx.Node{OpType: op, Inputs: in, Outputs: []string{"n"}}
	}
	inner := func(op string, in ...string) *onnx.Node {
		n := node(op, in...)
		n.Outputs = []string{"m"}
		return n
	}
	raw, unit := [2]float64{1, 0}, [2]float64{1.0 / 255, 0}
	for _, tt := range []struct {
		name      string
		typ       onnx.DataType
		nodes     []*onnx.Node
		constants []*onnx.Tensor
		want      [2]float64
		known     bool
	}{
		{"÷255", onnx.Float, []*onnx.Node{node("Div", "x", "a")}, []*onnx.Tensor{constant("a", 255)}, raw, true},
		{"×1/255", onnx.Float, []*onnx.Node{node("Mul", "x", "a")}, []*onnx.Tensor{constant("a", 1.0/255)}, raw, true},
		{"÷127.5−1", onnx.Float, []*onnx.Node{inner("Div", "x", "a"), node("Sub", "m", "b")}, []*onnx.Tensor{constant("a", 127.5), constant("b", 1)}, raw, true},
		{"mean colour", onnx.Float, []*onnx.Node{node("Sub", "x", "a")}, []*onnx.Tensor{constant("a", 103.9, 116.8, 123.7)}, raw, true},
		{"mean colour added", onnx.Float, []*onnx.Node{node("Add", "x", "a")}, []*onnx.Tensor{constant("a", -103.9, -116.8, -123.7)}, raw, true},
		{"ImageNet's mean and deviation", onnx.Float, []*onnx.Node{inner("Sub", "x", "a"), node("Div", "m", "b")}, []*onnx.Tensor{constant("a", 0.485, 0.456, 0.406), constant("b", 0.229, 0.224, 0.225)}, unit, true},
		{"a normalisation trained on 0…1", onnx.Float, []*onnx.Node{node("BatchNormalization", "x", "s", "o", "a", "b")}, []*onnx.Tensor{constant("a", 0.45, 0.4), constant("b", 0.07, 0.06)}, unit, true},
		{"a normalisation trained on −1…1", onnx.Float, []*onnx.Node{node("BatchNormalization", "x", "s", "o", "a", "b")}, []*onnx.Tensor{constant("a", -0.1), constant("b", 0.27)}, [2]float64{1 / 127.5, -1}, true},
		{"a normalisation that was never trained", onnx.Float, []*onnx.Node{node("BatchNormalization", "x", "s", "o", "a", "b")}, []*onnx.Tensor{constant("a", 0), constant("b", 1)}, unit, false},
		{"a normalisation of raw pixels", onnx.Float, []*onnx.Node{node("BatchNormalization", "x", "s", "o", "a", "b")}, []*onnx.Tensor{constant("a", 120), constant("b", 3600)}, raw, true},
		{"behind a cast and a turn", onnx.Uint8, []*onnx.Node{inner("Cast", "x"), node("Div", "m", "a")}, []*onnx.Tensor{constant("a", 255)}, raw, true},
		{"bytes", onnx.Uint8, []*onnx.Node{node("Cast", "x")}, nil, raw, true},
		{"nothing", onnx.Float, []*onnx.Node{node("Identity", "x")}, nil, unit, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			graph := &onnx.Graph{Nodes: append(tt.nodes, conv), Initializers: tt.constants}
			file, card := &onnx.Model{Graph: graph}, Card{Input: preprocess.Input{Name: "x", Type: tt.typ, Layout: preprocess.NCHW, Channels: 3, Height: 8, Width: 8}}
			f := &Facts{File: file, Origin: make(map[string]string)}
			f.Complete(&card, file)
			if f.Pre.Scale != tt.want {
				t.Errorf("scale is %v (%s), want %v", f.Pre.Scale, f.Origin["scale"], tt.want)
			}
			if known := len(f.warnings) == 0; known != tt.known {
				t.Errorf("warnings %q", f.warnings)
			}
		})
	}
}

// A file beside the model that scales once more is contradicted.
func TestScaleThatContradictsTheModel(t *testing.T) {
	for _, tt := range []struct {
		typ  onnx.DataType
		want [2]float64
		says string
	}{
		{onnx.Uint8, [2]float64{1, 0}, "whole numbers"},
		{onnx.Float, [2]float64{1.0 / 255, 0}, "normalise pixels"},
	} {
		graph := &onnx.Graph{
			Nodes:        []*onnx.Node{{OpType: "Div", Inputs: []string{"x", "a"}, Outputs: []string{"y"}}},
			Initializers: []*onnx.Tensor{onnx.NewTensor("a", []int64{1}, []float32{255})},
		}
		file, card := &onnx.Model{Graph: graph}, Card{Input: preprocess.Input{Name: "x", Type: tt.typ, Layout: preprocess.NCHW, Channels: 3, Height: 8, Width: 8}}
		f := &Facts{File: file, Origin: make(map[string]string)}
		f.SetScale([2]float64{1.0 / 255, 0}, "preprocessor_config.json")
		f.SetMean(preprocess.Values{0.5}, "preprocessor_config.json")
		f.Complete(&card, file)
		if f.Pre.Scale != tt.want || len(f.warnings) != 1 || !strings.Contains(f.warnings[0].Text, tt.says) {
			t.Errorf("%v: scale %v, warnings %q", tt.typ, f.Pre.Scale, f.warnings)
		}
	}
}

// The channels are where the first layer takes them from, whatever an axis was
// moved to in between.
func TestLayoutByTheFirstLayers(t *testing.T) {
	turn := func(in, out string, perm ...int64) *onnx.Node {
		n := &onnx.Node{OpType: "Transpose", Inputs: []string{in}, Outputs: []string{out}}
		if perm != nil {
			n.Attrs = []*onnx.Attr{{Name: "perm", Kind: onnx.AttrInts, Ints: perm}}
		}
		return n
	}
	op := func(name, in, out string, more ...string) *onnx.Node {
		return &onnx.Node{OpType: name, Inputs: append([]string{in}, more...), Outputs: []string{out}}
	}
	conv := func(in string) *onnx.Node { return op("Conv", in, "y", "w") }
	shape := func(lengths ...int64) []onnx.Dim {
		var out []onnx.Dim
		for _, n := range lengths {
			out = append(out, onnx.Dim{Size: n})
		}
		return out
	}
	first := onnx.NewInts("zero", []int64{1}, []int64{0})
	type input struct {
		layout                  preprocess.Layout
		channels, height, width int
	}
	for _, tt := range []struct {
		name  string
		shape []onnx.Dim
		seen  int64 // channels that the convolution has weights for
		nodes []*onnx.Node
		want  input
	}{
		{"as it is", shape(1, 3, 8, 6), 3, []*onnx.Node{conv("x")}, input{preprocess.NCHW, 3, 8, 6}},
		{"channels last", shape(1, 8, 6, 3), 3, []*onnx.Node{turn("x", "a", 0, 3, 1, 2), conv("a")}, input{preprocess.NHWC, 3, 8, 6}},
		{"there and back", shape(1, 3, 8, 6), 3, []*onnx.Node{turn("x", "a", 0, 2, 3, 1), turn("a", "b", 0, 3, 1, 2), conv("b")}, input{preprocess.NCHW, 3, 8, 6}},
		{"there and back around arithmetic", shape(1, 3, 8, 6), 3, []*onnx.Node{
			turn("x", "a", 0, 2, 3, 1), op("Cast", "a", "b"), turn("b", "c", 0, 3, 1, 2), conv("c"),
		}, input{preprocess.NCHW, 3, 8, 6}},
		{"back and there again", shape(1, 8, 6, 3), 3, []*onnx.Node{
			turn("x", "a", 0, 3, 1, 2), turn("a", "b", 0, 2, 3, 1), turn("b", "c", 0, 3, 1, 2), conv("c"),
		}, input{preprocess.NHWC, 3, 8, 6}},
		{"in two steps", shape(1, 8, 6, 3), 3, []*onnx.Node{turn("x", "a", 0, 1, 3, 2), turn("a", "b", 0, 2, 1, 3), conv("b")}, input{preprocess.NHWC, 3, 8, 6}},
		{"rows and columns exchanged", shape(1, 8, 6, 3), 3, []*onnx.Node{turn("x", "a", 0, 3, 2, 1), conv("a")}, input{preprocess.NHWC, 3, 8, 6}},
		{"rows and columns exchanged, channels first", shape(1, 3, 8, 6), 3, []*onnx.Node{turn("x", "a", 0, 1, 3, 2), conv("a")}, input{preprocess.NCHW, 3, 8, 6}},
		{"four channels, last", shape(1, 8, 6, 4), 4, []*onnx.Node{turn("x", "a", 0, 3, 1, 2), conv("a")}, input{preprocess.NHWC, 4, 8, 6}},
		{"thirteen channels, first, narrow", shape(1, 13, 8, 3), 13, []*onnx.Node{conv("x")}, input{preprocess.NCHW, 13, 8, 3}},
		{"open", shape(-1, -1, -1, -1), 3, []*onnx.Node{turn("x", "a", 0, 3, 1, 2), conv("a")}, input{preprocess.NHWC, 3, 0, 0}},
		{"open, there and back", shape(-1, -1, -1, -1), 3, []*onnx.Node{turn("x", "a", 0, 2, 3, 1), turn("a", "b", 0, 3, 1, 2), conv("b")}, input{preprocess.NCHW, 3, 0, 0}},
		{"turned for something unknown", shape(-1, -1, -1, 3), 0, []*onnx.Node{turn("x", "a", 0, 3, 1, 2), op("Strange", "a", "y")}, input{preprocess.NHWC, 3, 0, 0}},
		{"turned to the last, for patches", shape(1, 3, 8, 6), 0, []*onnx.Node{turn("x", "a", 0, 2, 3, 1), op("Reshape", "a", "y", "s")}, input{preprocess.NCHW, 3, 8, 6}},
		{"no batch, channels last", shape(8, 6, 3), 3, []*onnx.Node{turn("x", "a", 2, 0, 1), op("Unsqueeze", "a", "b", "zero"), conv("b")}, input{preprocess.NHWC, 3, 8, 6}},
		{"a batch first, then turned", shape(8, 6, 3), 3, []*onnx.Node{op("Unsqueeze", "x", "a", "zero"), turn("a", "b", 0, 3, 1, 2), conv("b")}, input{preprocess.NHWC, 3, 8, 6}},
		{"no batch, there and back", shape(3, 8, 6), 3, []*onnx.Node{
			turn("x", "a", 1, 2, 0), turn("a", "b", 2, 0, 1), op("Unsqueeze", "b", "c", "zero"), conv("c"),
		}, input{preprocess.NCHW, 3, 8, 6}},
		{"no batch, turned round", shape(8, 6, 3), 3, []*onnx.Node{turn("x", "a"), op("Unsqueeze", "a", "b", "zero"), conv("b")}, input{preprocess.NHWC, 3, 8, 6}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			x := &onnx.Value{Name: "x", Type: onnx.Float, Shape: tt.shape}
			w := onnx.NewTensor("w", []int64{1, tt.seen, 1, 1}, make([]float32, tt.seen))
			file := &onnx.Model{Graph: &onnx.Graph{Inputs: []*onnx.Value{x}, Nodes: tt.nodes, Initializers: []*onnx.Tensor{w, first}}}
			s, err := (&Facts{File: file}).FindInput()
			if err != nil {
				t.Fatal(err)
			}
			if got := (input{s.Layout, s.Channels, s.Height, s.Width}); got != tt.want {
				t.Errorf("%+v, want %+v", got, tt.want)
			}
		})
	}
}
