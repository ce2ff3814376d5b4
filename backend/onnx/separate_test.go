package onnx

import "testing"

// What the graph shows to keep pictures apart is said to; what may mix them is
// not.
func TestSeparatePictures(t *testing.T) {
	ints := func(name string, v ...int64) *Attr { return &Attr{Name: name, Kind: AttrInts, Ints: v} }
	axis := func(v int64) *Attr { return &Attr{Name: "axis", Kind: AttrInt, I: v} }
	for _, tt := range []struct {
		name string
		node *Node
		want bool
	}{
		{"unary", &Node{OpType: "Relu", Inputs: []string{"x"}}, true},
		{"weights", &Node{OpType: "Conv", Inputs: []string{"x", "w"}}, true},
		{"weights from the pictures", &Node{OpType: "Conv", Inputs: []string{"x", "x"}}, false},
		{"sum over channels", &Node{OpType: "ReduceMean", Inputs: []string{"x"}, Attrs: []*Attr{ints("axes", 1, -1)}}, true},
		{"sum over all", &Node{OpType: "ReduceMean", Inputs: []string{"x"}}, false},
		{"sum over pictures, counted from behind", &Node{OpType: "ReduceMean", Inputs: []string{"x"}, Attrs: []*Attr{ints("axes", -4)}}, false},
		{"transposed within", &Node{OpType: "Transpose", Inputs: []string{"x"}, Attrs: []*Attr{ints("perm", 0, 2, 3, 1)}}, true},
		{"transposed", &Node{OpType: "Transpose", Inputs: []string{"x"}, Attrs: []*Attr{ints("perm", 1, 0, 2, 3)}}, false},
		{"beside each other", &Node{OpType: "Concat", Inputs: []string{"x", "x"}, Attrs: []*Attr{axis(1)}}, true},
		{"after each other", &Node{OpType: "Concat", Inputs: []string{"x", "x"}, Attrs: []*Attr{axis(0)}}, false},
		{"constant with more axes", &Node{OpType: "Add", Inputs: []string{"x", "long"}}, false},
		{"unknown operator", &Node{OpType: "NonZero", Inputs: []string{"x"}}, false},
	} {
		tt.node.Outputs = []string{"y"}
		m := &Model{Opsets: map[string]int64{"": 13}, Graph: &Graph{
			Nodes:        []*Node{tt.node},
			Inputs:       []*Value{{Name: "x", Type: Float, Shape: []Dim{{Size: -1}, {Size: 3}, {Size: 4}, {Size: 4}}}},
			Initializers: []*Tensor{NewTensor("w", []int64{2, 3, 1, 1}, make([]float32, 6)), NewTensor("long", []int64{1, 1, 1, 1, 1}, make([]float32, 1))},
		}}
		if got := m.Separate("x"); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}
