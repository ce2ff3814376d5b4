package script

import (
	"io"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"time"

	"picasso/visualizers/script/star"
	"picasso/visualizers/script/wire"
)

// Command is the hidden subcommand with which the program starts itself as a
// script's sandbox; main calls [Serve] for it.
const Command = "script-host"

// memoryExit is the exit code of a sandbox that used up its memory.
const memoryExit = 86

// Serve is the sandboxed process, see [star.Serve]. It returns the exit code.
func Serve(in io.Reader, out, log io.Writer) int {
	if err := star.Serve(in, out, confine); err != nil {
		io.WriteString(log, err.Error()+"\n")
		return 1
	}
	return 0
}

// slack is what the process may use beyond the script's share: the program's
// own code and what the collector has not freed yet.
const slack = 256 << 20

// confine limits this process for good.
func confine(l wire.Limits) error {
	// Images come and go by the hundred: collecting seldom is most of the speed,
	// and the limit makes the collector hurry when it matters.
	debug.SetGCPercent(800)
	debug.SetMemoryLimit(l.Memory)
	hard := l.Memory + slack
	go guard(uint64(hard))
	return confineSystem(hard)
}

// guard ends the process when it holds too much, on systems whose own limits
// are loose, and before they must kill it.
func guard(limit uint64) {
	sample := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	for range time.Tick(5 * time.Millisecond) {
		metrics.Read(sample)
		if sample[0].Value.Uint64()-sample[1].Value.Uint64() > limit {
			os.Exit(memoryExit)
		}
	}
}
