package axes

import (
	"picasso/backend/onnx"
)

// Solid is how a tensor of N×C×d×h×w is read: channels over d·h rows, the slices
// under each other, and w columns.
func Solid(shape []int) Cells {
	c := Cells{Channels: shape[1], Height: shape[2] * shape[3], Width: shape[4], Batch: 0, Pictures: shape[0]}
	c.elements = c.Channels * c.Height * c.Width
	return c
}

// Solids are the tensors of a model of volumes that are certain to be
// N×C×d×h×w, by their operators: what convolutions, poolings and normalisations
// give, which have the channels second by definition, and what is computed from
// these place by place. rank tells the number of axes of a tensor, 0 where it is
// not known.
func Solids(m *onnx.Model, rank func(name string) int) map[string]bool {
	const axes = 5
	found := map[string]bool{}
	for _, n := range m.Graph.Nodes {
		out := n.Output(0)
		if rank(out) != axes {
			continue
		}
		switch {
		case n.Is("Conv", "ConvTranspose", "MaxPool", "AveragePool", "LpPool", "BatchNormalization", "InstanceNormalization", "GroupNormalization"):
			found[out] = true
		case placewise(n):
			for _, name := range n.Inputs {
				found[out] = found[out] || found[name]
			}
		}
	}
	return found
}

// placewise reports operators that keep what each axis counts.
func placewise(n *onnx.Node) bool {
	return n.Is("Relu", "LeakyRelu", "PRelu", "Elu", "Selu", "Celu", "Gelu", "Sigmoid", "HardSigmoid", "HardSwish", "Tanh", "Softplus", "Softsign", "Mish", "Clip",
		"Add", "Sub", "Mul", "Div", "Sum", "Max", "Min", "Mean", "Concat", "Identity", "Cast", "Dropout", "Resize")
}
