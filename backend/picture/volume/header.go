package volume

import (
	"encoding/binary"
	"math"
)

// Bounds of what a header may say.
const (
	maxSide    = 1 << 24
	maxSlices  = 1 << 16
	maxVolumes = 1 << 16
)

// Encoding is how elements are written.
type Encoding int

// The encodings.
const (
	Raw Encoding = iota
	Gzip
	Zlib
	Bzip2
	Text // numbers between spaces
	Hex  // two digits a byte
)

// maxRatio is how many bytes one byte can stand for, 0 where nobody knows.
func (e Encoding) maxRatio() int64 {
	switch e {
	case Raw, Text, Hex:
		return 1
	case Gzip, Zlib:
		return 1032
	}
	return 0
}

// Header is what a file says about its elements.
type Header struct {
	Kind    string // of the file, for messages: "NIfTI"
	Size    [3]int // columns, rows and slices
	Volumes int
	Samples int // of a voxel: 1, 3 (red, green, blue), or 4 (and alpha)
	// Step is how many elements lie between neighbouring samples, columns, rows,
	// slices and volumes. All zero: they follow each other in this order.
	Step [5]int64

	Type             Type
	Order            binary.ByteOrder
	Slope, Intercept float64 // Slope 0: elements are values
	Range            [2]float64

	Placed  bool
	Affine  [3][4]float64 // from column, row and slice to millimetres to the left, back and head
	Spacing [3]float64    // where not placed; 0 is unknown

	Encoding Encoding
	Offset   int64    // of the first element in its file, before it is unpacked
	AtEnd    bool     // the elements are the last bytes of the file instead
	Files    []string // beside this one, which hold the elements one after the other; none: this one

	Warnings []string // what was noticed, in words
}

// Check bounds the sizes and fills in what follows from others.
func (h *Header) Check() error {
	for axis, n := range h.Size {
		if n < 1 || n > maxSide {
			return Damaged("declares %d as one of its sizes", h.Size[axis])
		}
	}
	switch {
	case h.Type.Size() == 0:
		return Unsupported("has numbers of a kind that is not read", "save the volume with 16-bit or 32-bit numbers")
	case h.Samples != 1 && h.Type != Uint8 || h.Samples < 1 || h.Samples > 4 || h.Samples == 2:
		return Unsupported("has several numbers in every place", "save one of them as a volume of its own")
	case h.Volumes < 1:
		return Damaged("declares %d volumes", h.Volumes)
	case h.Volumes > maxVolumes || h.Size[2] > maxSlices || h.Size[0] > math.MaxInt32/h.Size[1]:
		return h.tooLarge()
	}
	n := int64(h.Type.Size() * h.Samples)
	for _, side := range append(h.Size[:], h.Volumes) {
		if n > math.MaxInt64/16/int64(side) {
			return h.tooLarge()
		}
		n *= int64(side)
	}
	if h.Step == ([5]int64{}) {
		h.Step[0], h.Step[1] = 1, int64(h.Samples)
		for axis, side := range h.Size {
			h.Step[axis+2] = h.Step[axis+1] * int64(side)
		}
	}
	if h.Slope == 1 && h.Intercept == 0 || !isFinite(h.Slope) || !isFinite(h.Intercept) {
		h.Slope, h.Intercept = 0, 0
	}
	return h.checkOffset()
}

func (h *Header) tooLarge() *Error {
	return &Error{"declares a volume larger than the program takes", "save a smaller part of it", ErrTooLarge}
}

func (h *Header) checkOffset() error {
	if h.Offset < 0 || h.Offset > math.MaxInt64/2 {
		return Damaged("puts its pixels at byte %d", h.Offset)
	}
	return nil
}

// counts are how many samples, columns, rows, slices and volumes there are.
func (h *Header) counts() [5]int64 {
	return [5]int64{int64(h.Samples), int64(h.Size[0]), int64(h.Size[1]), int64(h.Size[2]), int64(h.Volumes)}
}

// whole is the number of bytes of all volumes.
func (h *Header) whole() int64 {
	n := int64(h.Type.Size())
	for _, c := range h.counts() {
		n *= c
	}
	return n
}

// Bytes is how many bytes one volume takes.
func (h *Header) Bytes() int64 {
	_, n := h.span(0)
	return n
}

// slice is how many elements there are from the first of a slice to its last.
func (h *Header) slice() int64 {
	n := int64(1)
	for axis, count := range h.counts() {
		if axis < 3 {
			n += (count - 1) * h.Step[axis]
		}
	}
	return n
}

// span is where the elements of volume k lie in the unpacked data, in bytes. One
// that has elements of others between its own begins with the first and ends
// with the last of them.
func (h *Header) span(k int) (from, length int64) {
	size, last := int64(h.Type.Size()), int64(0)
	for axis, n := range h.counts() {
		if axis < 4 {
			last += (n - 1) * h.Step[axis]
		}
	}
	return int64(k) * h.Step[4] * size, (last + 1) * size
}

func isFinite(v float64) bool { return v-v == 0 }
