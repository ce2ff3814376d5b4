package task

import (
	"context"
	"sync"
	"time"
)

// Job is one run that tells of partial results by emit, from any goroutine.
type Job[T any] func(ctx context.Context, emit func(T)) (T, error)

// Update is what a run tells its owner, always on the owner's goroutine.
type Update[T any] struct {
	Result T
	Has    bool  // Result is filled
	Ended  bool  // the last update of this run
	Err    error // with Ended: why it failed; nil when it finished
}

// Runner runs jobs one after the other so that the newest wins. Updates of a
// run that is no longer the newest are dropped at delivery, those still waiting
// are coalesced.
type Runner[T any] struct {
	task    *Task
	idle    chan struct{} // closed when the newest worker has ended
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

// NewRunner returns an idle runner whose work belongs to g.
func NewRunner[T any](g *Group) *Runner[T] {
	idle := make(chan struct{})
	close(idle)
	return &Runner[T]{task: &Task{group: g}, idle: idle}
}

// Schedule starts what start does once no other call came for delay. Until
// then a current run goes on, so that a moving slider shows intermediate maps.
func (r *Runner[T]) Schedule(delay time.Duration, start func()) {
	now := time.Now()
	first := now
	if r.pending != nil {
		first = r.pending.first
		r.pending.timer.Stop()
	}
	wait := min(delay, max(0, first.Add(burst*delay).Sub(now)))
	p := &pending{first: first}
	r.pending = p
	g := r.task.group
	p.timer = time.AfterFunc(wait, func() {
		g.do(func() {
			if r.pending != p || g.Closed() {
				return
			}
			r.pending = nil
			start()
		})
	})
}

// Start cancels the current run and starts job; deliver gets its updates.
func (r *Runner[T]) Start(job Job[T], deliver func(Update[T])) {
	r.Cancel()
	before, idle := r.idle, make(chan struct{})
	r.idle = idle
	var box mailbox[T]
	hand := func() {
		if u, ok := box.take(); ok {
			deliver(u)
		}
	}
	Start(r.task, func(ctx context.Context, tell func(func())) (struct{}, error) {
		defer close(idle)
		<-before // it was cancelled: two runs never fight for the cores
		if ctx.Err() != nil {
			return struct{}{}, ctx.Err()
		}
		result, err := guard(func() (T, error) {
			return job(ctx, func(partial T) {
				if box.put(Update[T]{Result: partial, Has: true}) {
					tell(hand)
				}
			})
		})
		box.put(Update[T]{Result: result, Has: err == nil, Ended: true, Err: err})
		return struct{}{}, nil
	}, func(struct{}, error) { hand() })
}

// Cancel ends the current run and the scheduled one without another update.
func (r *Runner[T]) Cancel() {
	r.Unschedule()
	r.task.Stop()
}

// Unschedule drops the scheduled start and leaves the current run alone.
func (r *Runner[T]) Unschedule() {
	if r.pending != nil {
		r.pending.timer.Stop()
		r.pending = nil
	}
}

// Waiting reports whether a start is scheduled.
func (r *Runner[T]) Waiting() bool { return r.pending != nil }

// Idle is closed once no worker of this runner is left.
func (r *Runner[T]) Idle() <-chan struct{} { return r.idle }

// mailbox holds the newest undelivered update. A slow owner skips partial
// results, never the end.
type mailbox[T any] struct {
	mu     sync.Mutex
	update Update[T]
	full   bool
}

// put stores u and reports whether a delivery has to be asked for.
func (b *mailbox[T]) put(u Update[T]) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !u.Has && b.full { // an end without a result keeps the last partial one
		u.Result, u.Has = b.update.Result, b.update.Has
	}
	first := !b.full
	b.update, b.full = u, true
	return first
}

// take empties the box; ok is false where it was empty.
func (b *mailbox[T]) take() (u Update[T], ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	u, ok = b.update, b.full
	b.update, b.full = Update[T]{}, false
	return u, ok
}
