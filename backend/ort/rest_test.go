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
		r := newRest(func() { pauses.Add(1) }, func() { tidied.Add(1) })
		first, second := r.begin(), r.begin()
		first()
		time.Sleep(2 * resting)
		synctest.Wait()
		if n := pauses.Load(); n != 0 {
			t.Errorf("%d pauses while something runs", n)
		}
		second()
		time.Sleep(resting / 2)
		r.begin()()
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
		r.begin()()
		r.stop()
		r.begin()()
		time.Sleep(2 * resting)
		synctest.Wait()
		if n := pauses.Load(); n != 1 {
			t.Errorf("%d pauses, one of them after the end", n)
		}
	})
}
