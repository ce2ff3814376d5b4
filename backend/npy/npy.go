// Package npy reads and writes NumPy's array files (format versions 1 to 3),
// whole and numeric: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
//
// Files are not trusted: header and element count are checked against a bound
// before anything is allocated. Values become float32.
package npy

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
)

// Array is a dense array in row-major order.
type Array struct {
	Shape []int // empty for a single number
	Data  []float32
	DType string // of the file, as NumPy writes it: "<f4"
}

// Bounds of what a header may say.
const (
	maxHeader = 1 << 16
	maxRank   = 32
)

const magic = "\x93NUMPY"

// Read reads an array whose elements take at most maxBytes in the file.
func Read(r io.Reader, maxBytes int64) (Array, error) {
	h, err := readHeader(r)
	if err != nil {
		return Array{}, fmt.Errorf("not a usable NumPy array: %w", err)
	}
	n, err := count(h.shape, maxBytes/int64(h.element.size))
	if err != nil {
		return Array{}, fmt.Errorf("not a usable NumPy array: %w", err)
	}
	raw, err := readBounded(r, int64(n)*int64(h.element.size))
	if err != nil {
		return Array{}, fmt.Errorf("not a usable NumPy array: its elements end too early: %w", err)
	}
	a := Array{Shape: h.shape, Data: make([]float32, n), DType: h.dtype}
	for i := range a.Data {
		a.Data[i] = h.element.read(h.order, raw[i*h.element.size:])
	}
	if h.fortran {
		a.Data = rowMajor(a.Data, a.Shape)
	}
	return a, nil
}

// Shape reads only the shape of an array.
func Shape(r io.Reader) ([]int, error) {
	h, err := readHeader(r)
	if err != nil {
		return nil, fmt.Errorf("not a usable NumPy array: %w", err)
	}
	return h.shape, nil
}

// readBounded reads exactly n bytes, growing as they arrive, so that a short
// file with a large header costs nothing.
func readBounded(r io.Reader, n int64) ([]byte, error) {
	var buf bytes.Buffer
	got, err := io.Copy(&buf, io.LimitReader(r, n))
	if err == nil && got < n {
		err = io.ErrUnexpectedEOF
	}
	return buf.Bytes(), err
}

// count is the number of elements of a shape, at most limit.
func count(shape []int, limit int64) (int, error) {
	n := int64(1)
	for _, d := range shape {
		if d == 0 {
			return 0, nil
		}
		if n > limit/int64(d) {
			return 0, fmt.Errorf("its shape %v is too large for the program", shape)
		}
		n *= int64(d)
	}
	return int(n), nil
}

// rowMajor reorders column-major (Fortran) data.
func rowMajor(data []float32, shape []int) []float32 {
	out := make([]float32, len(data))
	index := make([]int, len(shape))
	for i := range out {
		from, step := 0, 1
		for axis, d := range shape {
			from += index[axis] * step
			step *= d
		}
		out[i] = data[from]
		for axis := len(shape) - 1; axis >= 0; axis-- {
			if index[axis]++; index[axis] < shape[axis] {
				break
			}
			index[axis] = 0
		}
	}
	return out
}

// element is one numeric type.
type element struct {
	size int
	read func(o binary.ByteOrder, b []byte) float32
}

var errType = errors.New("its element type is not supported (use float32)")

func elementOf(kind string) (element, error) {
	switch kind {
	case "f2":
		return element{2, func(o binary.ByteOrder, b []byte) float32 { return half(o.Uint16(b)) }}, nil
	case "f4":
		return element{4, func(o binary.ByteOrder, b []byte) float32 { return math.Float32frombits(o.Uint32(b)) }}, nil
	case "f8":
		return element{8, func(o binary.ByteOrder, b []byte) float32 { return float32(math.Float64frombits(o.Uint64(b))) }}, nil
	case "u1", "b1":
		return element{1, func(_ binary.ByteOrder, b []byte) float32 { return float32(b[0]) }}, nil
	case "i1":
		return element{1, func(_ binary.ByteOrder, b []byte) float32 { return float32(int8(b[0])) }}, nil
	case "u2":
		return element{2, func(o binary.ByteOrder, b []byte) float32 { return float32(o.Uint16(b)) }}, nil
	case "i2":
		return element{2, func(o binary.ByteOrder, b []byte) float32 { return float32(int16(o.Uint16(b))) }}, nil
	case "u4":
		return element{4, func(o binary.ByteOrder, b []byte) float32 { return float32(o.Uint32(b)) }}, nil
	case "i4":
		return element{4, func(o binary.ByteOrder, b []byte) float32 { return float32(int32(o.Uint32(b))) }}, nil
	case "u8":
		return element{8, func(o binary.ByteOrder, b []byte) float32 { return float32(o.Uint64(b)) }}, nil
	case "i8":
		return element{8, func(o binary.ByteOrder, b []byte) float32 { return float32(int64(o.Uint64(b))) }}, nil
	}
	return element{}, errType
}

// half converts an IEEE 754 half-precision number.
func half(h uint16) float32 {
	sign := uint32(h&0x8000) << 16
	exponent, fraction := int(h>>10&0x1f), uint32(h&0x3ff)
	switch exponent {
	case 0:
		v := float32(math.Ldexp(float64(fraction), -24))
		return math.Float32frombits(math.Float32bits(v) | sign)
	case 0x1f:
		return math.Float32frombits(sign | 0x7f800000 | fraction<<13)
	}
	return math.Float32frombits(sign | uint32(exponent+112)<<23 | fraction<<13)
}

// Write writes float32 values of a shape in row-major order (version 1.0).
func Write(w io.Writer, shape []int, data []float32) error {
	if n, err := count(shape, math.MaxInt64); err != nil || n != len(data) || slices.Min(append([]int{0}, shape...)) < 0 {
		return fmt.Errorf("shape %v does not describe %d values", shape, len(data))
	}
	dims := make([]string, len(shape))
	for i, d := range shape {
		dims[i] = fmt.Sprint(d)
	}
	tuple := "(" + strings.Join(dims, ", ") + ")"
	if len(shape) == 1 {
		tuple = "(" + dims[0] + ",)"
	}
	header := fmt.Sprintf("{'descr': '<f4', 'fortran_order': False, 'shape': %s, }", tuple)
	const prelude = len(magic) + 4
	pad := 63 - (prelude+len(header))%64
	header += strings.Repeat(" ", pad) + "\n"
	buf := make([]byte, 0, prelude+len(header)+4*len(data))
	buf = append(buf, magic+"\x01\x00"...)
	buf = binary.LittleEndian.AppendUint16(buf, uint16(len(header)))
	buf = append(buf, header...)
	for _, v := range data {
		buf = binary.LittleEndian.AppendUint32(buf, math.Float32bits(v))
	}
	_, err := w.Write(buf)
	return err
}
