//go:build !cli

package main

import (
	"os"
	"sync/atomic"

	"fyne.io/fyne/v2"

	"picasso/ui/cli"
)

// The toolkit's own way to quit is a race (Fyne 2.7.2): it closes the queue of
// its loop while other goroutines, its own among them, still send to it, which
// is a panic. So the program ends from within the loop as soon as the window has
// saved what is remembered and stopped its work. Where the toolkit is faster,
// as at SIGTERM, which it listens to itself, nothing is sent to that queue.

// ending is the end of the program.
type ending struct {
	over  atomic.Bool
	tidy  func() // what is to be done last; nil for nothing
	wake  func() // ends the loop's sleep
	leave func(code int)
}

// newEnding takes the toolkit's hook for its preferences away, which sends to
// the closed queue and writes a file that others may be reading; preferences
// are also written when they change. wake is called after each function that the loop
// is given.
func newEnding(a fyne.App, wake func()) *ending {
	if l, ok := a.Lifecycle().(interface{ SetOnStoppedHookExecuted(func()) }); ok {
		l.SetOnStoppedHookExecuted(nil)
	}
	return &ending{leave: os.Exit, wake: wake}
}

// now ends the program.
func (e *ending) now() {
	e.over.Store(true)
	if e.tidy != nil {
		e.tidy()
	}
	e.leave(cli.Done)
}

// with ends the program by closing the window, and does nothing else any more.
func (e *ending) with(closing func()) {
	if !e.over.Swap(true) {
		e.queue(closing)
	}
}

// do runs f on the window's goroutine, unless the program is ending.
func (e *ending) do(f func()) {
	if e.over.Load() {
		return
	}
	e.queue(func() {
		if !e.over.Load() {
			f()
		}
	})
}

// queue gives f to the toolkit's loop, unless that has ended.
func (e *ending) queue(f func()) {
	defer func() {
		if p := recover(); p != nil && !closedQueue(p) {
			panic(p)
		}
	}()
	fyne.Do(f)
	e.wake()
}

// closedQueue tells the panic of sending to the queue of a loop that has ended.
func closedQueue(p any) bool {
	err, ok := p.(error)
	return ok && err.Error() == "send on closed channel"
}
