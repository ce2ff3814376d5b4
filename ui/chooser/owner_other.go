//go:build cgo && !linux && !windows

package chooser

// owned does nothing: dialogs belong to the program.
func owned(uintptr) (over func()) { return func() {} }
