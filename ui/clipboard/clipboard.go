// Package clipboard hands pictures to other programs through the system's
// clipboard. It is the only package that links it, and it reaches for the system
// when something is copied, not before: a program without a screen never does.
package clipboard

import (
	"errors"
	"fmt"
	"runtime"

	"golang.design/x/clipboard"
)

// mostOnX11 bounds what is handed over in one request of the X protocol.
const mostOnX11 = 15 << 20

// System is the clipboard of the desktop.
type System struct{}

// CopyPicture puts a PNG file on the clipboard. On Linux other programs can paste
// it while this one runs, or as long as a clipboard manager keeps it. It may be
// called from any goroutine.
func (System) CopyPicture(png []byte) error {
	if runtime.GOOS == "linux" && len(png) > mostOnX11 {
		return fmt.Errorf("the picture has %d MB, more than the clipboard of X11 takes at once; choose a smaller width or save it", len(png)>>20)
	}
	if err := clipboard.Init(); err != nil {
		return unreachable()
	}
	if clipboard.Write(clipboard.FmtImage, png) == nil {
		return errors.New("the clipboard did not take the picture; try again, or save it instead")
	}
	return nil
}

// unreachable says what the clipboard needs; the library's own words speak to
// programmers.
func unreachable() error {
	if runtime.GOOS == "linux" {
		return errors.New("the clipboard cannot be reached: it needs an X11 display and the library libX11.so (on Debian and Ubuntu in the package libx11-dev); save the figure instead")
	}
	return errors.New("the clipboard of the system cannot be reached; save the figure instead")
}
