// Package cores tells how many cores a model should be run on.
//
// ONNX Runtime decides that by the processor's own description, in which virtual
// machines often call two cores one core of two threads, and by the whole machine,
// also where a container may use a part of it. Then models run at half of the speed
// that is there, or threads wait for each other. The system's kernel knows better.
package cores

import (
	"runtime"
	"sync"
)

// Count is the number of physical cores that this process may use, at least 1, or 0
// where it is not known. Hardware threads of one core count once: beside each other
// they gain nothing in matrix products.
func Count() int { return usable(counted(), runtime.NumCPU(), runtime.GOMAXPROCS(0)) }

// Usable is Count, or what Go counts where that is not known.
func Usable() int {
	if n := Count(); n > 0 {
		return n
	}
	return runtime.GOMAXPROCS(0)
}

// counted is found once: what the machine has does not change.
var counted = sync.OnceValue(topology)

// machine is what the kernel tells: hardware threads, and the cores they belong to;
// zeros where it tells nothing.
type machine struct{ threads, cores int }

// usable is the number of cores for a process that may use some of the machine's
// threads, and limits itself to so many at a time.
func usable(m machine, threads, limit int) int {
	if m.cores < 1 || m.threads < m.cores {
		return 0
	}
	return max(1, min((threads*m.cores+m.threads-1)/m.threads, limit))
}
