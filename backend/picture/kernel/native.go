//go:build cgo

package kernel

/*
#cgo CFLAGS: -O3
#include "kernel.h"
*/
import "C"
import "unsafe"

// What both sides know by number.
var (
	_ = [1]struct{}{}[C.EVEN-Even|C.USUAL-Usual|C.MOST_PARTS-mostParts]
	_ = [1]struct{}{}[C.SAME-same|C.DOUBLE_WIDTH-doubleWidth|C.DOUBLE_HEIGHT-doubleHeight|C.DOUBLE_BOTH-doubleBoth|C.REPEATED-repeated]
)

func inverse(to []uint8, stride int, blocks []Block, kinds []Kind) {
	C.picasso_inverse((*C.int32_t)(&blocks[0][0]), (*C.uint8_t)(&kinds[0]), C.int64_t(len(blocks)), (*C.uint8_t)(unsafe.SliceData(to)), C.int64_t(stride))
}

func rows[T uint8 | uint16](p *Planes[T], to []T, from, count int) {
	h, v := p.finest()
	// A line is written twice as wide as its plane, or as wide as the picture.
	l := C.Layout{width: C.int64_t(p.Width), count: C.int64_t(len(p.Parts)), h: C.int64_t(h), v: C.int64_t(v), room: C.int64_t(p.Width + 2)}
	if p.Colors {
		l.colors = 1
	}
	var at [mostParts]unsafe.Pointer
	for i, part := range p.Parts {
		at[i] = unsafe.Pointer(unsafe.SliceData(part.Pix))
		l.parts[i] = C.Part{C.int64_t(part.Width), C.int64_t(part.Height), C.int64_t(part.Stride), C.int64_t(part.way(h, v)), C.int64_t(part.H), C.int64_t(part.V)}
	}
	memory := make([]T, 9*(int(l.room)+1))
	C.picasso_rows(C.int(8*unsafe.Sizeof(memory[0])), unsafe.Pointer(unsafe.SliceData(to)), at[0], at[1], at[2], at[3], &l, C.int64_t(from), C.int64_t(count), unsafe.Pointer(unsafe.SliceData(memory)))
}

func across(to, from []uint8, rows, width, channels int, t Taps) {
	stride := width * channels
	memory := make([]int32, stride+4+len(t.First)*channels+4)
	C.picasso_across((*C.uint8_t)(unsafe.SliceData(from)), (*C.uint8_t)(unsafe.SliceData(to)), C.int64_t(rows), C.int64_t(stride), C.int64_t(channels),
		(*C.int32_t)(&t.First[0]), (*C.int32_t)(&t.Weights[0]), C.int64_t(t.Count), C.int64_t(len(t.First)), (*C.int32_t)(&memory[0]), (*C.int32_t)(&memory[stride+4]))
}

func down(to, from []uint8, n int, t Taps) {
	sums := make([]int32, n)
	C.picasso_down((*C.uint8_t)(unsafe.SliceData(from)), (*C.uint8_t)(unsafe.SliceData(to)), C.int64_t(n),
		(*C.int32_t)(&t.First[0]), (*C.int32_t)(&t.Weights[0]), C.int64_t(t.Count), C.int64_t(len(t.First)), (*C.int32_t)(&sums[0]))
}
