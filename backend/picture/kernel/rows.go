package kernel

// #include "kernel.h"
import "C"
import "unsafe"

// Plane is the samples of one component of a picture. Width and Height are those that
// belong to the picture, of rows that begin Stride apart.
type Plane[T uint8 | uint16] struct {
	Pix           []T
	Width, Height int
	Stride        int
	H, V          int // resolution across and down, beside that of other planes: 1…4
}

// Planes are a picture that is stored in planes of the same or of lower resolution, one
// to four. Where the resolution is half, values between are interpolated with weights 3 : 1,
// where it is lower than that, they are repeated.
type Planes[T uint8 | uint16] struct {
	Width, Height int // in pixels
	Parts         []Plane[T]
	Colors        bool // the planes, of 8 bits, are luma and two of chroma, which become red, green and blue
}

// mostSide bounds sides of pictures, so that no product of them overflows.
const mostSide = 1 << 24

// Rows writes count rows of the picture, from row number from on, pixel by pixel.
func (p *Planes[T]) Rows(to []T, from, count int) {
	if count == 0 {
		return
	}
	fits(from >= 0 && count > 0 && from <= p.Height-count && len(to) >= p.Width*len(p.Parts)*count)
	l := p.layout()
	// A line is written twice as wide as its plane, or as wide as the picture; vectors
	// need no more room.
	memory := make([]T, 9*(int(l.room)+1))
	bits := C.int(8 * unsafe.Sizeof(memory[0]))
	var at [C.MOST_PARTS]unsafe.Pointer
	for i, part := range p.Parts {
		at[i] = unsafe.Pointer(unsafe.SliceData(part.Pix))
	}
	C.picasso_rows(bits, unsafe.Pointer(unsafe.SliceData(to)), at[0], at[1], at[2], at[3], &l, C.int64_t(from), C.int64_t(count), unsafe.Pointer(unsafe.SliceData(memory)))
}

// layout checks the planes.
func (p *Planes[T]) layout() (l C.Layout) {
	fits(p.Width > 0 && p.Width <= mostSide && p.Height > 0 && p.Height <= mostSide && len(p.Parts) > 0 && len(p.Parts) <= C.MOST_PARTS)
	h, v := 0, 0
	for _, part := range p.Parts {
		fits(part.H > 0 && part.V > 0 && part.H <= 4 && part.V <= 4)
		h, v = max(h, part.H), max(v, part.V)
	}
	l.width, l.count, l.h, l.v = C.int64_t(p.Width), C.int64_t(len(p.Parts)), C.int64_t(h), C.int64_t(v)
	if p.Colors {
		fits(len(p.Parts) == 3 && unsafe.Sizeof(p.Parts[0].Pix[0]) == 1)
		l.colors = 1
	}
	l.room = C.int64_t(p.Width + 2)
	for i, part := range p.Parts {
		way := part.way(h, v)
		fits(part.holds(way, p.Width, p.Height))
		l.parts[i] = C.Part{C.int64_t(part.Width), C.int64_t(part.Height), C.int64_t(part.Stride), C.int64_t(way), C.int64_t(part.H), C.int64_t(part.V)}
	}
	return l
}

// way is how a plane is brought to the picture's size, where the largest resolutions
// are h and v.
func (p *Plane[T]) way(h, v int) int {
	wide, high := h == 2*p.H, v == 2*p.V
	switch {
	case p.H == h && p.V == v:
		return C.SAME
	case wide && p.V == v && p.Width > 2:
		return C.DOUBLE_WIDTH
	case p.H == h && high:
		return C.DOUBLE_HEIGHT
	case wide && high && p.Width > 2:
		return C.DOUBLE_BOTH
	}
	return C.REPEATED
}

// holds tells that a plane has all that a picture of so many pixels is made of.
func (p *Plane[T]) holds(way, width, height int) bool {
	if p.Width < 1 || p.Width > p.Stride || p.Height < 1 || p.Stride > mostSide || p.Height > mostSide || len(p.Pix) < p.Stride*(p.Height-1)+p.Width {
		return false
	}
	switch way {
	case C.SAME:
		return p.Width == width && p.Height == height
	case C.DOUBLE_WIDTH:
		return p.Width == (width+1)/2 && p.Height == height
	case C.DOUBLE_HEIGHT:
		return p.Width == width && p.Height == (height+1)/2
	case C.DOUBLE_BOTH:
		return p.Width == (width+1)/2 && p.Height == (height+1)/2
	}
	return true
}
