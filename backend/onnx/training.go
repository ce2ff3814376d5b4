package onnx

// InTraining reports a node that was exported in training mode and whose result
// therefore differs from that of the trained model: BatchNormalization that
// takes mean and variance from the batch at hand, Dropout that drops at
// random. Dropout with a ratio of 0 does nothing and is not among them. What is
// only known at run time counts as inference. src reads constants that lie in
// files.
func (x *Index) InTraining(n *Node, src Reader) bool { return inTraining(n, src, x.Constant) }

// Training lists the nodes of the model left in training mode
// ([Index.InTraining]), those of bodies and local functions included. The
// remedy is to export the model again after eval().
func (m *Model) Training() []*Node {
	var list []*Node
	look := func(nodes []*Node, constant func(string) *Tensor) {
		for _, n := range nodes {
			if inTraining(n, m, constant) {
				list = append(list, n)
			}
		}
	}
	outer := func(string) *Tensor { return nil }
	if m.Graph != nil {
		outer = m.Graph.Index().Constant
	}
	m.Graphs(func(g *Graph) {
		own := g.Index()
		look(g.Nodes, func(name string) *Tensor {
			if t := own.Constant(name); t != nil {
				return t
			}
			return outer(name)
		})
	})
	for _, f := range m.Functions {
		look(f.Nodes, (&Graph{Nodes: f.Nodes}).Index().Constant)
	}
	return list
}

func inTraining(n *Node, src Reader, constant func(string) *Tensor) bool {
	switch {
	case n.Is("BatchNormalization"):
		return n.AttrInt("training_mode", 0) != 0 || n.Output(1) != "" && n.AttrInt("is_test", 0) == 0
	case n.Is("Dropout") && n.Input(2) != "":
		training, known := lone(constant(n.Input(2)), src)
		ratio, given := lone(constant(n.Input(1)), src)
		return known && training != 0 && !(given && ratio == 0)
	}
	return false
}

// lone is the number in a constant of one element.
func lone(t *Tensor, src Reader) (v float32, ok bool) {
	if t == nil || t.Elements() != 1 {
		return 0, false
	}
	all, err := t.Floats(src)
	if err != nil || len(all) != 1 {
		return 0, false
	}
	return all[0], true
}
