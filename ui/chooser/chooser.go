// Package chooser shows the system's own file dialogs. It is the only package
// that links them: on Linux those of GTK, which the first dialog starts.
package chooser

import "errors"

// ErrBusy says that a dialog is open already.
var ErrBusy = errors.New("a file dialog is already open; close it first")

// request is what one dialog asks.
type request struct {
	title      string
	what       asked
	kind       string   // names the extensions
	extensions []string // without the dot; nil for all files
	folder     string   // to start in, "" for any
	name       string   // proposed for a file to write
}

// asked is the kind of path that is asked for.
type asked int

const (
	aFile   asked = iota // to read
	aFolder              // to read
	aTarget              // a file to write
)
