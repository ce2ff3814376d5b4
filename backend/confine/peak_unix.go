//go:build unix

package confine

import (
	"os"
	"runtime"
	"syscall"
)

// Peak is the most memory that a child had which has ended, in bytes; 0 where that is
// not known. The system counts what this process had when it started the child as the
// child's, so a peak tells something only above our own.
func Peak(state *os.ProcessState) int64 {
	child, ok := state.SysUsage().(*syscall.Rusage)
	var own syscall.Rusage
	if !ok || syscall.Getrusage(syscall.RUSAGE_SELF, &own) != nil || child.Maxrss <= own.Maxrss {
		return 0
	}
	return inBytes(int64(child.Maxrss))
}

// inBytes is resident memory as getrusage counts it.
func inBytes(maxrss int64) int64 {
	if runtime.GOOS == "darwin" {
		return maxrss
	}
	return maxrss << 10
}
