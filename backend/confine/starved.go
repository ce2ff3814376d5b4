package confine

import (
	"os"
	"slices"
	"strings"
)

// hungry are the words of programs that get no memory. A thread cannot be made where
// there is none for its stack; and the queue of Go's collector (1.26) writes to memory
// that it asked for without looking whether it got any.
var hungry = []string{"out of memory", "cannot allocate memory", "bad_alloc", "Cannot allocate memory", "pthread_create failed", "failed to create new OS thread", "runtime.(*spanQueue)"}

// Starved reports whether a child that has ended died for lack of memory, of which it
// might have so many bytes: by its exit code, by what it wrote last, or because it had
// nearly all of it. Whoever gets no more does not always find words for it.
func Starved(state *os.ProcessState, log string, limit int64) bool {
	if state.ExitCode() == MemoryExit || slices.ContainsFunc(hungry, func(words string) bool { return strings.Contains(log, words) }) {
		return true
	}
	had := peak(state)
	return had > 0 && had >= limit/10*9
}
