package perturb

import (
	"math/bits"

	"picasso/backend/infer"
)

// arena lends memory for tensors that come and go quickly. What comes back is
// lent again, most recently used first, so that it is still in the processor's
// cache. It belongs to one goroutine.
type arena struct {
	free [32][][]float32 // by the logarithm of the capacity
}

// tensor is a tensor whose elements are whatever was there.
func (a *arena) tensor(shape ...int) infer.Tensor {
	return infer.Tensor{Shape: shape, Data: a.get(infer.Elements(shape))}
}

func (a *arena) get(n int) []float32 {
	if n == 0 {
		return nil
	}
	class := bits.Len(uint(n - 1))
	if class >= len(a.free) {
		return make([]float32, n)
	}
	if list := a.free[class]; len(list) > 0 {
		last := list[len(list)-1]
		a.free[class] = list[:len(list)-1]
		return last[:n]
	}
	return make([]float32, n, 1<<class)
}

// put takes memory back.
func (a *arena) put(data []float32) {
	c := cap(data)
	if c == 0 || c&(c-1) != 0 {
		return // not ours
	}
	if class := bits.Len(uint(c)) - 1; class < len(a.free) {
		a.free[class] = append(a.free[class], data[:0])
	}
}
