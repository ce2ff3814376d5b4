package confine

import (
	"os"
	"runtime/metrics"
	"time"
)

// MemoryExit is the exit code of a child that used up its memory.
const MemoryExit = 86

// Limits bound a child. Zero values bound nothing.
type Limits struct {
	Memory int64         // bytes, beyond what the process takes when it is bounded
	CPU    time.Duration // of all its threads together
}

// Watch ends the process with [MemoryExit] once Go holds more than limit bytes
// or the process is larger than it was by as much: on some systems the kernel's
// own limits are loose, and where they are not this comes before they must end
// it without a word.
func Watch(limit int64) {
	sample := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	before := resident()
	for range time.Tick(5 * time.Millisecond) {
		metrics.Read(sample)
		held := int64(sample[0].Value.Uint64() - sample[1].Value.Uint64())
		if held > limit || resident()-before > limit {
			os.Exit(MemoryExit)
		}
	}
}
