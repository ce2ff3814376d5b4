package volume

import (
	"encoding/binary"
	"math"
)

// Type is the type of an element.
type Type int

// The types of elements.
const (
	None Type = iota
	Uint8
	Int8
	Uint16
	Int16
	Uint32
	Int32
	Uint64
	Int64
	Float32
	Float64
)

// Size is the number of bytes of an element.
func (t Type) Size() int {
	switch t {
	case Uint8, Int8:
		return 1
	case Uint16, Int16:
		return 2
	case Uint32, Int32, Float32:
		return 4
	case Uint64, Int64, Float64:
		return 8
	}
	return 0
}

// Number reads an element.
func (t Type) Number(order binary.ByteOrder, b []byte) float64 {
	switch t {
	case Uint8:
		return float64(b[0])
	case Int8:
		return float64(int8(b[0]))
	case Uint16:
		return float64(order.Uint16(b))
	case Int16:
		return float64(int16(order.Uint16(b)))
	case Uint32:
		return float64(order.Uint32(b))
	case Int32:
		return float64(int32(order.Uint32(b)))
	case Uint64:
		return float64(order.Uint64(b))
	case Int64:
		return float64(int64(order.Uint64(b)))
	case Float32:
		return float64(math.Float32frombits(order.Uint32(b)))
	default:
		return math.Float64frombits(order.Uint64(b))
	}
}

// put writes an element of any type but 64-bit whole numbers.
func (t Type) put(order binary.ByteOrder, b []byte, v float64) {
	switch t.Size() {
	case 1:
		b[0] = byte(int64(v))
	case 2:
		order.PutUint16(b, uint16(int64(v)))
	case 4:
		if t == Float32 {
			order.PutUint32(b, math.Float32bits(float32(v)))
		} else {
			order.PutUint32(b, uint32(int64(v)))
		}
	case 8:
		order.PutUint64(b, math.Float64bits(v))
	}
}

// limits are the smallest and the largest number that an element holds.
func (t Type) limits() (low, high float64) {
	switch bits := 8 * t.Size(); t {
	case Float32, Float64:
		return math.Inf(-1), math.Inf(1)
	case Uint8, Uint16, Uint32, Uint64:
		return 0, math.Ldexp(1, bits) - 1
	default:
		return -math.Ldexp(1, bits-1), math.Ldexp(1, bits-1) - 1
	}
}

// wide says that not every number of the type can be kept as a 32-bit float.
func (t Type) wide() bool { return t == Uint32 || t == Int32 || t == Uint64 || t == Int64 }
