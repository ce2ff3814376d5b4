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
