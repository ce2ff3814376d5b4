package script

import (
	"io"
	"runtime/debug"

	"picasso/backend/confine"
	"picasso/visualizers/script/star"
	"picasso/visualizers/script/wire"
)

// Command is the hidden subcommand with which the program starts itself as a
// script's sandbox; main calls [Serve] for it.
const Command = "script-host"

// Serve is the sandboxed process, see [star.Serve]. It returns the exit code.
func Serve(in io.Reader, out, log io.Writer) int {
	if err := star.Serve(confine.Tether(in), out, confined); err != nil {
		io.WriteString(log, err.Error()+"\n")
		return 1
	}
	return 0
}

// slack is what the process may use beyond the script's share: the program's
// own code and what the collector has not freed yet.
const slack = 256 << 20

// confined limits this process for good.
func confined(l wire.Limits) error {
	// Images come and go by the hundred: collecting seldom is most of the speed,
	// and the limit makes the collector hurry when it matters.
	debug.SetGCPercent(800)
	debug.SetMemoryLimit(l.Memory)
	go confine.Watch(l.Memory + slack)
	return confine.Enter(confine.Compute, confine.Limits{Memory: l.Memory + slack, CPU: l.CPU})
}
