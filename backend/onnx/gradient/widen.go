package gradient

import "picasso/backend/onnx"

// Widen returns the model with float16, bfloat16 and float64 arithmetic
// replaced by float32, for gradients that half precision would blur: a single
// rounding decides whether a ReLU passes. The weights keep their values and
// stay where they are; casts that the runtime folds stand behind them. A model
// of float32 alone, and one with branches or loops, is returned as it is.
func Widen(m *onnx.Model) *onnx.Model {
	if !narrow(m.Graph) {
		return m
	}
	wide := m.Clone()
	g := wide.Graph
	b := newEditor(wide)
	var casts []*onnx.Node
	inner := func(name string) string {
		stored := b.fresh(name + "/stored")
		casts = append(casts, &onnx.Node{OpType: "Cast", Inputs: []string{stored}, Outputs: []string{name},
			Attrs: []*onnx.Attr{onnx.IntAttr("to", int64(onnx.Float))}})
		return stored
	}
	renamed := map[string]string{}
	for _, t := range g.Initializers {
		if otherFloat(t.Type) {
			renamed[t.Name] = inner(t.Name)
			t.Name = renamed[t.Name]
		}
	}
	for _, v := range g.Inputs {
		switch stored, weight := renamed[v.Name]; {
		case weight:
			*v = onnx.Value{Name: stored, Type: v.Type, Shape: v.Shape}
		case otherFloat(v.Type):
			*v = onnx.Value{Name: v.Name, Type: onnx.Float, Shape: v.Shape}
		}
	}
	for i, v := range g.Outputs {
		if otherFloat(v.Type) {
			g.Outputs[i] = &onnx.Value{Name: v.Name, Type: onnx.Float, Shape: v.Shape}
		}
	}
	for _, n := range g.Nodes {
		widenNode(n, inner)
	}
	g.ValueInfo = nil
	g.Nodes = append(casts, g.Nodes...)
	return wide
}

// widenNode makes a node compute in float32.
func widenNode(n *onnx.Node, inner func(name string) string) {
	for _, a := range n.Attrs {
		switch {
		case (a.Name == "to" || a.Name == "dtype" || a.Name == "output_dtype") && otherFloat(onnx.DataType(a.I)):
			a.I = int64(onnx.Float)
		case n.Is("Constant") && a.Name == "value" && a.T != nil && otherFloat(a.T.Type):
			n.Outputs[0] = inner(n.Outputs[0])
		case n.Is("ConstantOfShape") && a.T != nil && otherFloat(a.T.Type):
			if v, err := a.T.Floats(nil); err == nil {
				a.T = onnx.NewTensor(a.T.Name, a.T.Dims, v)
			}
		}
	}
}

// narrow reports whether a graph without bodies holds floats of other widths.
func narrow(g *onnx.Graph) bool {
	found := false
	for _, t := range g.Initializers {
		found = found || otherFloat(t.Type)
	}
	for _, v := range g.Inputs {
		found = found || otherFloat(v.Type)
	}
	for _, n := range g.Nodes {
		if len(n.Bodies()) > 0 {
			return false
		}
		found = found || n.Is("Cast") && otherFloat(onnx.DataType(n.AttrInt("to", 0)))
	}
	return found
}

func otherFloat(t onnx.DataType) bool { return t.IsFloat() && t != onnx.Float }
