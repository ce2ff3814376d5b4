package confine

import "time"

// Policy says what a child still has to do once it is shut in.
type Policy int

// Policies.
const (
	// Compute lets the child compute and use what is open: no file, socket,
	// program, process or other process.
	Compute Policy = iota
	// ReadFiles lets it read files, too, and nothing more.
	ReadFiles
)

// Enter shuts this process in for good, all its threads: it gains no new
// rights, stays within the limits, sees of the file system and of the network
// what the policy leaves, and can make only the system calls that computing
// needs.
func Enter(p Policy, l Limits) error {
	bound := bounds(p, l) // reads what is in use, while it can
	if err := ShutOut(p); err != nil {
		return err
	}
	if err := bound(); err != nil {
		return err
	}
	return filter(p)
}

// ShutOut is the part of [Enter] that needs no limits: file system, network,
// rights. It takes milliseconds, so a child that waits for its work does it
// meanwhile, and [Bound] when its limits are known.
func ShutOut(p Policy) error {
	time.Sleep(time.Nanosecond) // makes Go open what its timers need, while it can
	return shutOut(p)
}

// Bound is the rest of [Enter]: limits and system calls.
func Bound(p Policy, l Limits) error {
	if err := bounds(p, l)(); err != nil {
		return err
	}
	return filter(p)
}
