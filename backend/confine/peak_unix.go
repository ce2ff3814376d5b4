//go:build unix

package confine

import (
	"os"
	"syscall"
)

// Peak is the most memory that a child had which has ended, in bytes; 0 where that is
// not known. Systems may count what this process had when it started the child as the
// child's, so a peak tells something only above our own.
func Peak(state *os.ProcessState) int64 {
	child, ok := state.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	if peak := inBytes(int64(child.Maxrss)); peak > ownPeak() {
		return peak
	}
	return 0
}
