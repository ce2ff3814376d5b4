package control

import (
	"testing"
	"time"
)

// dragged moves the slider of the first panel from value to value, one every
// interval.
func (d *desk) dragged(interval time.Duration, from, to int) {
	for i := from; i <= to; i++ {
		d.Move()
		if err := d.SetValue(0, "steps", i); err != nil {
			d.t.Fatal(err)
		}
		d.q.pass(interval)
	}
}

// TestDragShowsFirstMaps: a run that starts while the slider moves stops after
// its first map, and goes on by itself when the slider is let go.
func TestDragShowsFirstMaps(t *testing.T) {
	bubble(t, func(d *desk) {
		d.opened()
		d.q.pass(10 * time.Second)
		d.dragged(250*time.Millisecond, 20, 26) // never rests, but runs start
		if n := d.first.runs(); n != 8 {
			t.Fatalf("%d runs, want the first one and one for each of 7 values", n)
		}
		for range 10 { // moves on within one value
			d.Move()
			d.q.pass(250 * time.Millisecond)
		}
		p := d.State().Panel()
		if p.Status != Running || p.Progress.Passes != 10 || p.Stale {
			t.Fatalf("while dragging: status %v, %d passes, stale %v; want the first map", p.Status, p.Progress.Passes, p.Stale)
		}
		d.Rest()
		d.q.pass(3100 * time.Millisecond)
		if p.Progress.Passes != 40 || p.Progress.Rate < 9 || p.Progress.Rate > 11 {
			t.Errorf("after 3 s at rest: %+v, want 40 passes at 10/s", p.Progress)
		}
		d.q.pass(30 * time.Second)
		if p.Status != Ready || d.first.runs() != 8 || p.Result.Done != 1 {
			t.Errorf("status %v after %d runs, done %g; want the same run to finish", p.Status, d.first.runs(), p.Result.Done)
		}
	})
}

// TestStandingHandRests: a slider that is held but not moved counts as rest.
func TestStandingHandRests(t *testing.T) {
	bubble(t, func(d *desk) {
		d.opened()
		d.q.pass(10 * time.Second)
		d.dragged(10*time.Millisecond, 5, 9)
		d.q.pass(30 * time.Second)
		p := d.State().Panel()
		if p.Status != Ready || d.first.runs() != 3 {
			t.Errorf("status %v after %d runs, want one for the first move and one for the last, which finished", p.Status, d.first.runs())
		}
		if d.first.starts[2].Values["steps"] != 9 {
			t.Errorf("ran with %v, want the newest value", d.first.starts[2].Values)
		}
		d.Rest() // the hand leaves at last
		d.q.pass(time.Second)
		if d.first.runs() != 3 {
			t.Error("letting go ran it again")
		}
	})
}

// TestFirstMoveIsAnsweredAtOnce: the first move of a slider at rest does not wait for
// a second one, later moves do, and so does a first move while something runs.
func TestFirstMoveIsAnsweredAtOnce(t *testing.T) {
	bubble(t, func(d *desk) {
		d.opened()
		d.q.pass(60 * time.Second)
		before := d.first.runs()
		d.dragged(time.Millisecond, 5, 5)
		if n := d.first.runs() - before; n != 1 {
			t.Errorf("%d runs a millisecond after the first move", n)
		}
		d.dragged(time.Millisecond, 6, 7)
		if n := d.first.runs() - before; n != 1 {
			t.Errorf("%d runs; later moves of the same hand should wait for each other", n)
		}
		d.Rest()
		d.q.pass(200 * time.Millisecond)
		before = d.first.runs()
		d.dragged(time.Millisecond, 8, 8)
		if n := d.first.runs() - before; n != 0 || d.State().Panel().Status != Waiting {
			t.Errorf("%d runs at once although another was under way", n)
		}
	})
}

// TestNewestWinsOverAWaitingRun: a run that waits for the hand ends when the
// next value starts another, and when the program stops it.
func TestNewestWinsOverAWaitingRun(t *testing.T) {
	bubble(t, func(d *desk) {
		d.opened()
		d.q.pass(10 * time.Second)
		d.dragged(1200*time.Millisecond, 20, 20)
		d.Move()
		d.q.pass(250 * time.Millisecond)
		d.dragged(250*time.Millisecond, 21, 21)
		d.q.pass(250 * time.Millisecond)
		d.Controller.Stop()
		d.q.pass(time.Second)
		if p := d.State().Panel(); p.Status != Stopped {
			t.Errorf("status %v, want a stopped run", p.Status)
		}
	})
}
