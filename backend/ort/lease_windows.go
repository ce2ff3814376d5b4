//go:build cgo

package ort

import (
	"os"

	"golang.org/x/sys/windows"
)

// newGuard opens the file so that nobody can write to it or remove it while it
// is open. Nil means that somebody already may write.
func newGuard(path string, _ *os.File) guard {
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return nil
	}
	handle, err := windows.CreateFile(name, windows.GENERIC_READ, windows.FILE_SHARE_READ, nil,
		windows.OPEN_EXISTING, windows.FILE_ATTRIBUTE_NORMAL, 0)
	if err != nil {
		return nil
	}
	return &share{handle}
}

// share is a file that others may only read.
type share struct{ handle windows.Handle }

func (s *share) settled()    {}
func (s *share) holds() bool { return true }
func (s *share) release() {
	if s.handle != 0 {
		windows.CloseHandle(s.handle)
		s.handle = 0
	}
}
