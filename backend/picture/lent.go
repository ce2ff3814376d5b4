package picture

import (
	"math/bits"
	"sync"
)

// spare is memory of images that were given back, by the size of it in bits.
var spare [bits.UintSize]sync.Pool

// mostSpare bounds the memory that is kept of an image.
const mostSpare = 16 << 20

// lent is memory for n values, whatever they are: that of an image that was given
// back, or new.
func lent(n int) []uint8 {
	if old, ok := spare[bits.Len(uint(n))%bits.UintSize].Get().(*[]uint8); ok && cap(*old) >= n {
		return (*old)[:n]
	}
	return make([]uint8, n)
}

// GiveBack leaves the memory of an 8-bit image to others, which spares clearing and getting
// it. The image must not be used any more, nor any that was made of it without changing size
// or values.
func (m *Image) GiveBack() {
	pix := m.px.u8
	m.px = storage{}
	if cap(pix) > 0 && cap(pix) <= mostSpare {
		spare[bits.Len(uint(cap(pix)))].Put(&pix)
	}
}
