//go:build cgo && !linux

package ort

import (
	"errors"
	"os"
)

// cloneFile has no counterpart that is used here.
func cloneFile(_, _ *os.File) error { return errors.ErrUnsupported }
