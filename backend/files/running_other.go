//go:build !unix

package files

import "os"

// running tells whether there is a process of the number.
func running(pid int) bool {
	p, err := os.FindProcess(pid)
	if err != nil {
		return false
	}
	_ = p.Release()
	return true
}
