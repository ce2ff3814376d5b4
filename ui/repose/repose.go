// Package repose lets the window's loop sleep while nothing happens. The toolkit
// (Fyne 2.7.2) looks for events sixty times a second for as long as the program
// runs, which costs one to two per cent of a processor and, on a laptop, battery.
// Here the loop is made to wait for the system's next event instead; input, and
// whatever the program itself hands to the loop, wakes it at once.
package repose

import (
	"context"
	"sync"
	"time"

	"github.com/go-gl/glfw/v3.3/glfw"
)

const (
	// nap is how long the loop waits for an event at a time. What the toolkit
	// hands to its own loop from elsewhere, such as a change of the system's
	// theme, waits for as long at most.
	nap = time.Second
	// breath is the time between two naps, a few rounds of the loop, which do and
	// draw what the program handed to it.
	breath = 40 * time.Millisecond
	// lively is how long after an event from outside the loop runs as the toolkit would have it,
	// longer than its animations, tooltips and double clicks take.
	lively = time.Second
)

// Loop is the window's loop at rest and at work. Its methods may be called from
// any goroutine.
type Loop struct {
	wait func(time.Duration) // returns at the next event, or later
	wake func()              // ends wait, from any goroutine

	mu     sync.Mutex
	asleep bool
	woken  bool // by Wake, since it fell asleep
}

// New is the loop of the toolkit's windows. It does not sleep before Run.
func New() *Loop {
	return &Loop{
		wait: func(d time.Duration) { glfw.WaitEventsTimeout(d.Seconds()) },
		wake: glfw.PostEmptyEvent,
	}
}

// Wake ends the loop's sleep, if it sleeps: something has been given to it.
func (l *Loop) Wake() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.asleep { // so the window system is there: the loop is in its hands
		l.woken = true
		l.wake()
	}
}

// Run sends the loop to sleep whenever nothing happens, until ctx ends. queue gives
// a function to the loop; busy reports, when asked there, whether something moves
// and must be drawn often.
func (l *Loop) Run(ctx context.Context, queue func(func()), busy func() bool) {
	pause := lively
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
		slept := make(chan bool, 1)
		queue(func() { slept <- !busy() && l.sleep() })
		select {
		case <-ctx.Done():
			return
		case undisturbed := <-slept:
			pause = lively
			if undisturbed {
				pause = breath
			}
		}
	}
}

// sleep waits in the loop for an event; it reports whether none came from outside.
func (l *Loop) sleep() (undisturbed bool) {
	l.mu.Lock()
	l.asleep, l.woken = true, false
	l.mu.Unlock()
	begun := time.Now()
	l.wait(nap)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.asleep = false
	return l.woken || time.Since(begun) >= nap*9/10
}
