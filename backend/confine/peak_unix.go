//go:build unix

package confine

import (
	"os"
	"runtime"
	"syscall"
)

// peak is the most memory that a child had which has ended, in bytes; 0 where that is
// not known. Systems may count what this process had when it started the child as the
// child's, so a peak tells something only above our own.
func peak(state *os.ProcessState) int64 {
	child, ok := state.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	if most := inBytes(int64(child.Maxrss)); most > ownPeak() {
		return most
	}
	return 0
}

// inBytes is resident memory as getrusage counts it.
func inBytes(maxrss int64) int64 {
	if runtime.GOOS == "darwin" {
		return maxrss
	}
	return maxrss << 10
}
