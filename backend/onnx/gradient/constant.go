package gradient

import (
	"fmt"

	"picasso/backend/onnx"
)

// number is a float32 scalar.
func (b *builder) number(v float64) string { return b.floats(nil, []float32{float32(v)}) }

// floats is a float32 constant.
func (b *builder) floats(shape []int64, values []float32) string {
	return b.constant(fmt.Sprint("f", shape, values), func(name string) *onnx.Tensor {
		return onnx.NewTensor(name, shape, values)
	})
}

// ints is a vector of int64.
func (b *builder) ints(values ...int64) string {
	return b.shaped([]int64{int64(len(values))}, values)
}

// shaped is an int64 constant.
func (b *builder) shaped(shape, values []int64) string {
	return b.constant(fmt.Sprint("i", shape, values), func(name string) *onnx.Tensor {
		return onnx.NewInts(name, shape, values)
	})
}

// constant adds an initializer, once for each content.
func (b *builder) constant(key string, make func(name string) *onnx.Tensor) string {
	if name, ok := b.consts[key]; ok {
		return name
	}
	name := b.fresh(fmt.Sprintf("c%d", len(b.consts)))
	b.consts[key] = name
	g := b.out
	if b.main != nil {
		g = b.main // where other bodies see it too
	}
	g.Initializers = append(g.Initializers, make(name))
	return name
}

// declareConstants lists our constants among the inputs, as files of IR version
// 3 must.
func (b *builder) declareConstants() {
	if b.model.IRVersion >= 4 {
		return
	}
	ours := map[string]bool{}
	for _, name := range b.consts {
		ours[name] = true
	}
	for _, t := range b.out.Initializers {
		if ours[t.Name] {
			b.input(t.Name, t.Type, Fact{Shape: t.Dims, Batch: -1}, "")
		}
	}
}
