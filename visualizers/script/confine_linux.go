package script

import (
	"fmt"
	"os"
)

// lenient is false: Linux keeps every limit.
const lenient = false

// reserved is the address space in use before the script starts; Go reserves
// much more than it uses.
func reserved() uint64 {
	const unknown = 4 << 30
	text, err := os.ReadFile("/proc/self/statm")
	var pages uint64
	if err != nil {
		return unknown
	}
	if _, err := fmt.Sscan(string(text), &pages); err != nil {
		return unknown
	}
	return pages * uint64(os.Getpagesize())
}
