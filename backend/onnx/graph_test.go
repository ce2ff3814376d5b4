package onnx

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

func TestIndex(t *testing.T) {
	m := sample()
	x := m.Graph.Index()
	if n, slot := x.Producer("r"); n == nil || n.OpType != "LeakyRelu" || slot != 0 {
		t.Errorf("producer of r is %v, %d", n, slot)
	}
	if n, _ := x.Producer("x"); n != nil {
		t.Errorf("an input has producer %v", n)
	}
	uses := x.Consumers("s")
	if len(uses) != 2 || uses[0].Slot != -1 || uses[0].Node.OpType != "If" {
		t.Errorf("s is read by %v, want twice by the bodies of If", uses)
	}
	if uses := x.Consumers("axis"); len(uses) != 1 || uses[0].Slot != 1 {
		t.Errorf("axis is read by %v", uses)
	}
	if x.Constant("axis") == nil || x.Initializer("axis") != nil || x.Initializer("w") == nil {
		t.Error("axis is a Constant node's value, w a weight")
	}
	if x.Value("c") == nil || x.Input("x") == nil || x.Output("y") == nil || x.Value("r") != nil {
		t.Error("stated values are not found")
	}
	for name, want := range map[string]bool{"w": true, "axis": true, "x": false, "c": false, "q": false, "nobody": false} {
		if x.IsConstant(name) != want {
			t.Errorf("IsConstant(%q) is %v", name, !want)
		}
	}
	m.Graph.Inputs = append(m.Graph.Inputs, &Value{Name: "w"})
	if feeds := m.Graph.Feeds(); len(feeds) != 1 || feeds[0].Name != "x" {
		t.Errorf("feeds are %v", feeds)
	}
}

func TestSort(t *testing.T) {
	m := sample()
	want := slices.Clone(m.Graph.Nodes)
	slices.Reverse(m.Graph.Nodes)
	if err := m.Graph.Sort(); err != nil {
		t.Fatal(err)
	}
	position := map[*Node]int{}
	for i, n := range m.Graph.Nodes {
		position[n] = i
	}
	for _, pair := range [][2]int{{0, 1}, {1, 2}, {2, 4}, {3, 4}, {4, 5}, {5, 6}, {6, 7}} {
		if position[want[pair[0]]] > position[want[pair[1]]] {
			t.Errorf("%s stands behind %s", want[pair[0]].Label(), want[pair[1]].Label())
		}
	}
	sorted := sample()
	before := slices.Clone(sorted.Graph.Nodes)
	if err := sorted.Graph.Sort(); err != nil || !slices.Equal(before, sorted.Graph.Nodes) {
		t.Errorf("a sorted graph is reordered (%v)", err)
	}
}

func TestCheckGraph(t *testing.T) {
	tests := map[string]struct {
		nodes []*Node
		want  string
	}{
		"circle":            {[]*Node{op("Add", "x,b", "a"), op("Relu", "a", "b"), op("Relu", "b", "y")}, "circle"},
		"missing":           {[]*Node{op("Add", "x,b", "y")}, `"b" is read, but nothing computes it`},
		"twice":             {[]*Node{op("Relu", "x", "y"), op("Neg", "x", "y")}, "computed twice"},
		"input overwritten": {[]*Node{op("Relu", "x", "x"), op("Relu", "x", "y")}, "also given as an input"},
		"no output":         {[]*Node{op("Relu", "x", "a")}, `"y" is an output of the graph, but nothing computes it`},
		"body": {[]*Node{op("If", "x", "y", &Attr{Name: "then_branch", Kind: AttrGraph,
			G: &Graph{Nodes: []*Node{op("Relu", "nowhere", "z")}}})}, `"nowhere" is read`},
	}
	for name, test := range tests {
		err := tiny(13, test.nodes...).Graph.Check()
		var graph *GraphError
		if !errors.As(err, &graph) || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want %q", name, err, test.want)
		}
	}
}

func TestEdit(t *testing.T) {
	m := sample()
	g := m.Clone().Graph
	if err := g.Expose("r", "y"); err != nil {
		t.Fatal(err)
	}
	if len(g.Outputs) != 2 || g.Outputs[1].Name != "r" {
		t.Errorf("outputs are %v", g.Outputs)
	}
	if err := g.Expose("w"); err == nil {
		t.Error("a weight became an output")
	}
	g.KeepOutputs("r")
	g.Prune()
	if len(g.Nodes) != 2 || len(g.Initializers) != 1 || len(g.Outputs) != 1 {
		t.Errorf("%d nodes, %d weights, %d outputs remain", len(g.Nodes), len(g.Initializers), len(g.Outputs))
	}
	if err := g.Rename("c", "conv"); err != nil {
		t.Fatal(err)
	}
	if err := g.Check(); err != nil {
		t.Error(err)
	}
	if err := g.Rename("conv", "r"); err == nil {
		t.Error("a name was given twice")
	}
	g.FreeBatch("B")
	if d := g.Inputs[0].Shape[0]; d != (Dim{Size: -1, Symbol: "B"}) {
		t.Errorf("batch is %v", d)
	}
	if len(m.Graph.Nodes) != 8 || m.Graph.Nodes[0].Outputs[0] != "c" || m.Graph.Inputs[0].Shape[0].Symbol != "N" {
		t.Error("changing a clone changed the original")
	}
	body := sample().Graph
	if err := body.Rename("s", "pooled"); err != nil {
		t.Fatal(err)
	}
	if err := body.Check(); err != nil {
		t.Errorf("after renaming what a body reads: %v", err)
	}
}

// TestEncodeEdited wants changes of maps, values and the producer written.
func TestEncodeEdited(t *testing.T) {
	data, err := sample().Encode()
	if err != nil {
		t.Fatal(err)
	}
	m, err := Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	m.Opsets[""] = 15
	delete(m.Opsets, "local")
	m.Opsets["com.example"] = 2
	m.Metadata["names"] = "{}"
	m.Producer = "somebody"
	m.Graph.Inputs[0].Shape[2] = Dim{Size: 9}
	if data, err = m.Encode(); err != nil {
		t.Fatal(err)
	}
	again, err := Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	if len(again.Opsets) != 2 || again.Opsets[""] != 15 || again.Opsets["com.example"] != 2 {
		t.Errorf("operator sets are %v", again.Opsets)
	}
	if again.Metadata["names"] != "{}" || again.Producer != "somebody" || again.Graph.Inputs[0].Shape[2].Size != 9 {
		t.Errorf("%v, %q, %v", again.Metadata, again.Producer, again.Graph.Inputs[0].Shape)
	}
}
