package control

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"picasso/visualizers"
)

// Job is one run of a visualizer: its Explain with everything but the context
// and emit bound.
type Job func(ctx context.Context, emit func(visualizers.Result)) (visualizers.Result, error)

// Update is what a run tells its owner, always on the owner's goroutine.
type Update struct {
	Result visualizers.Result
	Has    bool  // Result is filled
	Ended  bool  // the last update of this run
	Err    error // with Ended: why it failed; nil when it finished
}

// Runner runs jobs one after the other so that the newest wins. Its methods
// belong to the goroutine that do hops to. Updates of a run that is no longer
// the newest are dropped at delivery, those still waiting are coalesced.
type Runner struct {
	ctx     context.Context
	do      func(func())
	number  uint64 // of the newest run; deliveries with another one are dropped
	cancel  context.CancelFunc
	done    chan struct{} // closed when the newest worker has ended
	pending *pending
}

// pending is a scheduled start.
type pending struct {
	first time.Time // of the burst of changes it stands for
	timer *time.Timer
}

// burst is how long a stream of changes may put a start off, in delays. A
// slider that never rests still gets a map now and then.
const burst = 4

// NewRunner returns an idle runner. All runs end with ctx.
func NewRunner(ctx context.Context, do func(func())) *Runner {
	idle := make(chan struct{})
	close(idle)
	return &Runner{ctx: ctx, do: do, done: idle, cancel: func() {}}
}

// Schedule starts what start does once no other call came for delay. Until
// then a run in hand goes on, so that a moving slider shows intermediate maps.
func (r *Runner) Schedule(delay time.Duration, start func()) {
	now := time.Now()
	first := now
	if r.pending != nil {
		first = r.pending.first
		r.pending.timer.Stop()
	}
	wait := min(delay, max(0, first.Add(burst*delay).Sub(now)))
	p := &pending{first: first}
	r.pending = p
	p.timer = time.AfterFunc(wait, func() {
		r.do(func() {
			if r.pending != p || r.ctx.Err() != nil {
				return
			}
			r.pending = nil
			start()
		})
	})
}

// Start cancels the run in hand and starts job; deliver gets its updates.
func (r *Runner) Start(job Job, deliver func(Update)) {
	r.Cancel()
	ctx, cancel := context.WithCancel(r.ctx)
	number, before, done := r.number, r.done, make(chan struct{})
	r.cancel, r.done = cancel, done
	box := &mailbox{do: r.do, deliver: func(u Update) {
		if r.number == number && ctx.Err() == nil {
			deliver(u)
		}
	}}
	go func() {
		defer close(done)
		<-before // it was cancelled: two runs never fight for the cores
		if ctx.Err() != nil {
			return
		}
		res, err := guard(job, ctx, func(res visualizers.Result) {
			box.post(Update{Result: res, Has: true})
		})
		box.post(Update{Result: res, Has: err == nil, Ended: true, Err: err})
	}()
}

// Cancel ends the run in hand and the scheduled one without another update.
func (r *Runner) Cancel() {
	r.Unschedule()
	r.number++
	r.cancel()
}

// Unschedule drops the scheduled start and leaves the run in hand alone.
func (r *Runner) Unschedule() {
	if r.pending != nil {
		r.pending.timer.Stop()
		r.pending = nil
	}
}

// Waiting tells whether a start is scheduled.
func (r *Runner) Waiting() bool { return r.pending != nil }

// Idle is closed once no worker of this runner is left.
func (r *Runner) Idle() <-chan struct{} { return r.done }

// guard turns a panic of a job into an error, so that a broken visualizer
// never takes the window with it.
func guard(job Job, ctx context.Context, emit func(visualizers.Result)) (res visualizers.Result, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &Crash{What: fmt.Sprint(p), Stack: string(debug.Stack())}
		}
	}()
	return job(ctx, emit)
}

// Crash is a panic inside a visualizer or a model.
type Crash struct{ What, Stack string }

func (c *Crash) Error() string { return "internal fault: " + c.What }

// mailbox holds the newest undelivered update. A slow owner skips partial
// results, never the end.
type mailbox struct {
	do      func(func())
	deliver func(Update)

	mu     sync.Mutex
	update Update
	full   bool
}

func (b *mailbox) post(u Update) {
	if b.put(u) {
		b.do(func() { b.deliver(b.take()) })
	}
}

// put stores u and reports whether a delivery has to be asked for.
func (b *mailbox) put(u Update) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !u.Has && b.full { // an end without a result keeps the last partial one
		u.Result, u.Has = b.update.Result, b.update.Has
	}
	first := !b.full
	b.update, b.full = u, true
	return first
}

func (b *mailbox) take() Update {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.full = false
	return b.update
}
