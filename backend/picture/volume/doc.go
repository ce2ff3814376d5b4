// Package volume holds scans of three and more dimensions, whatever kind of file
// they come from: NIfTI, Analyze, NRRD, MetaImage, MGH. The packages of these
// kinds read headers; this one reads the elements that a header describes.
//
// Slices are turned to the view radiologists expect, as far as the file says how
// it lies: columns run to the patient's left or back, rows to the back or the
// feet, slices to the head, the left or the front. Nothing is resampled.
//
// Files are not trusted: every size is compared with what is allowed, and with
// what the bytes there can hold, before anything is allocated.
package volume

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
	ErrUnknown     = errors.New("of another kind")
	ErrUnsupported = errors.New("not supported")
	ErrTooLarge    = errors.New("too large")
	ErrDamaged     = errors.New("damaged")
	ErrMissing     = errors.New("a file is missing")
)

// Damaged is a file that contradicts itself.
func Damaged(format string, args ...any) *Error {
	return &Error{fmt.Sprintf(format, args...), "export the volume again from where it came", ErrDamaged}
}

// Short is a file that ends before what its header announces.
func Short(format string, args ...any) *Error {
	return &Error{fmt.Sprintf(format, args...), "copy or download it again", ErrDamaged}
}

// Unsupported is a sound file of a kind that is not read.
func Unsupported(fault, remedy string) *Error { return &Error{fault, remedy, ErrUnsupported} }
