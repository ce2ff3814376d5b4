package control

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"picasso/visualizers"
)

// costly takes as many seconds as its setting says, and twice that by what is
// known before it was learned.
type costly struct {
	*stepper
	learned atomic.Int32
}

func (c *costly) Preview(_ visualizers.Subject, v visualizers.Values) visualizers.Preview {
	p := visualizers.Preview{Passes: 10 * steps.In(v), Time: time.Duration(steps.In(v)) * time.Second * 4}
	if c.learned.Load() == 0 {
		p.Time *= 2
		p.Learn = func(ctx context.Context) error {
			err := wait(ctx, 500*time.Millisecond)
			if err == nil {
				c.learned.Add(1)
			}
			return err
		}
	}
	return p
}

func costlyDesk(t *testing.T, f func(d *desk, c *costly)) {
	bubble(t, func(d *desk) {
		c := &costly{stepper: d.first}
		d.state.Panels[0].Visualizer = c
		d.opened()
		d.q.pass(10 * time.Second)
		f(d, c)
	})
}

// TestLongRunIsAskedFor: a run that would take more than a minute starts when
// the user wants it, and needs no second asking.
func TestLongRunIsAskedFor(t *testing.T) {
	costlyDesk(t, func(d *desk, c *costly) {
		c.learned.Store(1)
		p := d.State().Panel()
		if p.Status != Ready || d.first.runs() != 1 {
			t.Fatalf("status %v after %d runs of 16 s, want one that started by itself", p.Status, d.first.runs())
		}
		_ = d.SetValue(0, "steps", 20)
		d.q.pass(time.Minute)
		if p.Status != Asking || d.first.runs() != 1 || !p.Stale || d.Busy() {
			t.Fatalf("status %v after %d runs, stale %v; want to be asked", p.Status, d.first.runs(), p.Stale)
		}
		if cost, ok := d.Cost(); !ok || cost.Time != 80*time.Second || !cost.Long() {
			t.Errorf("cost %+v", cost)
		}
		d.Run()
		d.q.pass(10 * time.Second)
		d.SelectTab(1)
		d.q.pass(time.Second)
		d.SelectTab(0)
		d.q.pass(30 * time.Second)
		if p.Status != Ready || d.first.runs() != 3 {
			t.Errorf("status %v after %d runs, want the one asked for, begun twice", p.Status, d.first.runs())
		}
		_ = d.SetValue(0, "steps", 21)
		d.q.pass(time.Minute)
		if p.Status != Asking {
			t.Errorf("status %v, want to be asked for another run", p.Status)
		}
		_ = d.SetValue(0, "steps", 5)
		d.q.pass(10 * time.Second)
		if p.Status != Ready || p.Stale {
			t.Errorf("status %v, want a short run to start by itself", p.Status)
		}
	})
}

// TestCostIsLearnedBeforeAsking: what full runs would take is no reason to ask
// while it is not known how copies will be scored.
func TestCostIsLearnedBeforeAsking(t *testing.T) {
	costlyDesk(t, func(d *desk, c *costly) {
		_ = d.SetValue(0, "steps", 12) // 96 s in full, 48 s as it turns out
		d.q.pass(200 * time.Millisecond)
		p := d.State().Panel()
		if p.Status != Waiting || !d.Busy() || c.learned.Load() != 0 {
			t.Fatalf("status %v, learned %d times", p.Status, c.learned.Load())
		}
		d.q.pass(20 * time.Second)
		if p.Status != Ready || c.learned.Load() != 1 || d.first.runs() != 2 {
			t.Errorf("status %v after %d runs, learned %d times", p.Status, d.first.runs(), c.learned.Load())
		}
	})
}

// TestStopEndsLearning: and the run behind it does not start.
func TestStopEndsLearning(t *testing.T) {
	costlyDesk(t, func(d *desk, c *costly) {
		_ = d.SetValue(0, "steps", 12)
		d.q.pass(200 * time.Millisecond)
		d.Controller.Stop()
		d.q.pass(time.Minute)
		if p := d.State().Panel(); p.Status != Stopped || c.learned.Load() != 0 || d.first.runs() != 1 {
			t.Errorf("status %v, learned %d times, %d runs", p.Status, c.learned.Load(), d.first.runs())
		}
	})
}
