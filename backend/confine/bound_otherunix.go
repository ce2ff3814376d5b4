//go:build unix && !linux

package confine

import "golang.org/x/sys/unix"

// lenient is true: macOS refuses limits on memory below what is reserved, so
// the watch inside the process keeps them.
const lenient = true

func memory(most int64) []limit {
	return []limit{{unix.RLIMIT_DATA, uint64(most), "data"}}
}

// resident is the most memory that the process ever had, in bytes; 0 where it
// is not known.
func resident() int64 {
	var u unix.Rusage
	if unix.Getrusage(unix.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return inBytes(int64(u.Maxrss))
}

func ownPeak() int64 { return resident() }
