package onnx

import (
	"slices"
	"testing"
)

func mlNode(kind, in, out string, attrs ...*Attr) *Node {
	n := op(kind, in, out, attrs...)
	n.Domain = "ai.onnx.ml"
	return n
}

// TestFindTail looks through what tells the best classes only.
func TestFindTail(t *testing.T) {
	words := &Tensor{Name: "words", Type: String, Dims: []int64{2}, Strings: [][]byte{[]byte("a"), []byte("b")}}
	strings := func(key string) *Attr {
		return &Attr{Name: key, Kind: AttrStrings, Strings: [][]byte{[]byte("a"), []byte("b")}}
	}
	for name, tt := range map[string]struct {
		nodes  []*Node
		tensor string
		names  []string
	}{
		"scores":                  {[]*Node{op("Gemm", "x", "y")}, "y", nil},
		"best values":             {[]*Node{op("TopK", "x,k", "y,i")}, "x", nil},
		"best places":             {[]*Node{op("TopK", "x,k", "v,y")}, "x", nil},
		"moved best values":       {[]*Node{op("TopK", "x,k", "v,i"), op("Squeeze", "v", "y")}, "x", nil},
		"name in a list":          {[]*Node{op("ArgMax", "x", "i"), op("Gather", "words,i", "y")}, "x", []string{"a", "b"}},
		"map":                     {[]*Node{mlNode("ZipMap", "x", "y", strings("classlabels_strings"))}, "x", []string{"a", "b"}},
		"classifier":              {[]*Node{mlNode("TreeEnsembleClassifier", "x", "y,scores", strings("classlabels_strings"))}, "scores", []string{"a", "b"}},
		"encoder that is no list": {[]*Node{op("ArgMax", "x", "i"), mlNode("LabelEncoder", "i", "y", strings("values_strings"), &Attr{Name: "keys_int64s", Kind: AttrInts, Ints: []int64{5, 9}})}, "x", nil},
		"numbers of a picture":    {[]*Node{op("Cast", "x", "y", intAttr("to", int64(Int64)))}, "y", nil},
		"circle":                  {[]*Node{op("Identity", "y", "a"), op("Identity", "a", "y")}, "y", nil},
	} {
		t.Run(name, func(t *testing.T) {
			m := tiny(13, tt.nodes...)
			m.Graph.Initializers = []*Tensor{words}
			if got := FindTail(m, "y"); got.Tensor != tt.tensor || !slices.Equal(got.Names, tt.names) {
				t.Errorf("got %q with the names %q, want %q with %q", got.Tensor, got.Names, tt.tensor, tt.names)
			}
		})
	}
}

// TestFindClassNumbers tells how many classes a tensor of class numbers knows.
func TestFindClassNumbers(t *testing.T) {
	constants := []*Tensor{
		NewInts("1", nil, []int64{1}), NewInts("80", nil, []int64{80}), NewInts("2", nil, []int64{2}), NewInts("list", []int64{3}, []int64{0, 1, 2}),
	}
	fill := func(v int64) *Attr {
		return &Attr{Name: "value", Kind: AttrTensor, T: NewInts("", []int64{1}, []int64{v})}
	}
	for name, tt := range map[string]struct {
		nodes []*Node
		want  ClassNumbers
		ok    bool
	}{
		"best class":               {[]*Node{op("ArgMax", "s", "a", intAttr("axis", 2)), op("Gather", "a,i", "y")}, ClassNumbers{Scores: "s", Axis: 2}, true},
		"counted from 1":           {[]*Node{op("ArgMax", "s", "a", intAttr("axis", 1)), op("Cast", "a", "f", intAttr("to", 1)), op("Add", "f,1", "y")}, ClassNumbers{Scores: "s", Axis: 1, First: 1}, true},
		"remainder":                {[]*Node{op("TopK", "s,k", "v,i"), op("Mod", "i,80", "y")}, ClassNumbers{Count: 80}, true},
		"remainder spelt out":      {[]*Node{op("TopK", "s,k", "v,i"), op("Div", "i,80", "d"), op("Mul", "d,80", "p"), op("Sub", "i,p", "y")}, ClassNumbers{Count: 80}, true},
		"classes of a suppression": {[]*Node{op("NonMaxSuppression", "b,s", "n"), op("Gather", "n,1", "y", intAttr("axis", 1))}, ClassNumbers{Scores: "s", Axis: 1}, true},
		"boxes of a suppression":   {[]*Node{op("NonMaxSuppression", "b,s", "n"), op("Gather", "n,2", "y", intAttr("axis", 1))}, ClassNumbers{Scores: "s", Axis: 1}, false},
		"list repeated for boxes":  {[]*Node{op("Expand", "list,n", "e"), op("GatherND", "e,i", "y")}, ClassNumbers{Count: 3}, true},
		"a list per class":         {[]*Node{op("ConstantOfShape", "a", "p", fill(1)), op("ConstantOfShape", "b", "q", fill(4)), op("Concat", "p,q", "y", intAttr("axis", 0))}, ClassNumbers{Count: 5}, true},
		"filled up":                {[]*Node{op("ArgMax", "s", "a", intAttr("axis", 1)), op("ConstantOfShape", "b", "q"), op("Concat", "a,q", "y", intAttr("axis", 0))}, ClassNumbers{Scores: "s", Axis: 1}, true},
		"scores":                   {[]*Node{op("Sigmoid", "s", "y")}, ClassNumbers{}, false},
		"circle":                   {[]*Node{op("Concat", "y,y", "a"), op("Concat", "a,a", "y")}, ClassNumbers{}, false},
	} {
		t.Run(name, func(t *testing.T) {
			m := tiny(13, tt.nodes...)
			m.Graph.Initializers = constants
			got, ok := FindClassNumbers(m, "y")
			got.Node = nil
			if got != tt.want || ok != tt.ok {
				t.Errorf("got %+v, %v, want %+v, %v", got, ok, tt.want, tt.ok)
			}
		})
	}
}

// TestBounded tells values made from probabilities from raw scores.
func TestBounded(t *testing.T) {
	number := func(name string, v float32) *Tensor { return NewTensor(name, nil, []float32{v}) }
	constants := []*Tensor{number("0", 0), number("1", 1), number("2", 2), number("half", 0.5)}
	for name, tt := range map[string]struct {
		nodes []*Node
		want  bool
	}{
		"masked":               {[]*Node{op("Sigmoid", "x", "p"), op("Mul", "p,half", "y")}, true},
		"one minus":            {[]*Node{op("Sigmoid", "x", "p"), op("Sub", "1,p", "y")}, true},
		"joined softmaxes":     {[]*Node{op("Softmax", "x", "p"), op("Softmax", "x", "q"), op("Concat", "p,q", "y", intAttr("axis", 1))}, true},
		"cut off":              {[]*Node{op("Gemm", "x", "z"), op("Clip", "z,0,1", "y")}, true},
		"cut off elsewhere":    {[]*Node{op("Gemm", "x", "z"), op("Clip", "z,0,2", "y")}, false},
		"mean over places":     {[]*Node{op("Sigmoid", "x", "p"), op("ReduceMean", "p", "y")}, true},
		"shifted tanh":         {[]*Node{op("Tanh", "x", "h"), op("Add", "h,1", "s"), op("Div", "s,2", "y")}, true},
		"tanh":                 {[]*Node{op("Tanh", "x", "y")}, false},
		"swish":                {[]*Node{op("Gemm", "x", "z"), op("Sigmoid", "z", "p"), op("Mul", "z,p", "y")}, false},
		"weighed sigmoids":     {[]*Node{op("Sigmoid", "x", "p"), op("Gemm", "p,w", "y")}, false},
		"nothing but a number": {[]*Node{op("Add", "1,half", "y")}, false},
	} {
		t.Run(name, func(t *testing.T) {
			m := tiny(13, tt.nodes...)
			m.Graph.Initializers = constants
			if h, ok := FindBounded(m, "y"); ok != tt.want {
				t.Errorf("got %v by %v", ok, h.Node)
			}
		})
	}
}

// TestRowParts finds what rows were joined from.
func TestRowParts(t *testing.T) {
	m := tiny(13, op("Concat", "c,s", "inner", intAttr("axis", -1)), op("Cast", "inner", "cast", intAttr("to", 1)), op("Concat", "b,cast", "t", intAttr("axis", -1)), op("Gather", "t,i", "y"))
	if got := RowParts(m, "y"); !slices.Equal(got, []string{"b", "c", "s"}) {
		t.Errorf("got %q", got)
	}
	if got := RowParts(tiny(13, op("Concat", "a,b", "t", intAttr("axis", -1)), op("Transpose", "t", "y")), "y"); got != nil {
		t.Errorf("columns gave %q", got)
	}
}

// TestDequantiseOutputs gives quantised outputs their values under their names.
func TestDequantiseOutputs(t *testing.T) {
	m := tiny(13, op("Softmax", "x", "p"), op("QuantizeLinear", "p,s,z", "q"), op("Reshape", "q,to", "y"))
	m.Graph.Outputs = []*Value{{Name: "y", Type: Uint8}}
	if got := m.DequantiseOutputs(); !slices.Equal(got, []string{"y"}) {
		t.Fatalf("got %q", got)
	}
	n, _ := m.Graph.Index().Producer("y")
	if !n.Is("DequantizeLinear") || !slices.Equal(n.Inputs[1:], []string{"s", "z"}) || m.Graph.Outputs[0].Type != Float {
		t.Errorf("%+v, %+v", n, m.Graph.Outputs[0])
	}
	if h := FindHead(m, "y"); h.Kind != HeadSoftmax || h.Logits != "x" {
		t.Errorf("the head is %+v", h)
	}
	if got := m.DequantiseOutputs(); got != nil {
		t.Errorf("once more: %q", got)
	}
}
