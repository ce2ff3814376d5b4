//go:build !linux

package clipboard

import (
	"errors"

	"golang.design/x/clipboard"
)

func put(png []byte) error {
	if clipboard.Init() != nil {
		return errors.New("the clipboard of the system cannot be reached; save the figure instead")
	}
	if clipboard.Write(clipboard.FmtImage, png) == nil {
		return errors.New("the clipboard did not take the picture; try again, or save the figure instead")
	}
	return nil
}
