package onnx

// OpenZeros opens axes of inputs, outputs and stated tensors whose length is
// given as 0, as some exporters write lengths that they leave open. It reports
// whether an input had one.
func (g *Graph) OpenZeros() bool {
	found := false
	for i, list := range [][]*Value{g.Inputs, g.Outputs, g.ValueInfo} {
		for _, v := range list {
			for k := range v.Shape {
				if v.Shape[k].Size == 0 {
					v.Shape[k].Size = -1
					found = found || i == 0
				}
			}
		}
	}
	return found
}
