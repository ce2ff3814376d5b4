package repose

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

// window is a loop in the toolkit's place, which counts what it is given to do.
type window struct {
	*Loop
	given  chan func()
	event  chan bool // of the system; the loop's sleep ends
	asleep time.Duration
	naps   int
}

func newWindow(ctx context.Context, busy func() bool) *window {
	w := &window{given: make(chan func(), 10), event: make(chan bool, 1)}
	w.Loop = &Loop{
		wait: func(d time.Duration) {
			begun := time.Now()
			select {
			case <-w.event:
			case <-time.After(d):
			case <-ctx.Done():
			}
			w.asleep += time.Since(begun)
			w.naps++
		},
		wake: func() { w.event <- true },
	}
	go func() {
		for {
			select {
			case f := <-w.given:
				f()
			case <-ctx.Done():
				return
			}
		}
	}()
	go w.Run(ctx, w.queue, busy)
	return w
}

func (w *window) queue(f func()) { w.given <- f }

func TestALoopAtRestSleeps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		w := newWindow(ctx, func() bool { return false })
		time.Sleep(lively + 10*(nap+breath) - breath/2)
		synctest.Wait()
		if w.naps != 10 || w.asleep != 10*nap {
			t.Errorf("%d naps, %v asleep", w.naps, w.asleep)
		}
	})
}

func TestALoopWakesForWhatItIsGiven(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		w := newWindow(ctx, func() bool { return false })
		w.Wake() // it does not sleep yet, and no event waits for it later
		time.Sleep(lively + nap/2)
		synctest.Wait()
		begun, done := time.Now(), make(chan time.Duration, 1)
		w.queue(func() { done <- time.Since(begun) })
		w.Wake()
		if late := <-done; late != 0 {
			t.Errorf("what the loop is given in its sleep waits for %v", late)
		}
		time.Sleep(breath + nap + breath/2)
		synctest.Wait()
		if w.naps != 2 {
			t.Errorf("%d naps, the second one a breath after the first", w.naps)
		}
	})
}

func TestALoopStaysAwakeAfterInput(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		w := newWindow(ctx, func() bool { return false })
		time.Sleep(lively + nap/2)
		w.event <- true
		time.Sleep(lively - breath)
		synctest.Wait()
		if w.naps != 1 {
			t.Errorf("%d naps: what was pressed may move, and the loop sleeps", w.naps)
		}
		time.Sleep(nap + 2*breath)
		synctest.Wait()
		if w.naps != 2 {
			t.Errorf("%d naps after the pause", w.naps)
		}
	})
}

func TestABusyLoopDoesNotSleep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		w := newWindow(ctx, func() bool { return true })
		time.Sleep(10 * lively)
		synctest.Wait()
		if w.naps != 0 {
			t.Errorf("%d naps at work", w.naps)
		}
	})
}
