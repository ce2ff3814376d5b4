package shapes_test

import (
	"slices"
	"testing"

	"picasso/backend/onnx"
	"picasso/backend/onnx/shapes"
	"picasso/backend/onnx/zoo"
)

func ints(name string, v ...int64) *onnx.Attr {
	return &onnx.Attr{Name: name, Kind: onnx.AttrInts, Ints: v}
}

func number(name string, v int64) *onnx.Attr {
	return &onnx.Attr{Name: name, Kind: onnx.AttrInt, I: v}
}

// chain is a graph of nodes in order on the input x; c is a constant list.
func chain(c []int64, nodes ...*onnx.Node) *onnx.Model {
	g := &onnx.Graph{Inputs: []*onnx.Value{{Name: "x"}}, Nodes: nodes}
	g.Initializers = append(g.Initializers, onnx.NewInts("c", []int64{int64(len(c))}, c), onnx.NewTensor("w", []int64{8, 3, 3, 3}, make([]float32, 216)))
	return &onnx.Model{Opsets: map[string]int64{"": 18}, Graph: g}
}

func node(op, in, out string, attrs ...*onnx.Attr) *onnx.Node {
	n := &onnx.Node{OpType: op, Outputs: []string{out}, Attrs: attrs}
	for _, name := range []byte(in) {
		n.Inputs = append(n.Inputs, string(name))
	}
	return n
}

func TestShapesFollowFromTheOperators(t *testing.T) {
	cases := map[string]struct {
		model *onnx.Model
		want  []int64 // of y; nil where nothing may be said
	}{
		"strided convolution":          {chain(nil, node("Conv", "xw", "y", ints("strides", 2, 2), ints("pads", 1, 1, 1, 1))), []int64{2, 8, 112, 113}},
		"same size, odd length":        {chain(nil, node("Conv", "xw", "y", ints("strides", 2, 2), &onnx.Attr{Name: "auto_pad", Kind: onnx.AttrString, S: []byte("SAME_UPPER")})), []int64{2, 8, 112, 113}},
		"pooling":                      {chain(nil, node("MaxPool", "x", "y", ints("kernel_shape", 3, 3), ints("strides", 2, 2))), []int64{2, 3, 111, 112}},
		"ceil_mode with a place more":  {chain(nil, node("MaxPool", "x", "y", ints("kernel_shape", 3, 3), ints("strides", 2, 2), number("ceil_mode", 1))), nil},
		"channels last":                {chain(nil, node("Transpose", "x", "y", ints("perm", 0, 2, 3, 1))), []int64{2, 224, 225, 3}},
		"reshape with a rest":          {chain([]int64{0, -1}, node("Reshape", "xc", "y")), []int64{2, 3 * 224 * 225}},
		"view(x.size(0), -1)":          {chain([]int64{-1}, node("Shape", "x", "s"), node("Slice", "s01", "b"), node("Concat", "bc", "r", number("axis", 0)), node("Reshape", "xr", "y")), nil},
		"mean over places":             {chain([]int64{2, 3}, node("ReduceMean", "xc", "y", number("keepdims", 0))), []int64{2, 3}},
		"an operator without a rule":   {chain(nil, node("NonZero", "x", "y")), nil},
		"what follows from an unknown": {chain(nil, node("NonZero", "x", "z"), node("Relu", "z", "y")), nil},
		"a channel of every picture":   {chain([]int64{1}, node("Gather", "xc", "y", number("axis", 1))), []int64{2, 1, 224, 225}},
		"a shape no tensor can have":   {chain([]int64{0, 0, 0, 0, 0, -3, 0, 0}, node("Pad", "xc", "z"), node("Relu", "z", "z2"), node("Pad", "zc", "y")), nil},
		"more elements than there are": {chain([]int64{1 << 62, 1 << 62, 1, 1}, node("Expand", "xc", "y")), nil},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			got, ok := shapes.Infer(c.model, map[string][]int64{"x": {2, 3, 224, 225}})["y"]
			if ok != (c.want != nil) || !slices.Equal(got.Shape, c.want) {
				t.Errorf("got %v (%v), want %v", got.Shape, ok, c.want)
			}
		})
	}
}

// TestListsOfLengthsAreFollowed is how exporters write view(x.size(0), -1).
func TestListsOfLengthsAreFollowed(t *testing.T) {
	m := chain([]int64{0},
		node("Shape", "x", "s"), node("Gather", "sc", "n", number("axis", 0)),
		&onnx.Node{OpType: "Constant", Outputs: []string{"m"}, Attrs: []*onnx.Attr{ints("value_ints", -1)}},
		node("Concat", "nm", "r", number("axis", 0)), node("Reshape", "xr", "y"))
	k := shapes.Infer(m, map[string][]int64{"x": {5, 3, 4, 4}})
	if !slices.Equal(k["r"].Value, []int64{5, -1}) || !slices.Equal(k["y"].Shape, []int64{5, 48}) {
		t.Errorf("r = %v, y has the shape %v", k["r"].Value, k["y"].Shape)
	}
}

// TestWellKnownNetworksAreInferredWhole: none of them has to be run for its
// shapes.
func TestWellKnownNetworksAreInferredWhole(t *testing.T) {
	for _, name := range zoo.Names() {
		path, err := zoo.File(name)
		if err != nil {
			t.Fatal(err)
		}
		m, err := onnx.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := m.Graph.Sort(); err != nil {
			t.Fatal(err)
		}
		k := shapes.Infer(m, map[string][]int64{m.Graph.Feeds()[0].Name: {1, 3, 224, 224}})
		for _, n := range m.Graph.Nodes {
			if _, ok := k[n.Output(0)]; !ok {
				t.Errorf("%s: nothing is known of %s", name, n.Label())
			}
		}
	}
}
