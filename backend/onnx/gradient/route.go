package gradient

import (
	"errors"

	"picasso/backend/onnx"
)

// graph is a forward model in execution order with its index.
type graph struct {
	model *onnx.Model
	index *onnx.Index
	nodes []*onnx.Node
	// data marks tensors whose values depend on the model's inputs. Others
	// are the same in every run with the same input size.
	data  map[string]bool
	kinds map[string]onnx.DataType // element types by tensor
}

func newGraph(m *onnx.Model) (*graph, error) {
	if m == nil || m.Graph == nil {
		return nil, errors.New("the model has no graph")
	}
	sorted := m.Clone()
	if err := sorted.Graph.Sort(); err != nil {
		return nil, err
	}
	g := &graph{model: sorted, index: sorted.Graph.Index(), nodes: sorted.Graph.Nodes, data: map[string]bool{}}
	g.kinds = g.types()
	for _, in := range sorted.Graph.Feeds() {
		g.data[in.Name] = true
	}
	for _, n := range g.nodes {
		if n.Is("Shape", "Size") {
			continue
		}
		for _, name := range reads(n) {
			if g.data[name] {
				g.mark(n)
				break
			}
		}
	}
	return g, nil
}

func (g *graph) mark(n *onnx.Node) {
	for _, out := range n.Outputs {
		g.data[out] = true
	}
}

// reads are the tensors a node depends on: its inputs and what its bodies
// capture.
func reads(n *onnx.Node) []string {
	names := n.Inputs
	for _, body := range n.Bodies() {
		names = append(names[:len(names):len(names)], body.Captures()...)
	}
	return names
}

// route is the part of a graph between the wanted tensors and the seed.
type route struct {
	nodes []*onnx.Node    // in execution order
	on    map[string]bool // tensors whose gradient is computed
}

// trace finds the nodes through which the seed depends on the wanted tensors
// in a differentiable way.
func (g *graph) trace(seed string, wrt []string) route {
	active := g.activate(wrt)
	r := route{on: map[string]bool{}}
	if !active[seed] {
		return r
	}
	r.on[seed] = true
	for i := len(g.nodes) - 1; i >= 0; i-- {
		n := g.nodes[i]
		if !anyOf(r.on, n.Outputs) || !anyOf(active, n.Outputs) {
			continue
		}
		used := false
		for slot, name := range reads(n) {
			if name != "" && active[name] && g.carries(n, slot) {
				r.on[name] = true
				used = true
			}
		}
		if used {
			r.nodes = append(r.nodes, n)
		}
	}
	for i, j := 0, len(r.nodes)-1; i < j; i, j = i+1, j-1 {
		r.nodes[i], r.nodes[j] = r.nodes[j], r.nodes[i]
	}
	return r
}

// activate marks the tensors that depend on the wanted ones.
func (g *graph) activate(wrt []string) map[string]bool {
	active := map[string]bool{}
	for _, name := range wrt {
		active[name] = true
	}
	for _, n := range g.nodes {
		for slot, name := range reads(n) {
			if name != "" && active[name] && g.carries(n, slot) {
				for _, out := range entryOf(n).results(n) {
					active[out] = true
				}
				break
			}
		}
	}
	delete(active, "")
	return active
}

func anyOf(set map[string]bool, names []string) bool {
	for _, name := range names {
		if name != "" && set[name] {
			return true
		}
	}
	return false
}

// batchable reports whether the batch axis can stay open: every tensor on the
// route has one. Where only one image was seen, axis 0 is taken for it if it
// has length 1 everywhere and no node moves it.
func (f Facts) batchable(g *graph, r route, seed string) bool {
	for name := range r.on {
		fact, known := f.tensors[name]
		if !known || fact.odd || fact.rank() == 0 {
			return false
		}
		if f.fixed && fact.Shape[0] != 1 || !f.fixed && fact.Batch < 0 {
			return false
		}
	}
	if !f.fixed {
		return f.tensors[seed].Batch == 0
	}
	for _, n := range r.nodes {
		perm := n.AttrInts("perm")
		if n.Is("Transpose") && (len(perm) == 0 || perm[0] != 0) || n.Is("LSTM", "GRU", "RNN") { // there axis 0 is time
			return false
		}
	}
	return true
}
