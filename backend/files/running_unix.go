//go:build unix

package files

import (
	"errors"
	"syscall"
)

// running tells whether there is a process of the number.
func running(pid int) bool { return !errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) }
