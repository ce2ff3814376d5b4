package kernel

// #include "kernel.h"
import "C"

import (
	"slices"
	"sync"
	"unsafe"
)

// Taps are what makes each of some values along an axis: as many others as Count, from the
// one that First tells on, with weights in 1/2^[TapBits].
type Taps struct {
	Count   int
	First   []int32
	Weights []int32 // Count for each
}

// TapBits is the precision of weights, which sum up to 2^TapBits: as much as leaves room for 8 bits
// and for sums a little beyond them.
const TapBits = 22

// within tells that all taps are among n values.
func (t Taps) within(n int) bool {
	if t.Count < 1 || t.Count > n || len(t.Weights) < t.Count*len(t.First) {
		return false
	}
	for _, f := range t.First {
		if f < 0 || int(f) > n-t.Count {
			return false
		}
	}
	return true
}

// span is the values that taps are made of: from one up to another.
func (t Taps) span() (from, to int) {
	if len(t.First) == 0 {
		return 0, 0
	}
	return int(slices.Min(t.First)), int(slices.Max(t.First)) + t.Count
}

// less are taps of values that begin n later.
func (t Taps) less(n int) Taps {
	first := make([]int32, len(t.First))
	for i, f := range t.First {
		first[i] = f - int32(n)
	}
	t.First = first
	return t
}

// mostLent bounds the rows between that are kept for the next picture.
const mostLent = 8 << 20

// between is memory for rows that are resized along their width alone.
var between = sync.Pool{New: func() any { return new([]uint8) }}

// Resize writes a picture of so many pixels, of one to four channels, as the taps on either
// axis make it: its width first, then its height. An axis with taps of the Count 0 stays as
// it is.
func Resize(to, from []uint8, width, height, channels int, across, down Taps) {
	switch {
	case down.Count == 0:
		Across(to, from, height, width, channels, across)
		return
	case across.Count == 0:
		Down(to, from, width*channels, height, down)
		return
	}
	fits(down.within(height) && len(from) >= width*height*channels)
	first, end := down.span()
	room := between.Get().(*[]uint8)
	n := len(across.First) * channels
	if cap(*room) < n*(end-first) {
		*room = make([]uint8, n*(end-first))
	}
	rows := (*room)[:n*(end-first)]
	Across(rows, from[width*first*channels:], end-first, width, channels, across)
	Down(to, rows, n, end-first, down.less(first))
	if cap(*room) <= mostLent {
		between.Put(room)
	}
}

// Across resizes rows of width pixels, of one to four channels, along their width: each
// becomes one of as many pixels as the taps say.
func Across(to, from []uint8, rows, width, channels int, t Taps) {
	if rows == 0 || len(t.First) == 0 {
		return
	}
	stride, out := width*channels, len(t.First)*channels
	fits(rows > 0 && width > 0 && width <= mostSide && channels > 0 && channels <= 4 && len(from) >= rows*stride && len(to) >= rows*out && t.within(width))
	memory := make([]int32, stride+4+out+4)
	C.picasso_across((*C.uint8_t)(unsafe.SliceData(from)), (*C.uint8_t)(unsafe.SliceData(to)), C.int64_t(rows), C.int64_t(stride), C.int64_t(channels),
		(*C.int32_t)(&t.First[0]), (*C.int32_t)(&t.Weights[0]), C.int64_t(t.Count), C.int64_t(len(t.First)), (*C.int32_t)(&memory[0]), (*C.int32_t)(&memory[stride+4]))
}

// Down resizes rows of n bytes along their height: as many rows are made as the taps say,
// each of a row's bytes from those at the same place in others.
func Down(to, from []uint8, n, rows int, t Taps) {
	if n == 0 || len(t.First) == 0 {
		return
	}
	fits(n > 0 && rows > 0 && rows <= mostSide && len(from) >= rows*n && len(to) >= len(t.First)*n && t.within(rows))
	sums := make([]int32, n)
	C.picasso_down((*C.uint8_t)(unsafe.SliceData(from)), (*C.uint8_t)(unsafe.SliceData(to)), C.int64_t(n),
		(*C.int32_t)(&t.First[0]), (*C.int32_t)(&t.Weights[0]), C.int64_t(t.Count), C.int64_t(len(t.First)), (*C.int32_t)(&sums[0]))
}
