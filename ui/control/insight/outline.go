package insight

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"picasso/backend/infer"
	"picasso/backend/onnx"
	"picasso/backend/onnx/outline"
	"picasso/ui/control"
	"picasso/ui/control/task"
	"picasso/visualizers"
)

type tensor = infer.Tensor

// Graph is the network in rows.
type Graph struct {
	Rows    []Row
	Nodes   int
	layers  map[string]visualizers.Layer // that are maps of cells
	shapes  map[string][]int
	last    string
	outline *outline.Outline
	undrawn [2]error // why nothing can be drawn for classes, and for units
}

// Row is a chain of operators.
type Row struct {
	outline.Row
	Differentiable int // of its nodes
}

// Line is a line of the list: a block, a row of it, or a node of a row.
type Line struct {
	Block string
	Row   int // −1 for a block
	Node  int // −1 for a row
	Open  bool
}

// Means are the mean activations of the rows for a picture, NaN where there is none.
type Means struct {
	Of   *control.Look
	Rows []float64
	Err  error
}

// errMoved is why there is nothing inside for a volume that is larger than the model's
// input: each block has layers of its own.
var errMoved = errors.New("the model is moved over this volume, block by block, and each block has layers of its own. In Explain, let the model get one block to look inside")

// single is the input of a look that the model takes at once.
func single(k *control.Look) (tensor, error) {
	if k.Over != nil {
		return tensor{}, errMoved
	}
	return k.Input, nil
}

var errUntold = errors.New("the layers of this model cannot be looked at: it is not an ONNX graph on this machine")

// readGraph reads the network once for each model.
func (t *Controller) readGraph() {
	if t.model == nil || t.state.Graph != nil || t.state.GraphErr != nil || t.outlining.Running() {
		return
	}
	drawers := [2]visualizers.Visualizer{t.visualizer(drawers[OfClass]), t.visualizer(drawers[OfUnit])}
	task.Start(t.outlining, control.Lend(t.c, func(ctx context.Context, m control.Model, _ func(func())) (*Graph, error) {
		g, err := read(ctx, m)
		for of, v := range drawers {
			if err == nil {
				g.undrawn[of] = undrawn(m, v)
			}
		}
		return g, err
	}), func(g *Graph, err error) {
		if t.state.Graph, t.state.GraphErr = g, err; err == nil {
			t.list()
			t.chooseFirst()
		}
		t.follow()
	})
}

// undrawn is why a method cannot draw for a model, or nil. It may wait for the
// model.
func undrawn(m control.Model, v visualizers.Visualizer) error {
	if v == nil {
		return errors.New("the method that draws is not part of this program")
	}
	if r, ok := v.(visualizers.Requirer); ok {
		return r.Require(m)
	}
	return nil
}

func read(ctx context.Context, m control.Model) (*Graph, error) {
	o, ok := m.(Outlined)
	l, layered := m.(visualizers.Layered)
	if !ok || !layered {
		return nil, errUntold
	}
	told, err := o.Outline(ctx)
	if err != nil {
		return nil, err
	}
	coverage, err := o.GradientCoverage()
	if err != nil {
		return nil, err
	}
	blocked := map[string]bool{}
	for _, b := range coverage.Blockers {
		blocked[b.Node] = true
	}
	g := &Graph{outline: told, layers: map[string]visualizers.Layer{}, shapes: map[string][]int{}, last: l.LastLayer()}
	for _, one := range l.Layers() {
		g.layers[one.Name] = one
	}
	for _, r := range told.Rows {
		g.Rows = append(g.Rows, Row{r, r.Differentiable(blocked)})
		g.Nodes += len(r.Nodes)
		g.shapes[r.Name] = Row{Row: r}.Size()
	}
	return g, ctx.Err()
}

// Layer is a tensor as a map of cells; ok is false where it is none.
func (g *Graph) Layer(name string) (l visualizers.Layer, ok bool) {
	l, ok = g.layers[name]
	return l, ok
}

// Field is the part of the model's input that a cell of a layer depends on; slice is 0 in
// models of pictures.
func (g *Graph) Field(layer string, slice, row, column int) outline.Field {
	return g.outline.FieldIn(layer, slice, row, column)
}

// chooseFirst keeps the layer of the former model where this one has it too, else
// takes what class activation maps use.
func (t *Controller) chooseFirst() {
	if _, ok := t.state.Graph.layers[t.state.Layer]; !ok {
		t.state.Layer, t.state.Unit = t.state.Graph.last, Unit{}
	}
}

// readMeans computes the mean activations for the current picture.
func (t *Controller) readMeans() {
	g, k := t.state.Graph, t.c.State().Look
	if g == nil || !k.Answered() || t.averaged == k {
		return
	}
	t.averaged = k
	task.Start(t.averaging, control.Lend(t.c, func(ctx context.Context, m control.Model, _ func(func())) (Means, error) {
		means := Means{Of: k, Rows: make([]float64, len(g.Rows))}
		input, err := single(k)
		if err != nil {
			return means, err
		}
		var names []string
		var places []int
		for i, r := range g.Rows {
			means.Rows[i] = math.NaN()
			if r.Shape != nil {
				names, places = append(names, r.Name), append(places, i)
			}
		}
		found, err := m.(Outlined).Means(ctx, names, input)
		for i, v := range found {
			means.Rows[places[i]] = v
		}
		return means, err
	}), func(means Means, err error) {
		means.Of, means.Err = k, err
		t.state.Means = means
		t.tell()
	})
}

// Narrow shows only what holds a text: in the name of a tensor or a node, its
// operators, or the block.
func (t *Controller) Narrow(text string) {
	if t.state.Find = text; t.state.Graph != nil {
		t.list()
		t.tell()
	}
}

// Expand lists the nodes of a row, or hides them again.
func (t *Controller) Expand(row int) {
	if t.state.Graph == nil {
		return
	}
	t.expanded[row] = !t.expanded[row]
	t.list()
	t.tell()
}

// list makes the lines anew.
func (t *Controller) list() {
	want := strings.ToLower(t.state.Find)
	t.state.Lines = nil
	block, any := "", false
	for i, r := range t.state.Graph.Rows {
		if want != "" && !r.holds(want) {
			continue
		}
		if !any || r.Block != block {
			block, any = r.Block, true
			t.state.Lines = append(t.state.Lines, Line{Block: block, Row: -1, Node: -1})
		}
		t.state.Lines = append(t.state.Lines, Line{Block: block, Row: i, Node: -1, Open: t.expanded[i]})
		if !t.expanded[i] {
			continue
		}
		for k := range r.Nodes {
			t.state.Lines = append(t.state.Lines, Line{Block: block, Row: i, Node: k})
		}
	}
}

// holds reports whether the row holds a text in small letters.
func (r Row) holds(text string) bool {
	return strings.Contains(strings.ToLower(r.Block+" "+r.Name+" "+strings.Join(r.Operators, " ")), text) ||
		slices.ContainsFunc(r.Nodes, func(n *onnx.Node) bool { return strings.Contains(strings.ToLower(n.Name), text) })
}

// Attributes writes the attributes of a node in a line; long ones are cut off.
func Attributes(n *onnx.Node) string {
	var list []string
	for _, a := range n.Attrs {
		list = append(list, a.Name+" "+a.String())
	}
	return strings.Join(list, ", ")
}

// Choose looks at a layer.
func (t *Controller) Choose(tensor string) {
	if tensor == t.state.Layer {
		return
	}
	t.state.Layer, t.state.Page = tensor, 0
	t.state.Unit.Cell = nil
	t.state.Search, t.searched = Search{}, searchKey{}
	t.searching.Stop()
	t.follow()
}

// StepLayer goes n layers further in the order of the graph, stopping at the ends.
func (t *Controller) StepLayer(n int) {
	g := t.state.Graph
	if g == nil {
		return
	}
	var names []string
	at := -1
	for _, r := range g.Rows {
		if _, ok := g.layers[r.Name]; ok {
			names = append(names, r.Name)
			if r.Name == t.state.Layer {
				at = len(names) - 1
			}
		}
	}
	if len(names) == 0 {
		return
	}
	t.Choose(names[min(max(at+n, 0), len(names)-1)])
}

// noMap says why a tensor cannot be shown as pictures.
func (g *Graph) noMap(name string) error {
	shape := g.shapes[name]
	count := 1
	for _, d := range shape {
		count *= d
	}
	switch {
	case shape == nil:
		return fmt.Errorf("%s has a shape that is known only while the model runs, so it cannot be shown as pictures", name)
	case count == 1:
		return fmt.Errorf("%s is one number; its value is the mean in the list", name)
	}
	return fmt.Errorf("%s (%s) has no rows and columns, or only one cell: there is no picture of it. Choose a layer before it", name, infer.Dimensions(shape))
}

// Size is the shape of what the row gives for one picture, without the axis that
// counts pictures; nil where it is not known.
func (r Row) Size() []int {
	if strings.HasPrefix(r.Axes, "N,") && len(r.Shape) > 1 && r.Shape[0] == 1 {
		return r.Shape[1:]
	}
	return r.Shape
}
