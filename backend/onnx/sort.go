package onnx

import "container/heap"

// Check reports, as a *[GraphError], names that are defined twice, tensors
// that nobody writes and cycles, in the graph and in the bodies inside it.
// Nodes may stand in any order.
func (g *Graph) Check() error {
	_, err := g.order(nil)
	return err
}

// Sort brings the nodes into an order in which every tensor is written before
// it is read, keeping the present order where it can. It fails, changing
// nothing, where [Graph.Check] does.
func (g *Graph) Sort() error {
	nodes, err := g.order(nil)
	if err == nil {
		g.Nodes = nodes
	}
	return err
}

// order returns the nodes in a valid order. outer holds the names that the
// graphs around a body define.
func (g *Graph) order(outer func(string) bool) ([]*Node, error) {
	given, writer, err := g.definitions()
	if err != nil {
		return nil, err
	}
	known := func(name string) bool {
		_, written := writer[name]
		return name == "" || given[name] || written || outer != nil && outer(name)
	}
	waiting := make([]int, len(g.Nodes)) // tensors each node still waits for
	readers := make([][]int, len(g.Nodes))
	for i, n := range g.Nodes {
		if err := g.reads(n, known); err != nil {
			return nil, err
		}
		for _, name := range n.reads() {
			if from, ok := writer[name]; ok && !given[name] {
				waiting[i]++
				readers[from] = append(readers[from], i)
			}
		}
	}
	for _, v := range g.Outputs {
		if !known(v.Name) {
			return nil, &GraphError{Graph: g.Name, Tensor: v.Name, Fault: "is an output of the graph, but nothing computes it"}
		}
	}
	return g.schedule(waiting, readers)
}

// reads checks what one node and its bodies read.
func (g *Graph) reads(n *Node, known func(string) bool) error {
	for _, name := range n.Inputs {
		if !known(name) {
			return &GraphError{Graph: g.Name, Tensor: name, Node: n.Label(), Fault: "is read, but nothing computes it"}
		}
	}
	for _, body := range n.Bodies() {
		if _, err := body.order(known); err != nil {
			return err
		}
	}
	return nil
}

// reads lists the names a node needs, those of its bodies included.
func (n *Node) reads() []string {
	bodies := n.Bodies()
	if len(bodies) == 0 {
		return n.Inputs
	}
	names := append([]string(nil), n.Inputs...)
	for _, body := range bodies {
		names = append(names, body.Captures()...)
	}
	return names
}

// definitions maps the names given from outside and, by node, those computed.
func (g *Graph) definitions() (given map[string]bool, writer map[string]int, err error) {
	given = make(map[string]bool, len(g.Inputs)+len(g.Initializers))
	for _, v := range g.Inputs {
		if given[v.Name] && v.Name != "" {
			return nil, nil, &GraphError{Graph: g.Name, Tensor: v.Name, Fault: "is an input of the graph twice"}
		}
		given[v.Name] = true
	}
	initial := make(map[string]bool, len(g.Initializers))
	for _, t := range g.Initializers {
		if initial[t.Name] {
			return nil, nil, &GraphError{Graph: g.Name, Tensor: t.Name, Fault: "is a weight twice"}
		}
		initial[t.Name] = true
		given[t.Name] = true
	}
	writer = make(map[string]int, len(g.Nodes))
	for i, n := range g.Nodes {
		for _, name := range n.Outputs {
			_, twice := writer[name]
			switch {
			case name == "":
				continue
			case twice:
				return nil, nil, &GraphError{Graph: g.Name, Tensor: name, Node: n.Label(), Fault: "is computed twice"}
			case given[name]:
				return nil, nil, &GraphError{Graph: g.Name, Tensor: name, Node: n.Label(), Fault: "is computed, but also given as an input or weight"}
			}
			writer[name] = i
		}
	}
	return given, writer, nil
}

// schedule is Kahn's algorithm; of several nodes that are ready the one that
// stands first comes first.
func (g *Graph) schedule(waiting []int, readers [][]int) ([]*Node, error) {
	var ready intHeap
	for i, n := range waiting {
		if n == 0 {
			ready = append(ready, i)
		}
	}
	nodes := make([]*Node, 0, len(g.Nodes))
	for len(ready) > 0 {
		i := heap.Pop(&ready).(int)
		nodes = append(nodes, g.Nodes[i])
		for _, j := range readers[i] {
			if waiting[j]--; waiting[j] == 0 {
				heap.Push(&ready, j)
			}
		}
	}
	for i, n := range waiting {
		if n > 0 {
			return nil, &GraphError{Graph: g.Name, Node: g.Nodes[i].Label(), Fault: "some nodes depend on each other in a circle"}
		}
	}
	return nodes, nil
}

// intHeap is a min-heap of node numbers.
type intHeap []int

func (h intHeap) Len() int           { return len(h) }
func (h intHeap) Less(i, j int) bool { return h[i] < h[j] }
func (h intHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *intHeap) Push(v any)        { *h = append(*h, v.(int)) }
func (h *intHeap) Pop() any {
	old := *h
	v := old[len(old)-1]
	*h = old[:len(old)-1]
	return v
}
