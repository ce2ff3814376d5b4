package incremental

import (
	"fmt"
	"slices"

	"picasso/backend/onnx"
)

// Model is the segment as a model whose weights stay in the user's file. Its
// inputs are the entries and its outputs the exits, in order; batch and places
// are free. folder is where the references to weights start.
func (s *Segment) Model() (m *onnx.Model, folder string, err error) {
	p := s.prefix
	kept := map[string]bool{}
	for _, st := range p.steps[s.first:s.last] {
		kept[st.node.Output(0)] = true
	}
	outputs := make([]string, len(s.Exits))
	for i, e := range s.Exits {
		outputs[i] = p.Tensors[e.Tensor].Name
	}
	inputs := make([]*onnx.Value, len(s.Entries))
	for i, e := range s.Entries {
		inputs[i] = p.Tensors[e.Tensor].value(e.Name, true)
	}
	return p.extract(kept, inputs, outputs, func(g *onnx.Graph) {
		for _, st := range p.steps[s.first:s.last] {
			s.unpad(g, st)
			p.resize(g, st)
		}
	})
}

// unpad lets a convolution read the entry that brings its padding along.
func (s *Segment) unpad(g *onnx.Graph, st *step) {
	if st.pads == nil {
		return
	}
	for _, e := range s.Entries {
		if e.Tensor != st.reads[0].tensor || !slices.Equal(e.Pads, st.pads) {
			continue
		}
		at := slices.IndexFunc(g.Nodes, func(n *onnx.Node) bool { return n.Output(0) == st.node.Output(0) })
		if at < 0 {
			return
		}
		n := g.Nodes[at]
		n.Inputs[0] = e.Name
		n.Attrs = slices.DeleteFunc(n.Attrs, func(a *onnx.Attr) bool { return a.Name == "pads" || a.Name == "auto_pad" })
	}
}

// value declares a tensor as an input. Its places are free for crops.
func (l *Local) value(name string, crop bool) *onnx.Value {
	v := &onnx.Value{Name: name, Type: l.Type, Shape: make([]onnx.Dim, len(l.Shape))}
	for i, d := range l.Shape {
		v.Shape[i].Size = int64(d)
		if crop && l.has(i) {
			v.Shape[i] = onnx.Dim{Size: -1}
		}
	}
	v.Shape[0] = onnx.Dim{Size: -1, Symbol: "batch"}
	return v
}

// TailModel is the tail as a model: its inputs are the tail's, its outputs the
// names it gives.
func (plan *Plan) TailModel() (m *onnx.Model, folder string, err error) {
	p := plan.Prefix
	done := map[string]bool{}
	for _, s := range plan.Segments {
		for _, st := range p.steps[s.first:s.last] {
			done[st.node.Output(0)] = true
		}
	}
	kept := map[string]bool{}
	for _, n := range p.model.Graph.Nodes {
		if out := n.Output(0); p.data[out] && !done[out] {
			kept[out] = true
		}
	}
	inputs := make([]*onnx.Value, len(plan.Tail.Inputs))
	for i, id := range plan.Tail.Inputs {
		inputs[i] = p.Tensors[id].value(p.Tensors[id].Name, false)
	}
	return p.extract(kept, inputs, plan.Tail.Names, func(*onnx.Graph) {})
}

// minIR is the version from which weights need not be inputs too.
const minIR = 4

// extract is a small copy of the model with the kept nodes, by their first
// output, and what they need of constants. edit may change the nodes.
func (p *Prefix) extract(kept map[string]bool, inputs []*onnx.Value, outputs []string, edit func(*onnx.Graph)) (*onnx.Model, string, error) {
	m, folder, err := p.model.Detach()
	if err != nil {
		return nil, "", err
	}
	m.IRVersion = max(m.IRVersion, minIR)
	g := m.Graph
	g.Nodes = slices.DeleteFunc(g.Nodes, func(n *onnx.Node) bool { return p.data[n.Output(0)] && !kept[n.Output(0)] })
	g.Inputs, g.ValueInfo = inputs, nil
	g.Outputs = make([]*onnx.Value, len(outputs))
	for i, name := range outputs {
		g.Outputs[i] = &onnx.Value{Name: name}
		if k, ok := p.facts(name); ok {
			g.Outputs[i].Type = k.Type
		}
	}
	edit(g)
	g.Prune()
	if err := g.Check(); err != nil {
		return nil, "", fmt.Errorf("cutting the model: %w", err)
	}
	return m, folder, nil
}

// free is a name for a padded entry that no tensor of the model has.
func (p *Prefix) free(name string, number int) string {
	for {
		name = fmt.Sprintf("%s padded %d", name, number)
		node, _ := p.index.Producer(name)
		if node == nil && p.index.Value(name) == nil && p.index.Constant(name) == nil {
			return name
		}
	}
}

// Key names the segment among those of one prefix.
func (s *Segment) Key() string { return fmt.Sprintf("%d-%d", s.first, s.last) }

// TailKey names the tail among those of one prefix.
func (plan *Plan) TailKey() string {
	if n := len(plan.Segments); n > 0 {
		return fmt.Sprint(plan.Segments[n-1].last)
	}
	return "0"
}
