// Package npy reads and writes NumPy's array files (format versions 1 to 3),
// whole and numeric: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
//
// Files are not trusted: header and element count are checked against a bound
// before anything is allocated. Values become float32.
package npy

import (
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

// Read reads an array whose elements take at most maxBytes, in the file and as
// float32. It holds no more than the values and a small part of the file at once.
func Read(r io.Reader, maxBytes int64) (Array, error) {
	h, err := readHeader(r)
	if err != nil {
		return Array{}, fmt.Errorf("not a usable NumPy array: %w", err)
	}
	n, err := count(h.shape, maxBytes/int64(max(h.element.size, 4)))
	if err != nil {
		return Array{}, fmt.Errorf("not a usable NumPy array: %w", err)
	}
	a := Array{Shape: h.shape, DType: h.dtype}
	if a.Data, err = h.values(r, n); err != nil {
		return Array{}, fmt.Errorf("not a usable NumPy array: its elements end too early: %w", err)
	}
	return a, nil
}

// chunk is how many elements are read at once.
const chunk = 1 << 16

// values reads n elements and puts them in row-major order.
func (h header) values(r io.Reader, n int) ([]float32, error) {
	size := h.element.size
	left, known := remaining(r)
	if known && left < int64(n)*int64(size) {
		return nil, io.ErrUnexpectedEOF
	}
	out := make([]float32, 0, min(n, chunk))
	columns := h.fortran && len(h.shape) > 1
	if known || columns {
		out = make([]float32, n)
	}
	order := newColumnMajor(h.shape)
	raw := make([]byte, size*min(n, chunk))
	for done := 0; done < n; {
		part := raw[:size*min(n-done, chunk)]
		if _, err := io.ReadFull(r, part); err != nil {
			return nil, noEOF(err)
		}
		first := done
		if done += len(part) / size; done > len(out) {
			out = grown(out, done, n)
		}
		for i := first; i < done; i, part = i+1, part[size:] {
			at := i
			if columns {
				at = order.next()
			}
			out[at] = h.element.read(h.order, part)
		}
	}
	return out, nil
}

// grown makes room for so many values of n as were read already, and for as many
// again, so that a short file with a large header costs nothing.
func grown(out []float32, need, n int) []float32 {
	if need <= cap(out) {
		return out[:need]
	}
	more := make([]float32, need, min(n, 4*need))
	copy(more, out)
	return more
}

// remaining is how many bytes a reader has left, where it can tell.
func remaining(r io.Reader) (int64, bool) {
	switch r := r.(type) {
	case interface{ Len() int }: // in memory
		return int64(r.Len()), true
	case io.Seeker: // a file
		at, err := r.Seek(0, io.SeekCurrent)
		if err != nil {
			return 0, false
		}
		end, err := r.Seek(0, io.SeekEnd)
		if err != nil {
			return 0, false
		}
		_, err = r.Seek(at, io.SeekStart)
		return end - at, err == nil
	}
	return 0, false
}

func noEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// Shape reads only the shape of an array.
func Shape(r io.Reader) ([]int, error) {
	h, err := readHeader(r)
	if err != nil {
		return nil, fmt.Errorf("not a usable NumPy array: %w", err)
	}
	return h.shape, nil
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

// columnMajor walks through an array as Fortran orders it, the first axis fastest.
type columnMajor struct {
	shape, index, step []int
	at                 int // in row-major order
}

func newColumnMajor(shape []int) *columnMajor {
	c := &columnMajor{shape: shape, index: make([]int, len(shape)), step: make([]int, len(shape))}
	n := 1
	for axis := len(shape) - 1; axis >= 0; axis-- {
		c.step[axis] = n
		n *= shape[axis]
	}
	return c
}

// next is the place of the next element in row-major order.
func (c *columnMajor) next() int {
	at := c.at
	for axis, d := range c.shape {
		c.at += c.step[axis]
		if c.index[axis]++; c.index[axis] < d {
			break
		}
		c.at -= c.step[axis] * d
		c.index[axis] = 0
	}
	return at
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
	if n, err := count(shape, math.MaxInt64); err != nil || n != len(data) {
		return fmt.Errorf("shape %v does not describe %d values", shape, len(data))
	}
	out, err := Begin(w, shape)
	if err != nil {
		return err
	}
	if err := out.Append(data); err != nil {
		return err
	}
	return out.End()
}

// Writer writes an array whose values are not all there at once.
type Writer struct {
	w    io.Writer
	left int
	buf  []byte
}

// Begin begins a file with float32 values of a shape.
func Begin(w io.Writer, shape []int) (*Writer, error) {
	n, err := count(shape, math.MaxInt64)
	if err != nil || slices.Min(append([]int{0}, shape...)) < 0 {
		return nil, fmt.Errorf("%v is no shape of an array", shape)
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
	buf := make([]byte, 0, prelude+max(len(header), 4*min(n, chunk)))
	buf = append(buf, magic+"\x01\x00"...)
	buf = binary.LittleEndian.AppendUint16(buf, uint16(len(header)))
	_, err = w.Write(append(buf, header...))
	return &Writer{w, n, buf}, err
}

// Append writes the next values in row-major order.
func (w *Writer) Append(data []float32) error {
	if len(data) > w.left {
		return fmt.Errorf("%d values more than the shape of the array has", len(data)-w.left)
	}
	w.left -= len(data)
	for len(data) > 0 {
		w.buf = w.buf[:0]
		for _, v := range data[:min(len(data), chunk)] {
			w.buf = binary.LittleEndian.AppendUint32(w.buf, math.Float32bits(v))
		}
		data = data[min(len(data), chunk):]
		if _, err := w.w.Write(w.buf); err != nil {
			return err
		}
	}
	return nil
}

// End tells whether all values were written.
func (w *Writer) End() error {
	if w.left > 0 {
		return fmt.Errorf("%d values of the array are missing", w.left)
	}
	return nil
}
