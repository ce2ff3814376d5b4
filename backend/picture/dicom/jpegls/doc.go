// Package jpegls decodes JPEG-LS (ITU-T T.87): lossless and near-lossless
// pictures of 2 to 16 bits, components apart, by line or by sample, of one
// size or of several, with restart markers, and with the colour transforms of
// Hewlett-Packard's encoder, which the standard does not have.
//
// Streams are not trusted: the declared size is checked against the caller's
// limit before anything is allocated, and every decoding loop ends with the
// data.
package jpegls

import "errors"

// Image is a decoded picture.
type Image struct {
	Width, Height int
	Components    int
	Precision     int      // bits per sample, 2…16
	Pix           []uint16 // Width×Height×Components samples, interleaved; smaller components repeat theirs
	Near          int      // largest error of a sample, 0 for lossless
	Truncated     bool     // the data ended before the picture did; the rest is zero
}

var (
	// ErrUnsupported is an extension that is not decoded: mapping tables, sizes
	// over 65535, colour transforms of other than 8 or 16 bits.
	ErrUnsupported = errors.New("this kind of JPEG-LS is not decoded")
	// ErrTooLarge is a stream that declares more samples than allowed.
	ErrTooLarge = errors.New("the JPEG-LS stream declares a larger picture than the file")
	errSyntax   = errors.New("the JPEG-LS stream is damaged")
	errNoImage  = errors.New("the JPEG-LS stream holds no picture")
)
