package gradient_test

import (
	"errors"
	"math/rand/v2"
	"picasso/backend/infer"
	"strings"
	"testing"

	"picasso/backend/onnx"
	"picasso/backend/onnx/gradient"
)

// TestNothingIsDroppedInSilence lets the picture reach inputs that are constants
// in most models: the gradient is exact, or the node is refused by name.
func TestNothingIsDroppedInSilence(t *testing.T) {
	r := library(t)
	mean, one := with(node("ReduceMean", "m", "x"), i("keepdims", 0)), onnx.NewInts("one", []int64{1}, []int64{1})
	vector := node("Reshape", "m1", "m", "one")
	floats := onnx.NewTensor
	for name, c := range map[string]struct {
		nodes   []*onnx.Node
		tensors []*onnx.Tensor
		refused string // the operator, "" where the gradient is exact
	}{
		"filling of Pad":     {[]*onnx.Node{mean, node("Pad", "y", "x", "pads", "m")}, []*onnx.Tensor{onnx.NewInts("pads", []int64{4}, []int64{1, 1, 1, 1})}, ""},
		"bound of Clip":      {[]*onnx.Node{mean, node("Clip", "y", "x", "m")}, nil, ""},
		"values of OneHot":   {[]*onnx.Node{mean, vector, with(node("Concat", "v", "zero", "m1"), i("axis", 0)), node("OneHot", "k", "at", "depth", "v"), node("Add", "y", "x", "k")}, []*onnx.Tensor{one, floats("zero", []int64{1}, []float32{0}), onnx.NewInts("at", []int64{3}, []int64{1, 0, 2}), onnx.NewInts("depth", nil, []int64{4})}, ""},
		"scale of integers":  {[]*onnx.Node{mean, node("DequantizeLinear", "k", "q", "m"), node("Add", "y", "x", "k")}, []*onnx.Tensor{bytesTensor("q", onnx.Int8, []int64{4}, 3, 250, 7, 100)}, ""},
		"cast like integers": {[]*onnx.Node{node("CastLike", "k", "x", "like"), with(node("Cast", "kf", "k"), i("to", 1)), node("Mul", "y", "kf", "x")}, []*onnx.Tensor{onnx.NewInts("like", nil, []int64{1})}, ""},
		"start of Range":     {[]*onnx.Node{mean, node("Add", "to", "m", "three"), node("Range", "y", "m", "to", "step")}, []*onnx.Tensor{floats("three", nil, []float32{3.5}), floats("step", nil, []float32{1})}, "Range"},
		"Unique":             {[]*onnx.Node{node("Unique", "u", "x"), with(node("ReduceSum", "s", "u"), i("keepdims", 0)), node("Add", "y", "x", "s")}, nil, "Unique"},
		"region of Resize": {[]*onnx.Node{mean, vector, with(node("Concat", "roi", "zero", "zero", "m1", "m1"), i("axis", 0)),
			with(node("Resize", "k", "c", "roi", "", "sizes"), s("coordinate_transformation_mode", "tf_crop_and_resize"), s("mode", "linear")), node("Add", "y", "x", "k")},
			[]*onnx.Tensor{one, floats("zero", []int64{1}, []float32{0}), onnx.NewInts("sizes", []int64{2}, []int64{3, 4}), floats("c", []int64{3, 4}, make([]float32, 12))}, "Resize"},
		"zero point": {[]*onnx.Node{with(node("Cast", "i", "x"), i("to", int64(onnx.Int8))), node("QuantizeLinear", "q", "x", "s", "z"), with(node("ReduceMax", "top", "q"), i("keepdims", 0)),
			node("DequantizeLinear", "y", "q", "s", "top")}, []*onnx.Tensor{floats("s", nil, []float32{0.1}), bytesTensor("z", onnx.Int8, nil, 0)}, "DequantizeLinear"},
	} {
		t.Run(name, func(t *testing.T) {
			m := chain(18, []int{3, 4}, c.nodes...)
			m.Graph.Inputs[0].Shape[0] = onnx.Dim{Size: 3}
			m.Graph.Initializers = c.tensors
			in := infer.NewTensor(3, 4)
			for k := range in.Data {
				in.Data[k] = float32(k*7%12)/5 - 0.37
			}
			coverage, err := gradient.Cover(m, "y", "x")
			if err != nil || (len(coverage.Blockers) > 0) != (c.refused != "") {
				t.Errorf("coverage %+v, %v", coverage, err)
			}
			b := newBench(t, r, m, in)
			if c.refused == "" {
				checkModel(t, b, rand.New(rand.NewPCG(4, 2)))
				return
			}
			_, err = gradient.Build(b.model, b.facts, "y", []string{"x"}, gradient.Options{})
			var u *gradient.Unsupported
			if !errors.As(err, &u) || u.Op != c.refused {
				t.Errorf("error %v, want a refusal of %s", err, c.refused)
			}
		})
	}
}

// TestCoverageIsWhatARunDoes counts nodes that only a run used to refuse.
func TestCoverageIsWhatARunDoes(t *testing.T) {
	r := library(t)
	half, on := onnx.NewTensor("half", nil, []float32{0.5}), yes
	mask := []*onnx.Node{node("Greater", "g", "x", "half"), node("NonZero", "nz", "g"), node("Transpose", "at", "nz"), node("GatherND", "some", "x", "at"),
		node("Mul", "twice", "some", "some"), node("ScatterND", "y", "x", "at", "twice")}
	ones := onnx.NewTensor("v", []int64{2}, []float32{1, 1})
	for name, c := range map[string]struct {
		nodes   []*onnx.Node
		blocked string
		picture bool // facts of the very picture lift it
	}{
		"Dropout in training mode":            {[]*onnx.Node{node("Dropout", "y", "x", "half", "yes")}, "eval()", false},
		"Dropout with ratio 0":                {[]*onnx.Node{node("Dropout", "d", "x", "none", "yes"), node("Mul", "y", "d", "d")}, "", false},
		"BatchNormalization in training mode": {[]*onnx.Node{with(node("BatchNormalization", "y mean var", "x", "v", "v", "v", "v"), i("training_mode", 1))}, "eval()", false},
		"boolean mask":                        {mask, "shape depends on the picture", true},
		"different values":                    {[]*onnx.Node{node("Unique", "u", "x"), node("Mul", "y", "u", "u")}, "shape depends on the picture", true},
		"a range": {[]*onnx.Node{with(node("ReduceMin", "from", "x"), i("keepdims", 0)), with(node("ReduceMax", "step", "x"), i("keepdims", 0)), node("Range", "r", "from", "five", "step"), node("Mul", "y", "r", "r")},
			"shape depends on the picture", true},
	} {
		t.Run(name, func(t *testing.T) {
			m := chain(17, []int{1, 2}, c.nodes...)
			m.Graph.Initializers = []*onnx.Tensor{half, on, ones, onnx.NewTensor("none", nil, []float32{0}), onnx.NewTensor("five", nil, []float32{5})}
			in := infer.Tensor{Shape: []int{1, 2}, Data: []float32{0.2, 0.9}}
			coverage, err := gradient.Cover(m, "y", "x")
			if err != nil || coverage.Total == 0 {
				t.Fatalf("coverage %+v, %v", coverage, err)
			}
			if c.blocked == "" && len(coverage.Blockers) > 0 || c.blocked != "" && (len(coverage.Blockers) == 0 || !strings.Contains(coverage.Blockers[0].Reason, c.blocked)) {
				t.Errorf("coverage %+v", coverage)
			}
			b := newBench(t, r, m, in)
			_, err = gradient.Build(b.model, b.facts, "y", []string{"x"}, gradient.Options{})
			var u *gradient.Unsupported
			if (err == nil) != (c.blocked == "") || err != nil && (!errors.As(err, &u) || u.Varies != c.picture) {
				t.Errorf("a run says %v", err)
			}
			if !c.picture {
				return
			}
			if coverage, err = gradient.CoverPicture(m, "y", "x"); err != nil || len(coverage.Blockers) > 0 {
				t.Errorf("coverage of a picture %+v, %v", coverage, err)
			}
			b = &bench{t: t, runtime: r, inputs: []infer.Tensor{in}, picture: true}
			b.prepare(m)
			checkModel(t, b, rand.New(rand.NewPCG(4, 2)))
		})
	}
}

// TestBranchesChosenByThePicture are differentiated with facts of that picture.
func TestBranchesChosenByThePicture(t *testing.T) {
	r := library(t)
	branch := func(name, op string) *onnx.Graph {
		return &onnx.Graph{Name: name, Nodes: []*onnx.Node{node(op, name+"_out", "x")}, Outputs: values(onnx.Float, name+"_out")}
	}
	m := chain(17, []int{1, 3}, with(node("ReduceMax", "top", "x"), i("keepdims", 0)), node("Greater", "bright", "top", "half"),
		with(node("If", "y", "bright"), body("then_branch", branch("then", "Sin")), body("else_branch", branch("else", "Exp"))))
	m.Graph.Initializers = []*onnx.Tensor{onnx.NewTensor("half", nil, []float32{0.5})}
	for _, data := range [][]float32{{0.1, 0.2, 0.3}, {0.1, 0.9, 0.3}} {
		in := infer.Tensor{Shape: []int{1, 3}, Data: data}
		b := newBench(t, r, m, in)
		var u *gradient.Unsupported
		if _, err := gradient.Build(b.model, b.facts, "y", []string{"x"}, gradient.Options{}); !errors.As(err, &u) || !u.Varies {
			t.Errorf("error %v", err)
		}
		b = &bench{t: t, runtime: r, inputs: []infer.Tensor{in}, picture: true}
		b.prepare(m)
		checkModel(t, b, rand.New(rand.NewPCG(4, 2)))
	}
}
