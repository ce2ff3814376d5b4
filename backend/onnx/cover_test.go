package onnx

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// TestCoverInput: the picture's input becomes a tensor of the same name, made
// from four inputs, and nothing else of the graph changes.
func TestCoverInput(t *testing.T) {
	m := tiny(13, op("Relu", "x", "picasso_image"), op("Relu", "picasso_image", "y"))
	names, err := m.CoverInput("x", []int64{3, 8, 8}, 1, 2)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(names, Covering{"picasso_image_2", "picasso_fill", []string{"picasso_weights_0", "picasso_weights_1"}}) {
		t.Errorf("names %+v", names)
	}
	var inputs []string
	for _, v := range m.Graph.Inputs {
		inputs = append(inputs, v.Name)
		for axis, d := range v.Shape {
			if free := d.Size < 0; free != (axis == 0 && slices.Contains(names.Weights, v.Name)) {
				t.Errorf("input %s, axis %d: %+v", v.Name, axis, d)
			}
		}
	}
	if !slices.Equal(inputs, []string{names.Image, names.Fill, names.Weights[0], names.Weights[1]}) {
		t.Errorf("inputs %v", inputs)
	}
	if node, _ := m.Graph.Index().Producer("x"); !node.Is("Add") {
		t.Errorf("x comes from %v", node)
	}
	if n := len(m.Graph.Nodes); m.Graph.Nodes[n-1].Outputs[0] != "y" || n != 8 {
		t.Errorf("%d nodes", n)
	}
	if err := m.Check(); err != nil {
		t.Error(err)
	}
}

func TestCoverInputRefusesInWords(t *testing.T) {
	bytes := tiny(13, op("Relu", "x", "y"))
	bytes.Graph.Inputs[0].Type = Uint8
	for want, try := range map[string]func() (Covering, error){
		"uint8":           func() (Covering, error) { return bytes.CoverInput("x", []int64{3, 8, 8}, 1, 2) },
		"no broadcasting": func() (Covering, error) { return tiny(6).CoverInput("x", []int64{3, 8, 8}, 1, 2) },
		"input":           func() (Covering, error) { return tiny(13).CoverInput("z", []int64{3, 8, 8}, 1, 2) },
		"rows and":        func() (Covering, error) { return tiny(13).CoverInput("x", []int64{3, 8, 8}, 2, 2) },
	} {
		_, err := try()
		var fault *GraphError
		if !errors.As(err, &fault) || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want something with %q", err, want)
		}
	}
}
