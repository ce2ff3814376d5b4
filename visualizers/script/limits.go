package script

import (
	"runtime"
	"time"

	"picasso/visualizers/script/wire"
)

// Limits bound what one run of a script may use.
type Limits struct {
	Memory int64         // bytes of its process
	Steps  uint64        // of the interpreter, per target
	Time   time.Duration // its own, without that of the model
	Print  int           // bytes of printed text
	Result int           // values in all its results together
}

// DefaultLimits leave room for hundreds of images of 224×224 at once, and for
// loops over some million values.
func DefaultLimits() Limits {
	return Limits{Memory: 1 << 30, Steps: 1 << 30, Time: 2 * time.Minute, Print: 64 << 10, Result: 1 << 26}
}

// wire are the limits as the process is told them. Its own count of processor
// time only matters where nobody watches the clock any more; it is that of all
// its threads.
func (l Limits) wire() *wire.Limits {
	cpu := l.Time*time.Duration(runtime.GOMAXPROCS(0)) + time.Second
	return &wire.Limits{Memory: l.Memory, Steps: l.Steps, Print: l.Print, CPU: cpu}
}

// maxSource bounds the text of a script.
const maxSource = 256 << 10
