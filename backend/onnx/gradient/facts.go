package gradient

import (
	"slices"

	"picasso/backend/onnx"
)

// MaxValue is the number of elements up to which observed values are kept.
const MaxValue = 4096

// Seen is what one forward run showed of a tensor.
type Seen struct {
	Type  onnx.DataType
	Shape []int
	Data  []float32 // elements in row-major order; not needed beyond [MaxValue] elements
}

// Facts are the shapes and small values of a model's tensors for one input
// size. The zero value knows nothing.
type Facts struct {
	tensors map[string]Fact
	fixed   bool // only runs with one image were seen
}

// Fact is what is known of one tensor.
type Fact struct {
	Type  onnx.DataType
	Shape []int64 // for one image
	// Batch is the axis whose length grows with the number of images, −1
	// where there is none.
	Batch int
	Value []float32 // elements for one image; nil for large tensors

	odd     bool // the shape depends on the batch in another way
	stable  bool // the value was the same with two images
	unknown bool
}

// Observable lists the tensors of a graph to be observed for [Learn]: the
// outputs of all nodes except constants and sequences.
func Observable(g *onnx.Graph) []string {
	var names []string
	for _, n := range g.Nodes {
		if n.Is("Constant", "SequenceConstruct", "SequenceEmpty", "SplitToSequence", "SequenceInsert",
			"SequenceErase", "SequenceMap", "Optional", "StringNormalizer", "If", "Loop", "Scan") {
			continue
		}
		for _, out := range n.Outputs {
			if out != "" {
				names = append(names, out)
			}
		}
	}
	return names
}

// Learn compares a run of the forward model with one image with a run with
// two and derives from them which axis of each tensor is the batch. two is nil
// for models that accept one image only. Both must include the model's inputs.
func Learn(one, two map[string]Seen) Facts {
	f := Facts{tensors: make(map[string]Fact, len(one)), fixed: two == nil}
	for name, seen := range one {
		fact := Fact{Type: seen.Type, Batch: -1, stable: true}
		for _, d := range seen.Shape {
			fact.Shape = append(fact.Shape, int64(d))
		}
		if len(seen.Data) <= MaxValue {
			fact.Value = slices.Clone(seen.Data)
		}
		if two != nil {
			fact.compare(two[name])
		}
		f.tensors[name] = fact
	}
	return f
}

// compare finds the batch axis: the only one that is twice as long with two
// images.
func (f *Fact) compare(two Seen) {
	if len(two.Shape) != len(f.Shape) {
		f.odd = true
		return
	}
	for axis, d := range two.Shape {
		switch {
		case int64(d) == f.Shape[axis]:
		case int64(d) == 2*f.Shape[axis] && f.Batch < 0:
			f.Batch = axis
		default:
			f.odd = true
		}
	}
	f.stable = f.Batch < 0 && !f.odd && slices.Equal(two.Data, f.Value)
}

// rank is the number of axes.
func (f Fact) rank() int { return len(f.Shape) }

// elements is the number of elements for one image.
func (f Fact) elements() int64 { return product(f.Shape) }

// open is the shape with −1 on the batch axis, as Reshape takes it.
func (f Fact) open() []int64 {
	dims := slices.Clone(f.Shape)
	if f.Batch >= 0 {
		dims[f.Batch] = -1
	}
	return dims
}

func product(dims []int64) int64 {
	n := int64(1)
	for _, d := range dims {
		n *= d
	}
	return n
}
