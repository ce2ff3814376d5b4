package confine

import (
	"fmt"
	"math"
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// lenient is false: Linux keeps every limit.
const lenient = false

// memory limits what the process may write to; what is only reserved, as Go
// and allocators do in great pieces, does not count in data. The whole address
// space is a second limit, for mappings that are shared.
func memory(most int64) []limit {
	size, data := inUse()
	const reserve = 64 << 30 // of addresses, not of memory
	return []limit{
		{unix.RLIMIT_AS, size + uint64(most) + reserve, "address space"},
		{unix.RLIMIT_DATA, data + uint64(most), "data"},
	}
}

// inUse is the address space and the data in use, in bytes.
func inUse() (size, data uint64) {
	const unknown = 4 << 30
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return unknown, unknown
	}
	var resident, shared, code, lib uint64
	if _, err := fmt.Sscan(string(text), &size, &resident, &shared, &code, &lib, &data); err != nil {
		return unknown, unknown
	}
	page := uint64(os.Getpagesize())
	return size * page, data * page
}

// resident is 0: the limit on data holds for native code as well.
func resident() int64 { return 0 }

// ownPeak is the most memory that this program had, in bytes. Unlike what getrusage
// tells, that is without what the program had that started this one.
func ownPeak() int64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return math.MaxInt64
	}
	for line := range strings.Lines(string(status)) {
		var kb int64
		if n, _ := fmt.Sscanf(line, "VmHWM: %d kB", &kb); n == 1 {
			return kb << 10
		}
	}
	return math.MaxInt64
}
