// Package heap sets Go's heap up for a command, a process that ends with its work.
package heap

import "runtime"

// floor is counted by Go's collector as memory in use, so that a command does not run
// the collector after each picture or two, which took a fifth of the time of predicting
// many. It is never touched, so it takes no memory.
const floor = 20 << 20

// start is how much of the heap is asked for in large pages. What a command needs
// beyond that comes in pages of the usual size.
const start = 128 << 20

// ForCommand is to be called once, before the work begins; release is to be called when
// it is done.
func ForCommand() (release func()) {
	held := make([]byte, floor) // before the rest: what is handed out again has to be cleared first
	large(start)
	return func() { runtime.KeepAlive(held) }
}
