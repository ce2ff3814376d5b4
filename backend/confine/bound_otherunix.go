//go:build unix && !linux

package confine

import "golang.org/x/sys/unix"

// lenient is true: macOS refuses limits on memory below what is reserved, so
// the watch inside the process keeps them.
const lenient = true

func memory(most int64) []limit {
	return []limit{{unix.RLIMIT_DATA, uint64(most), "data"}}
}
