//go:build linux || darwin

package quarantine

import (
	"fmt"
	"os"
	"syscall"
)

// stampOf tells a file from all others and from itself once it was changed: the
// kernel sets the last of its times at every change, and no program can set it
// back.
func stampOf(path string) string {
	info, err := os.Stat(path)
	if err != nil {
		return ""
	}
	s, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return ""
	}
	return fmt.Sprintf("%x-%x-%x-%x-%x", s.Dev, s.Ino, s.Size, info.ModTime().UnixNano(), changed(s))
}
