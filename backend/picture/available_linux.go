package picture

import (
	"bufio"
	"fmt"
	"os"
	"strings"
)

// freeMemory reads the kernel's estimate of what programs can still take without
// swapping, see proc_meminfo(5).
func freeMemory() int64 {
	f, err := os.Open("/proc/meminfo")
	if err != nil {
		return unknownMemory
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var kilobytes int64
		if rest, ok := strings.CutPrefix(lines.Text(), "MemAvailable:"); ok {
			if _, err := fmt.Sscan(rest, &kilobytes); err == nil {
				return kilobytes << 10
			}
		}
	}
	return unknownMemory
}
