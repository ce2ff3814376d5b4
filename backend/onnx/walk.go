package onnx

// Graphs calls f for the main graph and every body inside it (branches of If,
// bodies of Loop and Scan), outer ones first.
func (m *Model) Graphs(f func(*Graph)) {
	if m.Graph != nil {
		m.Graph.walk(f)
	}
}

func (g *Graph) walk(f func(*Graph)) {
	f(g)
	for _, n := range g.Nodes {
		for _, body := range n.Bodies() {
			body.walk(f)
		}
	}
}

// EachNode calls f for every node of the main graph, of bodies and of local
// functions.
func (m *Model) EachNode(f func(*Node)) {
	visit := func(g *Graph) {
		for _, n := range g.Nodes {
			f(n)
		}
	}
	m.Graphs(visit)
	for _, fn := range m.Functions {
		for _, n := range fn.Nodes {
			f(n)
			for _, body := range n.Bodies() {
				body.walk(visit)
			}
		}
	}
}

// eachTensor calls f for every initializer and every tensor in an attribute.
func (m *Model) eachTensor(f func(*Tensor)) {
	initializers := func(g *Graph) {
		for _, t := range g.Initializers {
			f(t)
		}
	}
	m.everyGraph(initializers)
	m.EachNode(func(n *Node) {
		for _, a := range n.Attrs {
			if a.T != nil {
				f(a.T)
			}
			for _, t := range a.Tensors {
				f(t)
			}
		}
	})
}
