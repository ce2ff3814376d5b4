//go:build cgo

package ort

import (
	"cmp"
	"maps"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"picasso/backend/infer"
)

// resting is how long nothing runs before memory is given back to the system.
const resting = 5 * time.Second

// tidying is how often, while there is no such pause, what the C library keeps of
// freed memory is given back if other sessions run than before: what runs of one
// size let go lies in pieces between those of another. The same sessions want the
// same memory again, and to get it from the system can take longer than their work.
const tidying = 3 * time.Second

// rest waits for a pause in which nothing runs. It is safe for concurrent use.
type rest struct {
	pause func()                      // what is done in a pause
	tidy  func(ran map[*session]bool) // what is done at work, where other sessions run than before

	mu     sync.Mutex
	busy   int // runs going on
	timer  *time.Timer
	looked time.Time         // when it was asked last whether to tidy
	ran    map[*session]bool // since then; nil stands for an opening
	before map[*session]bool // in the time before that
	over   bool              // the program ends
}

func newRest(pause func(), tidy func(ran map[*session]bool)) *rest {
	return &rest{pause: pause, tidy: tidy, looked: time.Now(), ran: map[*session]bool{}}
}

// begin says that a session runs, or one is opened, nil, until the function it
// returns is called. A nil rest waits for nothing.
func (r *rest) begin(s *session) (end func()) {
	if r == nil {
		return func() {}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.busy++
	r.ran[s] = true
	return r.end
}

// end begins to wait, once, for the next pause.
func (r *rest) end() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.busy--
	if r.over {
		return
	}
	if now := time.Now(); now.Sub(r.looked) > tidying {
		if r.ran[nil] || !maps.Equal(r.ran, r.before) {
			go r.tidy(r.ran)
		}
		r.looked, r.before, r.ran = now, r.ran, map[*session]bool{}
	}
	if r.busy > 0 {
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
	r.looked, r.before, r.ran = time.Now(), nil, map[*session]bool{}
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

// all are the sessions that are open.
func (r *Runtime) all() []*session {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Collect(maps.Keys(r.sessions))
}

// Held tells what the open sessions hold, by what they are for.
func (r *Runtime) Held() []infer.Holding {
	sums := map[infer.Use]infer.Holding{}
	for _, s := range r.all() {
		h := sums[s.use]
		sums[s.use] = infer.Holding{Use: s.use, Sessions: h.Sessions + 1, Bytes: h.Bytes + s.Held()}
	}
	list := slices.Collect(maps.Values(sums))
	slices.SortFunc(list, func(a, b infer.Holding) int { return cmp.Compare(a.Use, b.Use) })
	return list
}

// tidy gives back to the system what sessions that do not run any more keep, and
// what the C library keeps.
func (r *Runtime) tidy(ran map[*session]bool) {
	for _, s := range r.all() {
		if !ran[s] {
			s.old.shrink()
		}
	}
	returnFreed()
}

// pause gives back to the system what sessions keep for the next run, what the C
// library keeps of what they let go, and what Go's collector finds.
func (r *Runtime) pause() {
	for _, s := range r.all() {
		s.old.shrink()
	}
	debug.FreeOSMemory()
	returnFreed()
}
