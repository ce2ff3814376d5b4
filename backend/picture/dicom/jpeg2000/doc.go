// Package jpeg2000 decodes JPEG 2000 Part 1 code streams (ITU-T T.800), bare
// or in a JP2 file: reversible and irreversible, of up to 16 bits.
//
// Not decoded are packed packet headers, changes of progression order and
// regions of interest, which medical writers do not use, and the
// high-throughput coding of Part 15.
//
// Streams are not trusted: sizes and numbers of blocks are checked before
// anything is allocated, and every decoding loop ends with the data.
package jpeg2000

import "errors"

// Image is a decoded picture.
type Image struct {
	Width, Height int
	Components    int
	Precision     int      // bits per sample, 1…16
	Signed        bool     // samples are in two's complement of 16 bits
	Pix           []uint16 // Width×Height×Components samples, interleaved
	Lossless      bool     // coded with the reversible transform
	Converted     bool     // a colour transform was undone: red, green and blue
	Truncated     bool     // the data ended before the picture did; details are missing
}

var (
	// ErrUnsupported is a part of the standard that is not decoded.
	ErrUnsupported = errors.New("this kind of JPEG 2000 is not decoded")
	// ErrTooLarge is a stream that declares more than allowed.
	ErrTooLarge = errors.New("the JPEG 2000 stream declares a larger picture than the file")
	errSyntax   = errors.New("the JPEG 2000 stream is damaged")
)

// maxBlocks bounds the code blocks and precincts of a tile.
const maxBlocks = 1 << 20
