// Package jpeg decodes the JPEG processes (ITU-T T.81) that medical pictures
// use and general libraries leave out: sequential and progressive DCT of 8 and 12
// bits, and lossless prediction of 2 to 16 bits.
//
// Samples come out as they were coded, without colour conversion: what the
// components mean is for the surrounding format to say, and [Image.Transform]
// tells what the stream itself claims. Chroma of lower resolution is brought
// up to size by triangular weights, as the reference implementation does.
//
// Streams are not trusted: the declared size is checked against the caller's
// limit before anything is allocated, and every decoding loop ends with the
// data.
package jpeg

import "errors"

// Image is a decoded picture.
type Image struct {
	Width, Height int
	Components    int
	Precision     int      // bits per sample, 2…16
	Pix           []uint16 // Width×Height×Components samples, interleaved
	Lossless      bool     // coded without loss
	Transform     Transform
	Names         []byte // of the components, as the header gives them: often 1, 2, 3, or "RGB"
	Truncated     bool   // the data ended before the picture did; the rest is filled as well as can be
}

// Transform is what a stream says about the meaning of its components.
type Transform int

// What a stream may say.
const (
	Unsaid Transform = iota // nothing: the surrounding format decides
	None                    // an Adobe marker: not converted, red, green and blue
	YCbCr                   // a JFIF or Adobe marker: luma and two chroma
)

var (
	// ErrUnsupported is a process that is not decoded: arithmetic or
	// hierarchical coding.
	ErrUnsupported = errors.New("this kind of JPEG is not decoded")
	// ErrTooLarge is a stream that declares more samples than allowed.
	ErrTooLarge = errors.New("the JPEG stream declares a larger picture than the file")
	// ErrShort is a stream that declares more than its bytes can hold.
	ErrShort   = errors.New("the JPEG stream declares a larger picture than its bytes can hold")
	errSyntax  = errors.New("the JPEG stream is damaged")
	errNoImage = errors.New("the JPEG stream holds no picture")
)
