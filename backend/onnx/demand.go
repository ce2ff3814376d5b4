package onnx

import "fmt"

// Bounds of the memory for one run, in bytes.
const (
	// maxOutput is for all outputs of the graph together: 2²⁷ scores as float32.
	maxOutput = 512 << 20
	// maxTensor is for one tensor inside.
	maxTensor = 4 << 30
)

// checkSizes reports, as a *[FileError], tensors that the file itself says are
// larger than a run can hold: by their stated shapes, or because a node is told
// by a constant to make them. Unknown lengths count as 1, so that what is
// refused is too large for every picture.
func (m *Model) checkSizes() error {
	var err error
	var outputs int64
	for _, v := range m.Graph.Outputs {
		if outputs += v.least(); outputs > maxOutput {
			return tooMuch("states outputs of %s for a single picture; at most %s are taken", megabytes(outputs), megabytes(maxOutput))
		}
	}
	written := func(name string, bytes int64) {
		if bytes > maxTensor && err == nil {
			err = tooMuch("computes a tensor, %.160q, of %s for a single picture; at most %s are taken", name, megabytes(bytes), megabytes(maxTensor))
		}
	}
	isOutput := make(map[string]bool, len(m.Graph.Outputs))
	for _, v := range m.Graph.Outputs {
		isOutput[v.Name] = true
	}
	made := func(constants constantsOf, n *Node) {
		bytes := n.least(constants)
		if isOutput[n.Output(0)] && bytes > maxOutput && err == nil {
			err = tooMuch("computes an output, %.160q, of %s for a single picture; at most %s are taken", n.Output(0), megabytes(bytes), megabytes(maxOutput))
		}
		written(n.Output(0), bytes)
	}
	m.everyGraph(func(g *Graph) {
		for _, list := range [][]*Value{g.Inputs, g.Outputs, g.ValueInfo} {
			for _, v := range list {
				written(v.Name, v.least())
			}
		}
		constants := newConstants(g.Initializers, g.Nodes)
		for _, n := range g.Nodes {
			made(constants, n)
		}
	})
	for _, f := range m.Functions {
		constants := newConstants(nil, f.Nodes)
		for _, n := range f.Nodes {
			made(constants, n)
		}
	}
	return err
}

// megabytes writes a size for people.
func megabytes(bytes int64) string {
	if bytes >= tooLarge {
		return "an impossible size"
	}
	return fmt.Sprintf("%d MB", bytes>>20)
}

// tooLarge stands for a product beyond all bounds.
const tooLarge = 1 << 50

// product multiplies lengths; those that are not known, or make no sense,
// count as 1.
func product(lengths ...int64) int64 {
	total := int64(1)
	for _, n := range lengths {
		switch {
		case n <= 1: // an empty tensor costs nothing, but what is said of it may be wrong
		case total > tooLarge/n:
			return tooLarge
		default:
			total *= n
		}
	}
	return total
}

// least is the memory that a value takes at least, as far as the file says.
func (v *Value) least() int64 {
	total := int64(max(1, v.Type.Size()))
	for _, d := range v.Shape {
		total = product(total, d.Size)
	}
	return total
}

// constantsOf gives the constant of a name as integers, nil where it is none,
// or one too long to be a shape.
type constantsOf func(name string) []int64

// newConstants looks among weights in memory and Constant nodes.
func newConstants(weights []*Tensor, nodes []*Node) constantsOf {
	tensors := make(map[string]*Tensor, len(weights))
	for _, t := range weights {
		setFirst(tensors, t.Name, t)
	}
	for _, n := range nodes {
		if n.Is("Constant") && len(n.Outputs) == 1 {
			if t := n.constant(); t != nil {
				setFirst(tensors, n.Outputs[0], t)
			}
		}
	}
	return func(name string) []int64 {
		t := tensors[name]
		if t == nil || !t.InMemory() || t.Elements() > maxRank {
			return nil
		}
		if t.Type.IsFloat() {
			return truncated(t)
		}
		values, err := t.Ints(nil)
		if err != nil {
			return nil
		}
		return values
	}
}

// truncated are the floats of a tensor, such as the bounds of a Range or the
// scales of a Resize, as whole numbers.
func truncated(t *Tensor) []int64 {
	values, err := t.Float64s(nil)
	if err != nil {
		return nil
	}
	out := make([]int64, len(values))
	for i, v := range values {
		out[i] = int64(max(-tooLarge, min(v, tooLarge))) // NaN gives a number without meaning, which product drops or refuses
	}
	return out
}

// least is the memory that the first output of a node takes at least, where a
// constant alone decides: what Expand, ConstantOfShape, Tile and their like are
// told to make, at one byte an element. 0 where nothing is known.
func (n *Node) least(constants constantsOf) int64 {
	slot := -1 // of the input that says how large, or how many times as large
	switch {
	case n.Is("ConstantOfShape"):
		slot = 0
	case n.Is("Expand", "Tile", "OneHot", "Upsample"):
		slot = 1
	case n.Is("Resize"):
		if slot = 3; n.Input(slot) == "" {
			slot = 2
		}
	case n.Is("Range"):
		return n.steps(constants)
	case n.Is("RandomNormal", "RandomUniform"):
		return product(n.AttrInts("shape")...)
	default:
		return 0
	}
	return product(constants(n.Input(slot))...)
}

// steps is the length of a Range with constant bounds.
func (n *Node) steps(constants constantsOf) int64 {
	from, to, by := constants(n.Input(0)), constants(n.Input(1)), constants(n.Input(2))
	if len(from) != 1 || len(to) != 1 || len(by) != 1 || by[0] == 0 {
		return 0
	}
	span := max(-tooLarge, min(to[0], tooLarge)) - max(-tooLarge, min(from[0], tooLarge))
	return max(0, min(span/by[0], tooLarge))
}
