//go:build !cgo && !windows

package chooser

import "errors"

// Native stands in where the program was built without the system's dialogs.
type Native struct{}

// New returns a chooser that is not available.
func New() *Native { return &Native{} }

var errNone = errors.New("this build has no system dialogs")

// Available is false.
func (*Native) Available() bool { return false }

// Attach does nothing.
func (*Native) Attach(uintptr) {}

// Open fails.
func (*Native) Open(string, string, []string, string) (string, error) { return "", errNone }

// Folder fails.
func (*Native) Folder(string, string) (string, error) { return "", errNone }

// Save fails.
func (*Native) Save(string, string, []string, string) (string, error) { return "", errNone }
