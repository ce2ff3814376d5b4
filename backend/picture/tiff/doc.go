// Package tiff decodes TIFF 6.0 and BigTIFF pictures of every sample type that
// measuring instruments write: whole numbers and floats of 1 to 64 bits, in strips
// and tiles, interleaved and in planes, one page and many. Go's own package leaves
// most of them out.
//
// Standards: TIFF Revision 6.0 (Adobe, 1992), Technical Notes 1 to 3, and the
// BigTIFF design of libtiff.
//
// Streams are compressed by others' decoders where there are well-kept ones. Files
// are not trusted: every size is compared with what is allowed, and with what its
// bytes can hold, before anything is allocated.
package tiff

import (
	"errors"
	"fmt"
)

// Error is a file that cannot be used: what is wrong, told so that it follows
// a file name, and what to do.
type Error struct {
	Fault  string
	Remedy string
	Err    error
}

func (e *Error) Error() string { return e.Fault + "; " + e.Remedy }

// Unwrap gives the kind of error.
func (e *Error) Unwrap() error { return e.Err }

// What an [Error] may wrap.
var (
	ErrUnsupported = errors.New("not supported")
	ErrTooLarge    = errors.New("too large")
	ErrDamaged     = errors.New("damaged")
)

func damaged(format string, args ...any) *Error {
	return &Error{fmt.Sprintf("is a damaged TIFF picture: "+format, args...), "save it again with the program that made it", ErrDamaged}
}

// short is a file that ends before what it announces.
func short() *Error {
	return &Error{"is a TIFF picture that ends too early", "copy or download it again", ErrDamaged}
}

// unsupported is a sound picture of a kind that is not read.
func unsupported(fault, remedy string) *Error {
	return &Error{"is a TIFF picture " + fault, remedy, ErrUnsupported}
}
