package star

import (
	"fmt"
	"math"
	"runtime"
	"runtime/debug"
)

// unchecked is how many values may be allocated without asking: looking at the
// heap costs more than a small tensor.
const unchecked = 1 << 14

// room refuses an allocation of n values that would go over the program's
// memory limit, so that a script that hoards tensors hears about it in words.
// What escapes this count meets the limit of the process.
func room(n int) error {
	limit := debug.SetMemoryLimit(-1)
	need := uint64(n) * 4
	if n < unchecked || limit == math.MaxInt64 || heapInUse()+need <= uint64(limit) {
		return nil
	}
	runtime.GC()
	if heapInUse()+need <= uint64(limit) {
		return nil
	}
	return fmt.Errorf("out of memory: the script uses more than %d MB; keep fewer tensors at once, for example by calling ctx.run in smaller batches", limit>>20)
}
