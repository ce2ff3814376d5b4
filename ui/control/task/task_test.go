package task

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// desk is an owner that takes what it is told when the test says so.
type desk struct {
	mu  sync.Mutex
	fns []func()
}

func (d *desk) do(f func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.fns = append(d.fns, f)
}

// settle takes everything, until all goroutines rest.
func (d *desk) settle() {
	for {
		synctest.Wait()
		d.mu.Lock()
		fns := d.fns
		d.fns = nil
		d.mu.Unlock()
		if len(fns) == 0 {
			return
		}
		for _, f := range fns {
			f()
		}
	}
}

// after is work that takes a second and gives n.
func after(n int) func(context.Context, func(func())) (int, error) {
	return func(ctx context.Context, _ func(func())) (int, error) {
		select {
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-time.After(time.Second):
			return n, nil
		}
	}
}

func TestTheNewestRunIsHeard(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d desk
		g := NewGroup(d.do)
		task := g.New()
		var got []int
		done := func(n int, err error) {
			if err != nil {
				t.Error(err)
			}
			got = append(got, n)
		}
		for n := range 3 {
			Start(task, after(n), done)
		}
		if !task.Running() {
			t.Error("a task that was started is not running")
		}
		time.Sleep(2 * time.Second)
		d.settle()
		if len(got) != 1 || got[0] != 2 || task.Running() {
			t.Errorf("heard %v, running %v; want the last run alone, and rest", got, task.Running())
		}
		g.Close(time.Second)
	})
}

// What is under way to the owner when a run is stopped is not heard either.
func TestStopIsSilent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d desk
		g := NewGroup(d.do)
		task := g.New()
		told, ended := 0, 0
		Start(task, func(ctx context.Context, tell func(func())) (int, error) {
			tell(func() { told++ })
			return 1, nil
		}, func(int, error) { ended++ })
		synctest.Wait() // the work has ended, the owner has heard nothing
		task.Stop()
		d.settle()
		if told != 0 || ended != 0 || task.Running() {
			t.Errorf("told %d times, ended %d times, running %v after Stop", told, ended, task.Running())
		}
		g.Close(time.Second)
	})
}

func TestTheOwnerHearsInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d desk
		g := NewGroup(d.do)
		var heard []int
		Start(g.New(), func(ctx context.Context, tell func(func())) (int, error) {
			for n := range 3 {
				tell(func() { heard = append(heard, n) })
			}
			return 3, nil
		}, func(n int, _ error) { heard = append(heard, n) })
		d.settle()
		for i, n := range heard {
			if i != n {
				t.Errorf("heard %v", heard)
			}
		}
		if len(heard) != 4 {
			t.Errorf("heard %v, want four things", heard)
		}
		g.Close(time.Second)
	})
}

type door struct{ closed atomic.Bool }

func (d *door) Close() error { d.closed.Store(true); return nil }

// A model that is open by the time nobody wants it must not stay open.
func TestAResultThatNobodyGetsIsClosed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d desk
		g := NewGroup(d.do)
		task := g.New()
		var opened door
		Start(task, func(context.Context, func(func())) (*door, error) { return &opened, nil },
			func(*door, error) { t.Error("a stopped run was heard") })
		synctest.Wait()
		task.Stop()
		d.settle()
		if !opened.closed.Load() {
			t.Error("what a stopped run opened is still open")
		}
		g.Close(time.Second)
	})
}

func TestAPanicIsAnError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d desk
		g := NewGroup(d.do)
		var got error
		Start(g.New(), func(context.Context, func(func())) (int, error) { panic("index out of range") },
			func(_ int, err error) { got = err })
		d.settle()
		var crash *Crash
		if !errors.As(got, &crash) || crash.What != "index out of range" || crash.Stack == "" {
			t.Errorf("a panic became %v", got)
		}
		g.Close(time.Second)
	})
}

func TestCloseWaitsForWorkButNotForever(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d desk
		g := NewGroup(d.do)
		Start(g.New(), after(1), func(int, error) { t.Error("heard after Close") })
		began := time.Now()
		if !g.Close(3*time.Second) || time.Since(began) != 0 {
			t.Error("work that obeys its context was waited for")
		}
		d.settle()

		g = NewGroup(d.do)
		release := make(chan struct{})
		g.Go(func() { <-release })
		began = time.Now()
		if g.Close(3*time.Second) || time.Since(began) != 3*time.Second {
			t.Errorf("Close took %v for work that never ends", time.Since(began))
		}
		close(release)
	})
}

// Events that come faster than they can be answered pile up no work: one run works,
// the newest one waits, what lies between finds its context ended.
func TestStoppedRunsDoNotPileUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d desk
		g := NewGroup(d.do)
		task := g.New()
		var begun, working, most atomic.Int32
		got := -1
		for n := range 100 {
			Start(task, func(ctx context.Context, _ func(func())) (int, error) {
				if ctx.Err() != nil {
					return n, ctx.Err()
				}
				begun.Add(1)
				most.Store(max(most.Load(), working.Add(1)))
				defer working.Add(-1)
				<-ctx.Done()
				time.Sleep(stubborn / 2) // slow to notice
				return n, ctx.Err()
			}, func(n int, _ error) { got = n })
			time.Sleep(stubborn / 100)
			d.settle()
		}
		if begun.Load() > 4 || most.Load() != 1 {
			t.Errorf("%d of 100 runs began, %d at once", begun.Load(), most.Load())
		}
		Start(task, after(7), func(n int, _ error) { got = n })
		time.Sleep(stubborn + time.Second)
		d.settle()
		if got != 7 {
			t.Errorf("heard %d, want the newest run", got)
		}
		g.Close(time.Second)
	})
}

// Work that does not notice that it was stopped does not keep the next one away.
func TestStubbornWorkIsNotWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d desk
		g := NewGroup(d.do)
		task := g.New()
		release, got := make(chan struct{}), 0
		Start(task, func(context.Context, func(func())) (int, error) { <-release; return 1, nil }, func(n int, _ error) { got = n })
		synctest.Wait()
		Start(task, after(2), func(n int, _ error) { got = n })
		time.Sleep(stubborn + time.Second)
		d.settle()
		if got != 2 {
			t.Errorf("heard %d, want the second run although the first one hangs", got)
		}
		close(release)
		g.Close(time.Second)
	})
}

// Partial results that the owner has no time for are replaced by newer ones;
// the end never is.
func TestRunnerCoalesces(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d desk
		g := NewGroup(d.do)
		r := NewRunner[int](g)
		var got []Update[int]
		failed := errors.New("failed")
		r.Start(func(ctx context.Context, emit func(int)) (int, error) {
			for n := range 5 {
				emit(n)
			}
			return 0, failed
		}, func(u Update[int]) { got = append(got, u) })
		d.settle()
		want := Update[int]{Result: 4, Has: true, Ended: true, Err: failed}
		if len(got) != 1 || got[0] != want {
			t.Errorf("heard %v, want only %v", got, want)
		}
		g.Close(time.Second)
	})
}

// A burst of changes is one run, though not put off for ever, and two runs
// never work at once.
func TestRunnerDebounces(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d desk
		g := NewGroup(d.do)
		r := NewRunner[int](g)
		var starts, working, most atomic.Int32
		start := func() {
			starts.Add(1)
			r.Start(func(ctx context.Context, _ func(int)) (int, error) {
				most.Store(max(most.Load(), working.Add(1)))
				defer working.Add(-1)
				<-ctx.Done()
				time.Sleep(time.Second) // slow to notice
				return 0, ctx.Err()
			}, func(Update[int]) {})
		}
		for range 3 {
			r.Schedule(100*time.Millisecond, start)
			time.Sleep(50 * time.Millisecond)
			d.settle()
		}
		time.Sleep(100 * time.Millisecond)
		d.settle()
		if n := starts.Load(); n != 1 || r.Waiting() {
			t.Errorf("%d starts for a burst, waiting %v", n, r.Waiting())
		}
		for range 20 {
			r.Schedule(100*time.Millisecond, start)
			time.Sleep(50 * time.Millisecond)
			d.settle()
		}
		if n := starts.Load(); n < 3 {
			t.Errorf("%d starts in a second of changes; it was put off for ever", n)
		}
		r.Cancel()
		<-r.Idle()
		if most.Load() != 1 {
			t.Errorf("%d runs at once", most.Load())
		}
		g.Close(time.Second)
	})
}

// What a run wants to tell is given up when another takes its place, although the owner
// is busy and its queue still holds the message: it may be large.
func TestWhatNobodyWillHearIsGivenUp(t *testing.T) {
	var mu sync.Mutex
	var queue []func()
	g := NewGroup(func(f func()) {
		mu.Lock()
		defer mu.Unlock()
		queue = append(queue, f)
	})
	waiting := func() int {
		mu.Lock()
		defer mu.Unlock()
		return len(queue)
	}
	one := g.New()
	const runs = 20
	var alive atomic.Int32
	heard := 0
	for i := range runs { // the owner never comes to its queue
		Start(one, func(ctx context.Context, tell func(func())) (*[]byte, error) {
			large := make([]byte, 1<<20)
			alive.Add(1)
			runtime.AddCleanup(&large, func(int) { alive.Add(-1) }, i)
			tell(func() { heard += len(large) })
			return &large, nil
		}, func(large *[]byte, err error) { heard += len(*large) })
		for waiting() < 2*(i+1) {
			runtime.Gosched()
		}
	}
	for deadline := time.Now().Add(10 * time.Second); alive.Load() > 1 && time.Now().Before(deadline); {
		runtime.GC()
	}
	if n := alive.Load(); n > 1 {
		t.Errorf("%d of %d results are kept for nobody", n, runs)
	}
	for _, f := range queue {
		f()
	}
	if heard != 2<<20 {
		t.Errorf("heard %d bytes, want what the last run told and gave", heard)
	}
	g.Close(time.Second)
}
