// Package bounded makes fuzz targets fail on what merely takes too long or too
// much memory: a parser of files from outside owes its user an answer soon and
// within bounds, whatever it is given.
package bounded

import (
	"runtime/metrics"
	"testing"
	"time"
)

// Limits are for one execution.
type Limits struct {
	Time   time.Duration // of the processor where the system tells it, else of the clock
	Memory uint64        // bytes allocated in all, whether or not they were freed
}

// Small are the limits for inputs of at most size bytes: a few milliseconds and
// megabytes, and some for each byte.
func Small(size int) Limits {
	return Limits{Time: 500*time.Millisecond + time.Duration(size)*50*time.Microsecond, Memory: 64<<20 + uint64(size)*1024}
}

// Run calls f and fails t where it exceeds the limits. Nothing else may run in
// the process meanwhile.
func Run(t testing.TB, l Limits, f func()) {
	t.Helper()
	began, bytes := processorTime(), allocated()
	f()
	took, taken := processorTime()-began, allocated()-bytes
	if took > l.Time {
		t.Fatalf("it took %v; at most %v are allowed", took, l.Time)
	}
	if taken > l.Memory {
		t.Fatalf("it allocated %d MB; at most %d are allowed", taken>>20, l.Memory>>20)
	}
}

// Cost is the time that f takes: of the processor where the system tells it,
// else of the clock.
func Cost(f func()) time.Duration {
	began := processorTime()
	f()
	return processorTime() - began
}

func allocated() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}
