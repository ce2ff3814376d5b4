//go:build cgo

package ort

import (
	"slices"
	"sync"

	onnxruntime "github.com/yalue/onnxruntime_go"

	"picasso/backend/infer"
	"picasso/backend/onnx"
)

// kept is an output that stays in the form the library uses. It lives until it
// is closed and no run reads it any more.
type kept struct {
	kind   onnx.DataType
	shape  []int
	shapes string // of the inputs it was computed from, see spare

	mu      sync.Mutex
	value   onnxruntime.Value // nil once freed
	readers int
	closed  bool
	reuse   func(onnxruntime.Value) // takes the value back; nil where it is freed
}

func newKept(v onnxruntime.Value, p infer.Port) *kept {
	k := &kept{kind: onnx.DataType(v.DataType()), shape: ints(v.GetShape()), value: v}
	if p.Shape != nil && len(p.Shape) == 0 && len(k.shape) == 1 {
		k.shape = []int{} // read through a Reshape, see readable
	}
	return k
}

// Shape implements [backend.Value].
func (k *kept) Shape() []int { return slices.Clone(k.shape) }

// Tensor implements [backend.Value].
func (k *kept) Tensor() (infer.Tensor, error) {
	v, err := k.borrow()
	if err != nil {
		return infer.Tensor{}, err
	}
	defer k.giveBack()
	data, err := numbers(v)
	return infer.Tensor{Shape: k.Shape(), Data: data}, err
}

// Close implements [backend.Value].
func (k *kept) Close() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.closed = true
	return k.free()
}

// recycle is Close that hands the value's memory back instead of freeing it.
func (k *kept) recycle(reuse func(onnxruntime.Value)) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if !k.closed {
		k.closed, k.reuse = true, reuse
		_ = k.free()
	}
}

// borrow keeps the value alive until giveBack.
func (k *kept) borrow() (onnxruntime.Value, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.closed {
		return nil, infer.ErrClosed
	}
	k.readers++
	return k.value, nil
}

func (k *kept) giveBack() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.readers--
	_ = k.free()
}

// free is called with the lock held.
func (k *kept) free() error {
	if !k.closed || k.readers > 0 || k.value == nil {
		return nil
	}
	v := k.value
	k.value = nil
	if k.reuse != nil {
		k.reuse(v)
		return nil
	}
	return v.Destroy()
}
