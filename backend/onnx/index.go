package onnx

// Index answers where the tensors of a graph come from and where they go. It
// describes the graph as it was when the index was made.
type Index struct {
	graph     *Graph
	producer  map[string]Use
	consumers map[string][]Use
	constants map[string]*Tensor
	inputs    map[string]*Value
	outputs   map[string]*Value
	values    map[string]*Value
}

// Use is one place where a node reads or writes a tensor. Slot is the number
// of the argument, and −1 where a body (of If, Loop or Scan) of the node reads
// the tensor from the graph around it.
type Use struct {
	Node *Node
	Slot int
}

// Index builds the index. Where names are defined twice the first definition
// counts; [Graph.Sort] reports such graphs.
func (g *Graph) Index() *Index {
	x := &Index{
		graph:     g,
		producer:  make(map[string]Use, len(g.Nodes)),
		consumers: make(map[string][]Use, len(g.Nodes)),
		constants: make(map[string]*Tensor, len(g.Initializers)),
		inputs:    make(map[string]*Value, len(g.Inputs)),
		outputs:   make(map[string]*Value, len(g.Outputs)),
		values:    make(map[string]*Value, len(g.ValueInfo)),
	}
	for _, t := range g.Initializers {
		setFirst(x.constants, t.Name, t)
	}
	for _, v := range g.Inputs {
		setFirst(x.inputs, v.Name, v)
		setFirst(x.values, v.Name, v)
	}
	for _, v := range g.Outputs {
		setFirst(x.outputs, v.Name, v)
		setFirst(x.values, v.Name, v)
	}
	for _, v := range g.ValueInfo {
		setFirst(x.values, v.Name, v)
	}
	for _, n := range g.Nodes {
		x.add(n)
	}
	return x
}

func setFirst[V any](m map[string]V, name string, v V) {
	if _, taken := m[name]; !taken && name != "" {
		m[name] = v
	}
}

func (x *Index) add(n *Node) {
	for i, name := range n.Inputs {
		if name != "" {
			x.consumers[name] = append(x.consumers[name], Use{n, i})
		}
	}
	for i, name := range n.Outputs {
		setFirst(x.producer, name, Use{n, i})
	}
	for _, body := range n.Bodies() {
		for _, name := range body.Captures() {
			x.consumers[name] = append(x.consumers[name], Use{n, -1})
		}
	}
	if n.Is("Constant") && len(n.Outputs) == 1 {
		if t := n.constant(); t != nil {
			setFirst(x.constants, n.Outputs[0], t)
		}
	}
}

// Producer returns the node that writes the tensor and which of its outputs
// it is; nil for inputs, initializers and unknown names.
func (x *Index) Producer(name string) (*Node, int) {
	use := x.producer[name]
	return use.Node, use.Slot
}

// Consumers returns the places that read the tensor, in the order of the
// nodes. A graph output is not among them.
func (x *Index) Consumers(name string) []Use { return x.consumers[name] }

// Constant returns the initializer or the value of the Constant node with that
// name, nil where the tensor is neither.
func (x *Index) Constant(name string) *Tensor { return x.constants[name] }

// Initializer returns the initializer with that name, or nil.
func (x *Index) Initializer(name string) *Tensor {
	if node, _ := x.Producer(name); node != nil {
		return nil
	}
	return x.constants[name]
}

// Input returns the graph input with that name, or nil. Files of IR version 3
// list weights among the inputs; [Graph.Feeds] leaves those out.
func (x *Index) Input(name string) *Value { return x.inputs[name] }

// Output returns the graph output with that name, or nil.
func (x *Index) Output(name string) *Value { return x.outputs[name] }

// Value returns what the file states about type and shape of the tensor, from
// inputs, outputs and value_info; nil where it states nothing.
func (x *Index) Value(name string) *Value { return x.values[name] }

// IsConstant reports whether the tensor has the same value in every run that
// feeds only [Graph.Feeds]: initializers, Constant nodes, and what
// deterministic nodes compute from those alone. The work is proportional to
// the part of the graph before the tensor.
func (x *Index) IsConstant(name string) bool {
	known := make(map[string]bool)
	stack := []string{name}
	for len(stack) > 0 {
		at := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if known[at] || at == "" || x.constants[at] != nil {
			continue
		}
		known[at] = true
		node, _ := x.Producer(at)
		if node == nil || node.random() || len(node.Bodies()) > 0 {
			return false
		}
		stack = append(stack, node.Inputs...)
	}
	return true
}

// random reports operators whose output differs from run to run.
func (n *Node) random() bool {
	return n.Is("RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike", "Bernoulli", "Multinomial")
}

// Defined are the names that the graph gives to tensors: inputs, weights and the results of
// its nodes.
func (g *Graph) Defined() map[string]bool {
	names := make(map[string]bool)
	for _, v := range g.Inputs {
		names[v.Name] = true
	}
	for _, t := range g.Initializers {
		names[t.Name] = true
	}
	for _, n := range g.Nodes {
		for _, name := range n.Outputs {
			names[name] = true
		}
	}
	return names
}

// Feeds are the inputs that a caller must feed: the graph's inputs without
// those that an initializer fills.
func (g *Graph) Feeds() []*Value {
	filled := make(map[string]bool, len(g.Initializers))
	for _, t := range g.Initializers {
		filled[t.Name] = true
	}
	var feeds []*Value
	for _, v := range g.Inputs {
		if !filled[v.Name] {
			feeds = append(feeds, v)
		}
	}
	return feeds
}

// Captures are the names that the graph, a body, reads from the graph around
// it, each once, in the order of first use.
func (g *Graph) Captures() []string {
	defined := g.Defined()
	var captured []string
	read := func(name string) {
		if name != "" && !defined[name] {
			defined[name] = true
			captured = append(captured, name)
		}
	}
	for _, n := range g.Nodes {
		for _, name := range n.Inputs {
			read(name)
		}
		for _, body := range n.Bodies() {
			for _, name := range body.Captures() {
				read(name)
			}
		}
	}
	for _, v := range g.Outputs {
		read(v.Name)
	}
	return captured
}
