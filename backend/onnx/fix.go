package onnx

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"
)

// NewConstant makes a constant of any numeric type in memory from float32
// values, which are rounded towards zero for whole types. len(values) must be
// the product of dims.
func NewConstant(name string, typ DataType, dims []int, values []float32) (*Tensor, error) {
	if typ == 0 {
		typ = Float
	}
	t := &Tensor{Name: name, Type: typ}
	count := 1
	for _, d := range dims {
		t.Dims = append(t.Dims, int64(d))
		count *= d
	}
	if count != len(values) {
		return nil, fmt.Errorf("has %d values where the shape %v needs %d", len(values), dims, count)
	}
	for _, v := range values {
		if t.Raw = typ.Append(t.Raw, float64(v)); t.Raw == nil {
			return nil, fmt.Errorf("is of the type %v, which cannot be filled", typ)
		}
	}
	return t, nil
}

// Append appends v in the type's little-endian form, the inverse of
// [DataType.Number]; nil for types that are no numbers.
func (t DataType) Append(b []byte, v float64) []byte {
	switch t {
	case Float:
		return binary.LittleEndian.AppendUint32(b, math.Float32bits(float32(v)))
	case Double:
		return binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
	case Float16:
		return binary.LittleEndian.AppendUint16(b, toHalf(float32(v)))
	case BFloat16:
		return binary.LittleEndian.AppendUint16(b, toBFloat(float32(v)))
	case Uint8, Int8:
		return append(b, byte(int64(v)))
	case Bool:
		if v != 0 {
			return append(b, 1)
		}
		return append(b, 0)
	case Uint16, Int16:
		return binary.LittleEndian.AppendUint16(b, uint16(int64(v)))
	case Int32, Uint32:
		return binary.LittleEndian.AppendUint32(b, uint32(int64(v)))
	case Int64, Uint64:
		return binary.LittleEndian.AppendUint64(b, uint64(int64(v)))
	}
	return nil
}

// toHalf converts to IEEE 754 binary16, to the nearest and ties to even; what
// is too large becomes infinite.
func toHalf(v float32) uint16 {
	sign := uint16(math.Float32bits(v) >> 16 & 0x8000)
	a := math.Abs(float64(v))
	switch {
	case v != v:
		return sign | 0x7e00
	case a >= 65520:
		return sign | 0x7c00
	case a < 1.0/(1<<14):
		return sign | uint16(math.RoundToEven(a*(1<<24)))
	}
	_, e := math.Frexp(a) // a = f·2^e with f in ½…1
	m := math.RoundToEven(math.Ldexp(a, 11-e))
	return sign | uint16((e+14)<<10) + uint16(m) - 1<<10
}

// toBFloat drops the lower half of a float32, to the nearest and ties to even.
func toBFloat(v float32) uint16 {
	bits := math.Float32bits(v)
	if v != v {
		return uint16(bits>>16) | 1<<6
	}
	return uint16((bits + 0x7fff + bits>>16&1) >> 16)
}

// Fix fills the input that has the tensor's name with it: nobody has to feed
// it any more. Files of IR version 3 list the filled input still.
func (m *Model) Fix(t *Tensor) {
	g := m.Graph
	g.Initializers = append(g.Initializers, t)
	if m.IRVersion >= 4 {
		g.Inputs = slices.DeleteFunc(g.Inputs, func(v *Value) bool { return v.Name == t.Name })
	}
}
