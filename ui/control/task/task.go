// Package task does work in the background for one owner.
//
// The owner is a goroutine, the user interface's: every function of this
// package is called there, and all that the work has to tell comes back there
// through the function do of its [Group]. So nothing is locked.
//
// A [Task] is one kind of work, of whose runs the newest is the only one
// heard. A [Runner] is a task whose starts are debounced and whose partial
// results are coalesced. Neither knows what the work is about.
package task

import (
	"context"
	"io"
	"sync"
	"time"
)

// Group is the work of one owner.
type Group struct {
	ctx    context.Context
	cancel context.CancelFunc
	do     func(func())
	work   sync.WaitGroup
}

// NewGroup returns a group without work. do runs a function later on the
// owner's goroutine; functions run in the order in which they were handed to
// it.
func NewGroup(do func(func())) *Group {
	ctx, cancel := context.WithCancel(context.Background())
	return &Group{ctx: ctx, cancel: cancel, do: do}
}

// Go runs f on a goroutine of its own. Nothing stops it, and Close waits for
// it.
func (g *Group) Go(f func()) {
	g.work.Add(1)
	go func() {
		defer g.work.Done()
		f()
	}()
}

// Leave stops all tasks for good, as Close does, and waits for nothing. It may be
// called on any goroutine.
func (g *Group) Leave() { g.cancel() }

// Closed reports whether the group was closed, or is about to be.
func (g *Group) Closed() bool { return g.ctx.Err() != nil }

// Close stops all tasks for good; nothing of them is heard any more. It waits
// for their work, but no longer than patience, and reports whether all of it
// has ended.
func (g *Group) Close(patience time.Duration) bool {
	g.cancel()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		g.work.Wait()
	}()
	select {
	case <-ended:
		return true
	case <-time.After(patience):
		return false
	}
}

// Task is one kind of work. Of its runs the newest is the only one heard.
//
// They work one at a time: a run waits until the one that it stopped has noticed, so
// that events that come faster than they can be answered pile up neither work nor
// what it holds.
type Task struct {
	group *Group
	run   *run          // nil at rest
	turn  chan struct{} // of whoever works; nil in a Runner, whose runs wait by themselves
}

// stubborn is how long a run waits for one that does not notice that it was
// stopped, such as one that reads from a disk which does not answer.
const stubborn = 500 * time.Millisecond

// wait waits for the task's turn until ctx ends. The function it returns gives the
// turn back.
func (t *Task) wait(ctx context.Context) (done func()) {
	if t.turn == nil {
		return func() {}
	}
	late := time.NewTimer(stubborn)
	defer late.Stop()
	select {
	case t.turn <- struct{}{}:
		return func() { <-t.turn }
	case <-late.C:
	case <-ctx.Done():
	}
	return func() {}
}

// run is one run of a task, with what it has to tell and was not heard yet. An owner
// that is busy with events hears of runs long after others have taken their place:
// what they would have told is given up at once, for it may be large.
type run struct {
	ctx    context.Context
	cancel context.CancelFunc

	mu      sync.Mutex
	letters map[*letter]bool
}

// letter is something that a run has to tell, or what to do instead where nobody
// hears it.
type letter struct{ hear, drop func() }

// post keeps a letter until it is taken or given up; false where nobody will hear it.
func (r *run) post(l *letter) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ctx.Err() != nil {
		return false
	}
	if r.letters == nil {
		r.letters = map[*letter]bool{}
	}
	r.letters[l] = true
	return true
}

// take is what a letter tells, nil where it was given up.
func (r *run) take(l *letter) func() {
	r.mu.Lock()
	defer r.mu.Unlock()
	hear := l.hear
	delete(r.letters, l)
	l.hear, l.drop = nil, nil
	return hear
}

// end cancels the run and gives up what nobody has heard.
func (r *run) end() {
	r.cancel()
	r.mu.Lock()
	defer r.mu.Unlock()
	for l := range r.letters {
		if l.drop != nil {
			l.drop()
		}
		l.hear, l.drop = nil, nil
	}
	r.letters = nil
}

// New returns a task at rest.
func (g *Group) New() *Task { return &Task{group: g, turn: make(chan struct{}, 1)} }

// Running reports whether a run was started and has neither ended nor been
// stopped.
func (t *Task) Running() bool { return t.run != nil }

// Stop ends the current run, if there is one: its context is cancelled, and
// nothing of it is heard any more. Its work may take a while to notice.
func (t *Task) Stop() {
	if t.run != nil {
		t.run.end()
		t.run = nil
	}
}

func (t *Task) hears(r *run) bool { return t.run == r && r.ctx.Err() == nil }

// Start stops the current run and begins another. work runs on a goroutine of
// its own until it returns or ctx ends, as it may have before work begins; what it hands to tell runs on the
// owner's. In the end done gets what work returned; a panic in work is a
// [*Crash]. Once the run is stopped, neither is called; a result that nobody
// gets is closed where it is an [io.Closer].
func Start[T any](t *Task, work func(ctx context.Context, tell func(func())) (T, error), done func(T, error)) {
	t.Stop()
	g, r := t.group, &run{}
	r.ctx, r.cancel = context.WithCancel(g.ctx)
	t.run = r
	send := func(hear, drop func()) {
		l := &letter{hear, drop}
		if !r.post(l) {
			if drop != nil {
				drop()
			}
			return
		}
		g.do(func() {
			if !t.hears(r) {
				if l.drop != nil { // the owner ended, and no run was stopped
					l.drop()
				}
				return
			}
			if hear := r.take(l); hear != nil {
				hear()
			}
		})
	}
	tell := func(f func()) { send(f, nil) }
	g.Go(func() {
		result, err := guard(func() (T, error) {
			defer t.wait(r.ctx)()
			return work(r.ctx, tell)
		})
		send(func() {
			t.Stop()
			done(result, err)
		}, func() { discard(g, result) })
	})
}

func discard(g *Group, result any) {
	if c, ok := result.(io.Closer); ok {
		g.Go(func() { c.Close() })
	}
}
