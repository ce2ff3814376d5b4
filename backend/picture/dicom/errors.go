package dicom

import (
	"errors"
	"fmt"
)

// MaxPixels bounds rows × columns of a frame.
const MaxPixels = 1 << 28

// Bounds of a file: how deep sequences are nested, how many elements and how
// many frames it has.
const (
	maxDepth    = 40
	maxElements = 1 << 20
	maxFrames   = 1 << 16
)

// What an [Error] may wrap.
var (
	// ErrNotDICOM is a file that is something else.
	ErrNotDICOM = errors.New("not DICOM")
	// ErrNoPicture is a sound file without picture: a report, a plan, a directory.
	ErrNoPicture = errors.New("no picture")
	// ErrSyntax is a way of compression that is not decoded.
	ErrSyntax = errors.New("transfer syntax not supported")
	// ErrTooLarge is a file beyond the bounds of this package.
	ErrTooLarge = errors.New("too large")
	// ErrDamaged is a file whose picture cannot be made sense of.
	ErrDamaged = errors.New("damaged")
)

// Error is a file that cannot be used: what is wrong, told so that it follows
// a file name, and what to do. It names no patient.
type Error struct {
	Fault  string
	Remedy string
	Err    error // one of the variables above, or what a decoder said
}

func (e *Error) Error() string { return e.Fault + "; " + e.Remedy }

// Unwrap gives the kind of error.
func (e *Error) Unwrap() error { return e.Err }

func damaged(format string, args ...any) *Error {
	return &Error{fmt.Sprintf(format, args...), "export the picture again from the archive", ErrDamaged}
}

func tooLarge(format string, args ...any) *Error {
	return &Error{fmt.Sprintf(format, args...), "export a smaller part of it", ErrTooLarge}
}
