package kernel

// #include "kernel.h"
import "C"
import "unsafe"

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
