package onnx

// RowParts are the tensors that a table of rows was joined from along its last
// axis, in order; nil where it was not joined. What only picks or moves rows
// is looked through.
func RowParts(m *Model, table string) []string {
	f := rowFinder{index: m.Graph.Index(), ranks: m.Graph.Ranks(), steps: len(m.Graph.Nodes) + 1}
	return f.parts(table, 0)
}

type rowFinder struct {
	index *Index
	ranks map[string]int
	steps int
}

// Bounds on joints inside joints, and on what they join: a row has a box, a
// score, a class and perhaps a mask.
const (
	maxNested = 8
	maxParts  = 512
)

func (f rowFinder) parts(name string, depth int) []string {
	for range f.steps {
		n, _ := f.index.Producer(name)
		switch {
		case n == nil || depth > maxNested:
			return nil
		case n.Is("Concat") && f.last(n):
			var all []string
			for _, in := range n.Inputs {
				if len(all) > maxParts {
					return nil
				}
				if inner := f.parts(in, depth+1); inner != nil {
					all = append(all, inner...)
				} else {
					all = append(all, in)
				}
			}
			return all
		case n.Is("Identity", "Cast"):
			name = n.Input(0)
		case depth > 0: // what picks or moves a part may change its width
			return nil
		case n.Is("Where"):
			name = n.Input(1)
		case n.Is("Reshape", "Flatten", "Squeeze", "Unsqueeze", "Gather", "GatherND", "GatherElements", "Slice", "Pad", "ScatterND"):
			name = n.Input(0)
		default:
			return nil
		}
	}
	return nil
}

// last tells whether a Concat joins along the last axis.
func (f rowFinder) last(n *Node) bool {
	axis := int(n.AttrInt("axis", 0))
	if axis < 0 {
		return axis == -1
	}
	rank, known := f.ranks[n.Output(0)]
	for _, in := range n.Inputs {
		if !known {
			rank, known = f.ranks[in]
		}
	}
	return known && axis == rank-1 || !known && axis > 0
}
