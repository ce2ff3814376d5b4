//go:build cgo

package ort

import (
	"runtime/debug"
	"sync"
	"time"
)

// resting is how long nothing runs before memory is given back to the system.
const resting = 5 * time.Second

// rest waits for a pause in which nothing runs. It is safe for concurrent use.
type rest struct {
	pause func() // what is done in a pause

	mu    sync.Mutex
	busy  int // runs going on
	timer *time.Timer
	over  bool // the program ends
}

func newRest(pause func()) *rest { return &rest{pause: pause} }

// begin says that something runs until the function it returns is called.
func (r *rest) begin() (end func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.busy++
	return r.end
}

// end begins to wait, once, for the next pause.
func (r *rest) end() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.busy--; r.busy > 0 || r.over {
		return
	}
	if r.timer == nil {
		r.timer = time.AfterFunc(resting, r.due)
	} else {
		r.timer.Reset(resting)
	}
}

func (r *rest) due() {
	r.mu.Lock()
	quiet := r.busy == 0
	r.mu.Unlock()
	if quiet {
		r.pause()
	}
}

// stop ends the waiting.
func (r *rest) stop() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.over = true
	if r.timer != nil {
		r.timer.Stop()
	}
}

// pause gives back to the system what sessions keep for the next run, what the C
// library keeps of what they let go, and what Go's collector finds.
func (r *Runtime) pause() {
	r.mu.Lock()
	sessions := make([]*session, 0, len(r.sessions))
	for s := range r.sessions {
		sessions = append(sessions, s)
	}
	r.mu.Unlock()
	for _, s := range sessions {
		s.old.shrink()
	}
	debug.FreeOSMemory()
	returnFreed()
}
