// Package chooser shows the system's own file dialogs. It is the only package
// that links them, because on Linux that starts GTK.
package chooser

import "errors"

// ErrBusy says that a dialog is open already.
var ErrBusy = errors.New("a file dialog is already open; close it first")
