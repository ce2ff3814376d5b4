// Package nifti reads NIfTI-1 and NIfTI-2 volumes (.nii, .nii.gz) as slices.
//
// Slices are turned to the view radiologists expect, as far as the file says
// how it lies: columns run to the patient's left or back, rows to the back or
// the feet, slices to the head, the left or the front. Nothing is resampled.
package nifti

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
	ErrNotNIfTI    = errors.New("not NIfTI")
	ErrUnsupported = errors.New("not supported")
	ErrTooLarge    = errors.New("too large")
	ErrDamaged     = errors.New("damaged")
)

func damaged(format string, args ...any) *Error {
	return &Error{fmt.Sprintf(format, args...), "copy or export the volume again", ErrDamaged}
}
