package onnx

import (
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"picasso/backend/bounded"
	"picasso/backend/fixtures"
	"strings"
	"testing"
	"time"
)

// call is a node that calls the local function of a name.
func call(name, from, to string) *Node {
	n := op(name, from, to)
	n.Domain = "d"
	return n
}

// function is a local function of one input a and one output b.
func function(name string, nodes ...*Node) *Function {
	return &Function{Name: name, Domain: "d", Inputs: []string{"a"}, Outputs: []string{"b"}, Nodes: nodes, Opsets: map[string]int64{"": 13, "d": 1}}
}

// branches is an If with the same body in both branches.
func branches(body *Graph, out string) *Node {
	return op("If", "flag", out,
		&Attr{Name: "then_branch", Kind: AttrGraph, G: body}, &Attr{Name: "else_branch", Kind: AttrGraph, G: body})
}

// nested is an If depth levels deep.
func nested(depth int) *Node {
	n := op("Identity", "x", "v0")
	for i := range depth {
		n = op("If", "flag", fmt.Sprintf("v%d", i+1), &Attr{Name: "then_branch", Kind: AttrGraph, G: &Graph{
			Nodes: []*Node{n}, Outputs: []*Value{{Name: fmt.Sprintf("v%d", i), Type: Float}},
		}})
	}
	return n
}

// with is tiny with functions and a condition, its y the last node's output.
func with(functions []*Function, nodes ...*Node) *Model {
	m := tiny(13, nodes...)
	m.Functions = functions
	m.Opsets["d"] = 1
	m.Graph.Initializers = append(m.Graph.Initializers, &Tensor{Name: "flag", Type: Bool, Raw: []byte{1}})
	m.Graph.Outputs[0].Name = nodes[len(nodes)-1].Output(0)
	return m
}

// laughs are functions of which each calls the one before it several times.
func laughs(levels, times int) []*Function {
	list := []*Function{function("F0", op("Relu", "a", "b"))}
	for i := 1; i <= levels; i++ {
		var nodes []*Node
		from := "a"
		for j := range times {
			to := fmt.Sprint("t", j)
			if j == times-1 {
				to = "b"
			}
			nodes = append(nodes, call(fmt.Sprint("F", i-1), from, to))
			from = to
		}
		list = append(list, function(fmt.Sprint("F", i), nodes...))
	}
	return list
}

// chain is a line of nodes from x to y.
func chain(n int) []*Node {
	nodes := make([]*Node, n)
	from := "x"
	for i := range nodes {
		to := fmt.Sprint("t", i)
		nodes[i], from = op("Relu", from, to), to
	}
	return nodes
}

// What would keep a runtime busy, or make it fall over, is refused in words,
// and what is merely large or deep is not.
func TestStructureIsBounded(t *testing.T) {
	relu := func(name, to string) *Function { return function(name, op("Relu", "a", "t"), call(to, "t", "b")) }
	overload := func(f *Function, calls, is string) *Function {
		f.Nodes[len(f.Nodes)-1].unknown = append([]byte{8<<3 | 2, byte(len(calls))}, calls...)
		f.unknown = append([]byte{13<<3 | 2, byte(len(is))}, is...)
		return f
	}
	crowded := func(weights, shapes int) *Model {
		m := with(nil, op("Relu", "x", "y"))
		for i := range weights {
			m.Graph.Initializers = append(m.Graph.Initializers, NewTensor(fmt.Sprint("w", i), nil, []float32{1}))
		}
		for i := range shapes {
			m.Graph.ValueInfo = append(m.Graph.ValueInfo, &Value{Name: fmt.Sprint("v", i), Type: Float})
		}
		return m
	}
	tests := map[string]struct {
		model *Model
		want  string
	}{
		"many weights":           {crowded(70_000, 0), "holds 70001 tensors of weights"},
		"many shapes":            {crowded(0, 300_000), "states 300002 inputs"},
		"some of both":           {crowded(30_000, 30_000), ""},
		"calls itself":           {with([]*Function{relu("F", "F")}, call("F", "x", "y")), `function "F", which calls itself`},
		"calls in a circle":      {with([]*Function{relu("F", "G"), relu("G", "H"), relu("H", "F")}, call("F", "x", "y")), "calls itself"},
		"circle nobody enters":   {with([]*Function{relu("F", "F")}, op("Relu", "x", "y")), "calls itself"},
		"circle through an If":   {with([]*Function{function("F", branches(&Graph{Nodes: []*Node{call("F", "a", "c")}}, "b"))}, call("F", "x", "y")), "calls itself"},
		"circle of operators":    {with([]*Function{{Name: "Relu", Domain: "ai.onnx", Inputs: []string{"a"}, Outputs: []string{"b"}, Nodes: []*Node{op("Relu", "a", "b")}}}, op("Relu", "x", "y")), "calls itself"},
		"circle of one overload": {with([]*Function{overload(relu("F", "F"), "one", "one")}, op("Relu", "x", "y")), "calls itself"},
		"two overloads":          {with([]*Function{overload(relu("F", "F"), "two", "one"), overload(function("F", op("Relu", "a", "b")), "", "two")}, op("Relu", "x", "y")), ""},
		"a million laughs":       {with(laughs(6, 10), call("F6", "x", "y")), "grows to 2111111 nodes"},
		"without number":         {with(laughs(40, 10), call("F40", "x", "y")), "billions of nodes"},
		"some laughs":            {with(laughs(4, 10), call("F4", "x", "y")), ""},
		"too many laughs":        {with(laughs(5, 10), call("F5", "x", "y")), "grows by 211110 nodes"},
		"a long line of calls":   {with(laughs(100, 1), call("F100", "x", "y")), "more than 64 levels deep"},
		"a deep If":              {with(nil, nested(12)), ""},
		"an If too deep":         {with(nil, nested(20)), "unfolded"},
		"an If much too deep":    {with(nil, nested(90)), "more than 64 levels deep"},
		"Ifs in calls":           {with([]*Function{function("F", branches(&Graph{Nodes: laughs(5, 10)[5].Nodes}, "b"))}, nested(18)), "unfolded"},
		"a hundred thousand":     {with(nil, chain(100_000)...), ""},
		"half a million":         {with(nil, chain(500_000)...), "grows to 500000 nodes"},
	}
	for name, test := range tests {
		began := time.Now()
		err := test.model.Check()
		took := time.Since(began)
		if test.want == "" && err == nil {
			continue
		}
		var fault *FileError
		if !errors.As(err, &fault) || test.want == "" || !strings.Contains(err.Error(), test.want) || fault.Remedy == "" {
			t.Errorf("%s: %v, want %q", name, err, test.want)
		}
		if took > 5*time.Second {
			t.Errorf("%s took %v", name, took)
		}
	}
}

// Tensors that no machine holds are refused by what the file says of them,
// wherever it says so.
func TestSizesAreBounded(t *testing.T) {
	shape := func(dims ...int64) *Tensor { return NewInts("s", []int64{int64(len(dims))}, dims) }
	number := func(name string, v float32) *Tensor { return NewTensor(name, nil, []float32{v}) }
	build := func(weights []*Tensor, nodes ...*Node) *Model {
		m := with(nil, nodes...)
		m.Graph.Initializers = append(m.Graph.Initializers, weights...)
		return m
	}
	stated := func(out ...int64) *Model {
		m := tiny(13, op("Relu", "x", "y"))
		for _, d := range out {
			m.Graph.Outputs[0].Shape = append(m.Graph.Outputs[0].Shape, Dim{Size: d})
		}
		return m
	}
	info := tiny(13, op("Relu", "x", "h"), op("Relu", "h", "y"))
	info.Graph.ValueInfo = []*Value{{Name: "h", Type: Float, Shape: []Dim{{Size: -1}, {Size: 1 << 20}, {Size: 1 << 20}}}}
	random := op("RandomNormal", "", "y", &Attr{Name: "shape", Kind: AttrInts, Ints: []int64{1, 1e6, 1e6}})
	random.Inputs = nil
	inFunction := with([]*Function{function("F",
		&Node{OpType: "Constant", Outputs: []string{"s"}, Attrs: []*Attr{{Name: "value_ints", Kind: AttrInts, Ints: []int64{1, 1e10}}}},
		op("Expand", "a,s", "b"))}, call("F", "x", "y"))
	tests := map[string]struct {
		model *Model
		want  string
	}{
		"output of a billion classes":   {stated(-1, 1e9), "outputs of 3814 MB"},
		"an impossible output":          {stated(math.MaxInt64, math.MaxInt64), "an impossible size"},
		"a thousand classes":            {stated(-1, 1000), ""},
		"a map of scores":               {stated(-1, 21, 1024, 1024), ""},
		"stated inside":                 {info, `computes a tensor, "h"`},
		"expanded":                      {build([]*Tensor{shape(1, 1e9)}, op("Expand", "x,s", "y")), "computes an output"},
		"expanded inside":               {build([]*Tensor{shape(1, 1e10)}, op("Expand", "x,s", "h"), op("Relu", "h", "y")), `computes a tensor, "h"`},
		"a constant":                    {build([]*Tensor{shape(1e6, 1e6)}, op("ConstantOfShape", "s", "y")), "computes"},
		"tiled":                         {build([]*Tensor{shape(1, 1, 1e5, 1e6)}, op("Tile", "x,s", "y")), "computes"},
		"random":                        {build(nil, random), "computes"},
		"resized":                       {build([]*Tensor{shape(1, 3, 1e6, 1e6)}, op("Resize", "x,,,s", "y")), "computes"},
		"one of many":                   {build([]*Tensor{NewInts("s", nil, []int64{1e12})}, op("OneHot", "x,s,flag", "y")), "computes"},
		"counted":                       {build([]*Tensor{number("from", 0), number("to", 1e12), number("by", 1)}, op("Range", "from,to,by", "y")), "computes"},
		"counted without end":           {build([]*Tensor{number("from", 0), number("to", float32(math.Inf(1))), number("by", 1)}, op("Range", "from,to,by", "y")), "computes"},
		"counted without meaning":       {build([]*Tensor{number("from", 0), number("to", float32(math.NaN())), number("by", 1)}, op("Range", "from,to,by", "y")), ""},
		"in a function":                 {inFunction, "computes a tensor"},
		"negative lengths mean nothing": {build([]*Tensor{shape(-1, -5)}, op("Expand", "x,s", "y")), ""},
	}
	for name, test := range tests {
		err := test.model.Check()
		if test.want == "" && err == nil {
			continue
		}
		var fault *FileError
		if !errors.As(err, &fault) || test.want == "" || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", name, err, test.want)
		}
	}
}

// The hostile files of the fixtures that a look at the structure finds.
func TestHostileModelsAreRefused(t *testing.T) {
	folder := fixtures.Path(t, "field", "hostile")
	for _, name := range []string{"01-recursive-function-crash/fself.onnx", "10-slow-models/bigclasses.onnx", "10-slow-models/nest20.onnx", "10-slow-models/laughs6x10.onnx"} {
		_, err := Open(filepath.Join(folder, filepath.FromSlash(name)))
		var fault *FileError
		if !errors.As(err, &fault) || fault.Remedy == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Checking costs as much for each node of a large file as of a small one.
func TestCheckIsLinear(t *testing.T) {
	cost := func(n int) time.Duration {
		m := with(nil, chain(n)...)
		best := time.Hour
		for range 5 {
			best = min(best, bounded.Cost(func() {
				if err := m.Check(); err != nil {
					t.Fatal(err)
				}
			}))
		}
		return best
	}
	small, large := cost(20_000), cost(160_000)
	if large > 8*5*max(small, 5*time.Millisecond) { // 64 times were a square
		t.Errorf("20,000 nodes take %v, eight times as many %v", small, large)
	}
}
