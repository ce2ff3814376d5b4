package infer

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
)

// Tensor is a dense array of float32 in row-major order. Integer and
// half-precision tensors of a model are converted at the session's boundary,
// so the rest of the program knows one element type.
type Tensor struct {
	Shape []int
	Data  []float32
}

// NewTensor returns a tensor of zeros.
func NewTensor(shape ...int) Tensor {
	return Tensor{Shape: shape, Data: make([]float32, Elements(shape))}
}

// spare is memory of tensors that were given back.
var spare sync.Pool

// LentTensor is [NewTensor] in memory that may be that of a tensor given back.
func LentTensor(shape ...int) Tensor {
	n := Elements(shape)
	old, ok := spare.Get().(*[]float32)
	if !ok || cap(*old) < n || cap(*old)/2 > n {
		return NewTensor(shape...)
	}
	t := Tensor{Shape: shape, Data: (*old)[:n]}
	clear(t.Data)
	return t
}

// GiveBack leaves the memory of a tensor to others. It must not be used any more, nor
// what shares its data.
func (t Tensor) GiveBack() {
	if len(t.Data) > 0 {
		spare.Put(&t.Data)
	}
}

// Dimensions writes a shape: "64×55×55".
func Dimensions(shape []int) string {
	text := make([]string, len(shape))
	for i, d := range shape {
		text[i] = strconv.Itoa(d)
	}
	return strings.Join(text, "×")
}

// Elements is the number of elements of a shape; 1 for a scalar.
func Elements(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}

// Check reports a shape that does not describe the data.
func (t Tensor) Check() error {
	if n := Elements(t.Shape); n != len(t.Data) {
		return fmt.Errorf("tensor of shape %v needs %d elements, has %d", t.Shape, n, len(t.Data))
	}
	return nil
}

// Clone returns a copy that shares nothing with t.
func (t Tensor) Clone() Tensor {
	return Tensor{Shape: append([]int(nil), t.Shape...), Data: append([]float32(nil), t.Data...)}
}

// Slice returns entry i of the first axis, sharing the data.
func (t Tensor) Slice(i int) Tensor {
	n := Elements(t.Shape[1:])
	return Tensor{Shape: t.Shape[1:], Data: t.Data[i*n : (i+1)*n : (i+1)*n]}
}
