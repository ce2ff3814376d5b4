// Package clipboard hands pictures to other programs through the system's
// clipboard. It is the only package that links it, and it reaches for the system
// when something is copied, not before: a program without a screen never does.
//
// Windows and macOS are served by golang.design/x/clipboard. Under X11 that needs
// a file that only developers' packages bring (libX11.so), and Xlib ends the
// whole program when the one that pastes goes away too early; so there the few
// messages of the protocol are exchanged directly.
package clipboard

// System is the clipboard of the desktop.
type System struct{}

// CopyPicture puts a PNG file on the clipboard. On Linux other programs can paste
// it while this one runs, or as long as a clipboard manager keeps it. It may be
// called from any goroutine.
func (System) CopyPicture(png []byte) error { return put(png) }
