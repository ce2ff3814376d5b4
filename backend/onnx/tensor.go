package onnx

import (
	"encoding/binary"
	"fmt"
	"math"
)

// maxConstant bounds the elements of a tensor that is read as Go values: such
// constants are shapes, axes, scales and small weights.
const maxConstant = 1 << 26

// Reader gives the elements of a tensor as little-endian bytes, wherever they
// lie. [Model] is one.
type Reader interface {
	Data(t *Tensor) ([]byte, error)
}

// NewTensor makes a float32 constant in memory. len(values) must be the
// product of dims.
func NewTensor(name string, dims []int64, values []float32) *Tensor {
	raw := make([]byte, 0, 4*len(values))
	for _, v := range values {
		raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(v))
	}
	return &Tensor{Name: name, Type: Float, Dims: dims, Raw: raw}
}

// NewInts makes an int64 constant in memory: a vector, or a scalar when dims
// is empty. len(values) must be the product of dims.
func NewInts(name string, dims []int64, values []int64) *Tensor {
	raw := make([]byte, 0, 8*len(values))
	for _, v := range values {
		raw = binary.LittleEndian.AppendUint64(raw, uint64(v))
	}
	return &Tensor{Name: name, Type: Int64, Dims: dims, Raw: raw}
}

// Elements is the number of elements: the product of the dimensions, 1 for a
// scalar. It is −1 where a dimension is negative or the product overflows.
func (t *Tensor) Elements() int64 {
	n := int64(1)
	empty := false
	for _, d := range t.Dims {
		if d < 0 {
			return -1
		}
		if d == 0 {
			empty = true
			continue
		}
		if n > math.MaxInt64/d {
			return -1
		}
		n *= d
	}
	if empty {
		return 0
	}
	return n
}

// InMemory reports whether the elements are at hand without reading a file.
func (t *Tensor) InMemory() bool { return t.Span == nil && t.External == nil }

// Floats returns the elements of a numeric tensor as float32, converting from
// its type. src is asked only for elements that are not in memory and may be
// nil; then such tensors give [ErrElsewhere]. Tensors of more than 2²⁶
// elements give [ErrTooLarge].
func (t *Tensor) Floats(src Reader) ([]float32, error) {
	return elements(t, src, func(b []byte) float32 { return float32(t.Type.Number(b)) })
}

// Float64s is [Tensor.Floats] in double precision.
func (t *Tensor) Float64s(src Reader) ([]float64, error) {
	return elements(t, src, func(b []byte) float64 { return t.Type.Number(b) })
}

// Ints returns the elements of an integer or boolean tensor; the conditions
// of [Tensor.Floats] hold.
func (t *Tensor) Ints(src Reader) ([]int64, error) {
	if t.Type.IsFloat() {
		return nil, fmt.Errorf("tensor %q holds %v where integers are needed", t.Name, t.Type)
	}
	return elements(t, src, func(b []byte) int64 { return integer(t.Type, b) })
}

func elements[E any](t *Tensor, src Reader, convert func([]byte) E) ([]E, error) {
	size := t.Type.Size()
	if size == 0 || t.Type > BFloat16 || t.Type == Complex64 || t.Type == Complex128 {
		return nil, fmt.Errorf("tensor %q holds %v, which has no plain numbers", t.Name, t.Type)
	}
	n := t.Elements()
	if n < 0 || n > maxConstant {
		return nil, fmt.Errorf("tensor %q of shape %v: %w", t.Name, t.Dims, ErrTooLarge)
	}
	raw := t.Raw
	if !t.InMemory() {
		if src == nil {
			return nil, fmt.Errorf("tensor %q: %w", t.Name, ErrElsewhere)
		}
		var err error
		if raw, err = src.Data(t); err != nil {
			return nil, err
		}
	}
	if int64(len(raw)) != n*int64(size) {
		return nil, fmt.Errorf("tensor %q of shape %v needs %d bytes of %v, has %d", t.Name, t.Dims, n*int64(size), t.Type, len(raw))
	}
	out := make([]E, n)
	for i := range out {
		out[i] = convert(raw[i*size : (i+1)*size])
	}
	return out, nil
}

// Number is the value of one element in its little-endian form of
// [DataType.Size] bytes; of types that are no plain numbers it means nothing.
func (t DataType) Number(b []byte) float64 {
	switch t {
	case Float:
		return float64(math.Float32frombits(binary.LittleEndian.Uint32(b)))
	case Double:
		return math.Float64frombits(binary.LittleEndian.Uint64(b))
	case Float16:
		return float64(half(binary.LittleEndian.Uint16(b)))
	case BFloat16:
		return float64(math.Float32frombits(uint32(binary.LittleEndian.Uint16(b)) << 16))
	case Uint64:
		return float64(binary.LittleEndian.Uint64(b))
	}
	return float64(integer(t, b))
}

func integer(typ DataType, b []byte) int64 {
	switch typ {
	case Int8:
		return int64(int8(b[0]))
	case Uint16:
		return int64(binary.LittleEndian.Uint16(b))
	case Int16:
		return int64(int16(binary.LittleEndian.Uint16(b)))
	case Int32:
		return int64(int32(binary.LittleEndian.Uint32(b)))
	case Uint32:
		return int64(binary.LittleEndian.Uint32(b))
	case Int64, Uint64:
		return int64(binary.LittleEndian.Uint64(b))
	}
	return int64(b[0]) // Uint8, Bool
}

// half converts IEEE 754 binary16 to float32, exactly.
func half(h uint16) float32 {
	sign := uint32(h>>15) << 31
	exponent, fraction := uint32(h>>10)&0x1f, uint32(h)&0x3ff
	switch {
	case exponent == 0x1f:
		return math.Float32frombits(sign | 0xff<<23 | fraction<<13)
	case exponent == 0: // zero and subnormal numbers: fraction × 2⁻²⁴
		v := float32(fraction) / (1 << 24)
		return math.Float32frombits(sign | math.Float32bits(v))
	}
	return math.Float32frombits(sign | (exponent+112)<<23 | fraction<<13)
}

// constant returns the value of a Constant node, whichever attribute holds
// it; nil for sparse values and for attributes of functions.
func (n *Node) constant() *Tensor {
	for _, a := range n.Attrs {
		if a.Ref != "" {
			return nil
		}
		var t *Tensor
		switch a.Name {
		case "value":
			return a.T
		case "value_float":
			t = NewTensor("", nil, []float32{a.F})
		case "value_floats":
			t = NewTensor("", []int64{int64(len(a.Floats))}, a.Floats)
		case "value_int":
			t = NewInts("", nil, []int64{a.I})
		case "value_ints":
			t = NewInts("", []int64{int64(len(a.Ints))}, a.Ints)
		default:
			continue
		}
		t.Name = n.Output(0)
		return t
	}
	return nil
}
