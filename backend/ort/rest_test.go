//go:build cgo

package ort

import (
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestRestWaitsForAPause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var pauses, tidied atomic.Int32
		r := newRest(func() { pauses.Add(1) }, func(map[*session]bool) { tidied.Add(1) })
		first, second := r.begin(nil), r.begin(nil)
		first()
		time.Sleep(2 * resting)
		synctest.Wait()
		if n := pauses.Load(); n != 0 {
			t.Errorf("%d pauses while something runs", n)
		}
		second()
		time.Sleep(resting / 2)
		r.begin(nil)()
		time.Sleep(resting * 3 / 4)
		synctest.Wait()
		if n := pauses.Load(); n != 0 {
			t.Errorf("%d pauses although something ran lately", n)
		}
		time.Sleep(10 * resting)
		synctest.Wait()
		if n := pauses.Load(); n != 1 {
			t.Errorf("%d pauses, want one: who rests does not wake again", n)
		}
		if n := tidied.Load(); n != 1 {
			t.Errorf("tidied %d times, want once, after the first two runs", n)
		}
		r.begin(nil)()
		r.stop()
		r.begin(nil)()
		time.Sleep(2 * resting)
		synctest.Wait()
		if n := pauses.Load(); n != 1 {
			t.Errorf("%d pauses, one of them after the end", n)
		}
	})
}

// TestRestTidiesWhereWorkChanges: the memory of sessions that go on running stays.
func TestRestTidiesWhereWorkChanges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var tidied atomic.Int32
		r := newRest(func() {}, func(map[*session]bool) { tidied.Add(1) })
		work := func(sessions ...*session) {
			for range 20 {
				for _, s := range sessions {
					r.begin(s)()
				}
				time.Sleep(tidying / 2)
			}
			synctest.Wait()
		}
		whole, part := new(session), new(session)
		for _, c := range []struct {
			what string
			work []*session
			want int32 // in all
		}{
			{"the first session", []*session{whole}, 1},
			{"a second one beside it", []*session{whole, part}, 2},
			{"both in another order", []*session{part, whole}, 2},
			{"the first one alone", []*session{whole}, 3},
			{"the second one instead, after a time with both", []*session{part}, 5},
		} {
			if work(c.work...); tidied.Load() != c.want {
				t.Errorf("%s: tidied %d times by then, want %d", c.what, tidied.Load(), c.want)
			}
		}
	})
}
