package incremental

import (
	"fmt"
	"slices"
	"testing"

	"picasso/backend/onnx"
	"picasso/backend/onnx/axes"
)

// everyStep is what Fields.Need says, without what it knows: through every step.
func everyStep(p *Prefix, tensor string, axis int, wanted Interval) Interval {
	need := make([]Interval, len(p.Tensors))
	need[p.ids[tensor]] = wanted
	for _, s := range slices.Backward(p.steps) {
		for _, out := range s.outs {
			for _, r := range s.reads {
				need[r.tensor] = need[r.tensor].hull(r.axes[axis].Need(need[out]))
			}
		}
	}
	return need[0]
}

// Fields are the same as through every step, for every cell of a network with
// branches, strides, dilations and chains of steps that work place by place.
func TestFieldsAreThoseThroughEveryStep(t *testing.T) {
	const side = 24
	shapes := map[string][]int{"x": {1, 2, side, side}}
	g := &onnx.Graph{Name: "net", Initializers: []*onnx.Tensor{
		{Name: "w1", Type: onnx.Float, Dims: []int64{2, 2, 1, 1}}, {Name: "w3", Type: onnx.Float, Dims: []int64{2, 2, 3, 3}},
	}, Inputs: []*onnx.Value{{Name: "x", Type: onnx.Float, Shape: []onnx.Dim{{Size: 1}, {Size: 2}, {Size: side}, {Size: side}}}}}
	ints := func(name string, v ...int64) *onnx.Attr { return &onnx.Attr{Name: name, Kind: onnx.AttrInts, Ints: v} }
	add := func(op, out string, side int, inputs []string, attrs ...*onnx.Attr) {
		g.Nodes = append(g.Nodes, &onnx.Node{OpType: op, Inputs: inputs, Outputs: []string{out}, Attrs: attrs})
		shapes[out] = []int{1, 2, side, side}
	}
	add("Conv", "a", side, []string{"x", "w1"})
	add("Relu", "b", side, []string{"a"})
	add("Add", "c", side, []string{"b", "x"}) // all place by place: the picture is their root
	add("Conv", "d", side, []string{"c", "w3"}, ints("pads", 1, 1, 1, 1))
	add("Add", "e", side, []string{"d", "b"})
	add("Conv", "f", side/2, []string{"e", "w3"}, ints("pads", 1, 1, 1, 1), ints("strides", 2, 2))
	add("Conv", "g", side/2, []string{"f", "w3"}, ints("pads", 2, 2, 2, 2), ints("dilations", 2, 2))
	add("Add", "h", side/2, []string{"g", "f"})
	add("MaxPool", "i", side/4, []string{"h"}, ints("kernel_shape", 2, 2), ints("strides", 2, 2))
	last := "i"
	for k := range 4 {
		next := fmt.Sprintf("j%d", k)
		add("Conv", next, side/4, []string{last, "w3"}, ints("pads", 1, 1, 1, 1))
		last = next
	}
	g.Outputs = []*onnx.Value{{Name: last, Type: onnx.Float}}
	facts := func(name string) (axes.Known, bool) {
		s, ok := shapes[name]
		return axes.Known{Type: onnx.Float, Shape: s}, ok
	}
	m := &onnx.Model{IRVersion: 8, Opsets: map[string]int64{"": 17}, Graph: g}
	p, err := Trace(m, facts, "x", axes.Picture(1, 2, side, side, false), []string{last})
	if err != nil {
		t.Fatal(err)
	}
	f := p.Fields()
	if len(p.Tensors) != len(shapes) {
		t.Fatalf("%d of %d tensors are local", len(p.Tensors), len(shapes))
	}
	whole := 0
	for _, l := range p.Tensors {
		for axis := range 2 {
			for cell := range l.Length(axis) {
				wanted := Interval{cell, cell + 1}
				want := everyStep(p, l.Name, axis, wanted)
				if got, ok := f.Need(l.Name, axis, wanted); !ok || got != want {
					t.Errorf("%s, axis %d, cell %d: %v, want %v", l.Name, axis, cell, got, want)
				}
				if want.Len() == side {
					whole++
				}
			}
		}
	}
	if whole == 0 || f.root[0][p.ids["c"]] != 0 {
		t.Errorf("%d cells see the whole picture; the root of c is %d", whole, f.root[0][p.ids["c"]])
	}
	if _, ok := f.Need("none", 0, Interval{0, 1}); ok {
		t.Error("a tensor that is not there has a field")
	}
}
