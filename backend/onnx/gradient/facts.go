package gradient

import (
	"slices"

	"picasso/backend/onnx"
)

// maxValue is the number of elements up to which computed constants are kept.
const maxValue = 4096

// Facts are the shapes and small values of a model's tensors for one input
// size. The zero value knows nothing.
type Facts struct {
	tensors map[string]Fact
	fixed   bool // only runs with one image were seen
	picture bool // they hold for the picture alone that was run
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

// fact is what is known of a tensor, or of where it lies, see [inside].
func (f Facts) fact(name string) (Fact, bool) {
	fact, known := f.tensors[name]
	if blocks, ok := parseInBlocks(name); ok && !known {
		return f.fact(blocks.tensor)
	}
	if part, ok := parseInside(name); ok && !known {
		fact, known = f.tensors[part.tensor]
		fact.Type, fact.Value, fact.stable = onnx.Uint8, nil, false
	}
	return fact, known
}

// Shape is the observed shape of a tensor for one picture, nil where it is not
// known.
func (f Facts) Shape(name string) []int {
	fact, known := f.fact(name)
	if !known {
		return nil
	}
	shape := make([]int, fact.rank())
	for i, d := range fact.Shape {
		shape[i] = int(d)
	}
	return shape
}

// Elements is the number of elements of a tensor for one picture, 0 where it
// is not known.
func (f Facts) Elements(name string) int64 {
	fact, known := f.fact(name)
	if !known {
		return 0
	}
	return fact.elements()
}

// Gives reports whether a tensor of the given shape is what the facts say of it
// for a number of pictures. −1 stands for lengths that are not known.
func (f Facts) Gives(name string, shape []int, pictures int) bool {
	fact, known := f.fact(name)
	if known && fact.rank() == 0 {
		fact = fact.insert(0) // see [Forward]
	}
	if !known || len(shape) != fact.rank() {
		return false
	}
	for axis, d := range fact.Shape {
		if axis == fact.Batch {
			d *= int64(pictures)
		}
		if shape[axis] >= 0 && int64(shape[axis]) != d {
			return false
		}
	}
	return true
}

// Batched reports whether the tensor's first axis was seen to be the batch.
func (f Facts) Batched(name string) bool {
	fact, known := f.fact(name)
	return known && fact.Batch == 0 && fact.Shape[0] == 1
}
