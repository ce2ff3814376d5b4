package control

import (
	"context"
	"errors"
	"picasso/backend/score"
	"testing"
	"testing/synctest"
	"time"

	"picasso/ui/control/task"
)

// bubble runs a test in virtual time with a controller that is closed at the
// end; a goroutine left behind fails the test.
func bubble(t *testing.T, f func(d *desk)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		f(d)
		d.q.settle()
		d.Close()
	})
}

func TestPictureIsExplainedByItself(t *testing.T) {
	bubble(t, func(d *desk) {
		d.opened()
		d.q.pass(10 * time.Second)
		p := d.State().Panel()
		if p.Status != Ready || p.Stale || value(p) != 4 && p.Result.Patches == nil {
			t.Fatalf("panel: status %v, stale %v, map %v", p.Status, p.Stale, value(p))
		}
		if d.State().Target.Class != 0 {
			t.Errorf("explains class %d, want the best one, 0", d.State().Target.Class)
		}
		if got := d.State().Images[0].Best; len(got) != 2 || got[0].Name != "white" {
			t.Errorf("picture list says %v", got)
		}
	})
}

func TestBurstOfChangesIsOneRun(t *testing.T) {
	bubble(t, func(d *desk) {
		d.opened()
		d.q.pass(10 * time.Second)
		for i := 5; i < 15; i++ {
			if err := d.SetValue(0, "steps", i); err != nil {
				t.Fatal(err)
			}
			d.q.pass(10 * time.Millisecond)
		}
		d.q.pass(30 * time.Second)
		if d.first.runs() != 2 {
			t.Fatalf("%d runs, want the first one and one for the burst", d.first.runs())
		}
		if got := d.first.starts[1].Values["steps"]; got != 14 {
			t.Errorf("ran with steps=%v, want the newest value 14", got)
		}
	})
}

func TestEndlessDragStillShowsMaps(t *testing.T) {
	bubble(t, func(d *desk) {
		d.opened()
		d.q.pass(10 * time.Second)
		for i := range 40 {
			_ = d.SetValue(0, "steps", 5+i)
			d.q.pass(50 * time.Millisecond)
		}
		if n := d.first.runs(); n < 3 || n > 8 {
			t.Errorf("%d runs in 2 s of dragging, want one about every 0.4 s", n)
		}
	})
}

func TestNewestWins(t *testing.T) {
	bubble(t, func(d *desk) {
		d.opened()
		d.q.pass(1500 * time.Millisecond) // one partial result is there
		if got := d.State().Panel().Progress; got.Passes != 10 || got.Done != 0.25 {
			t.Fatalf("progress %+v, want 10 passes, a quarter done", got)
		}
		_ = d.SetValue(0, "steps", 10)
		if p := d.State().Panel(); !p.Stale || p.Status != Waiting {
			t.Errorf("after a change: stale %v status %v, want a stale map that waits", p.Stale, p.Status)
		}
		d.q.pass(1200 * time.Millisecond)
		p := d.State().Panel()
		if p.Stale || p.Progress.Done != 0.1 {
			t.Errorf("stale %v, done %v, want the new run's first tenth", p.Stale, p.Progress.Done)
		}
	})
}

func TestStaleDeliveryIsDropped(t *testing.T) {
	bubble(t, func(d *desk) {
		d.opened()
		time.Sleep(1100 * time.Millisecond)
		synctest.Wait() // a partial result waits in the queue
		d.Controller.Stop()
		d.q.settle()
		if p := d.State().Panel(); p.Result != nil || p.Status != Stopped {
			t.Errorf("a result came through after Stop: %v, status %v", p.Result, p.Status)
		}
	})
}

func TestStopKeepsThePartialResult(t *testing.T) {
	bubble(t, func(d *desk) {
		d.opened()
		d.q.pass(2500 * time.Millisecond)
		d.Controller.Stop()
		before := len(d.view.events)
		d.q.pass(20 * time.Second)
		p := d.State().Panel()
		if p.Status != Stopped || p.Result == nil || p.Result.Done != 0.5 || p.Stale {
			t.Errorf("status %v result %+v", p.Status, p.Result)
		}
		if len(d.view.events) != before || d.State().Notice != nil {
			t.Errorf("Stop was not silent: %v, notice %v", d.view.events[before:], d.State().Notice)
		}
	})
}

func TestSlowViewGetsOnlyTheNewestPartial(t *testing.T) {
	bubble(t, func(d *desk) {
		d.opened()
		before := d.view.count(PanelChanged)
		time.Sleep(3500 * time.Millisecond) // three partial results, nobody looks
		d.q.settle()
		if n := d.view.count(PanelChanged) - before; n != 1 {
			t.Errorf("%d deliveries, want one", n)
		}
		if got := d.State().Panel().Progress.Done; got != 0.75 {
			t.Errorf("done %v, want the newest, 0.75", got)
		}
	})
}

func TestRetargetFromEvidenceDoesNotRun(t *testing.T) {
	bubble(t, func(d *desk) {
		d.opened()
		d.q.pass(10 * time.Second)
		d.SetTarget(1, score.NoClass)
		p := d.State().Panel()
		if p.Status != Ready || p.Stale || p.Map == nil || p.Map.Target.Class != 1 {
			t.Fatalf("not at once: status %v stale %v map %+v", p.Status, p.Stale, p.Map)
		}
		d.q.pass(10 * time.Second)
		if d.first.runs() != 1 {
			t.Errorf("%d runs, want 1", d.first.runs())
		}
		d.SelectTab(1) // holds no evidence: has to run, for the chosen class
		d.q.pass(10 * time.Second)
		if d.second.runs() != 1 || d.second.starts[0].Targets[0].Class != 1 {
			t.Errorf("second tab ran %d times for %+v", d.second.runs(), d.second.starts)
		}
		d.FollowBest()
		d.q.pass(10 * time.Second)
		if d.second.runs() != 2 || d.State().Target.Class != 0 {
			t.Errorf("following the best class: %d runs, class %d", d.second.runs(), d.State().Target.Class)
		}
	})
}

func TestRetargetWhileRunningKeepsTheRun(t *testing.T) {
	bubble(t, func(d *desk) {
		d.opened()
		d.q.pass(1500 * time.Millisecond)
		d.SetTarget(1, score.NoClass)
		d.q.pass(10 * time.Second)
		if p := d.State().Panel(); d.first.runs() != 1 || p.Status != Ready || p.Map.Target.Class != 1 {
			t.Errorf("%d runs, status %v, map for class %d", d.first.runs(), p.Status, p.Map.Target.Class)
		}
	})
}

func TestKnownResultsComeBackAtOnce(t *testing.T) {
	bubble(t, func(d *desk) {
		d.opened()
		d.q.pass(10 * time.Second)
		d.AddPicture(grey("black", 10))
		d.q.pass(10 * time.Second)
		d.Select(0)
		if p := d.State().Panel(); p.Status != Ready || p.Stale || d.first.runs() != 2 {
			t.Errorf("going back: status %v stale %v runs %d", p.Status, p.Stale, d.first.runs())
		}
		d.SelectTab(1)
		d.q.pass(10 * time.Second)
		d.SelectTab(0)
		if p := d.State().Panel(); p.Status != Ready || d.first.runs() != 2 {
			t.Errorf("tab back: status %v, runs %d", p.Status, d.first.runs())
		}
	})
}

func TestDisplayNeverRuns(t *testing.T) {
	bubble(t, func(d *desk) {
		d.opened()
		d.q.pass(10 * time.Second)
		calls := d.models["m.onnx"].calls.Load()
		look := d.State().Panel().Display
		look.Opacity, look.Sign = 0.3, "positive"
		d.SetDisplay(0, look)
		d.q.pass(10 * time.Second)
		if d.first.runs() != 1 || d.models["m.onnx"].calls.Load() != calls {
			t.Error("a display change ran the model")
		}
		if d.view.count(DisplayChanged) != 1 || d.State().Panel().Display != look {
			t.Error("the display change was not told")
		}
	})
}

func TestFailureAndCrashAreTold(t *testing.T) {
	bubble(t, func(d *desk) {
		d.first.fail = errors.New("no gradient for operator Loop")
		d.second.crash = true
		d.opened()
		d.q.pass(10 * time.Second)
		if p := d.State().Panel(); p.Status != Failed || p.Err == nil {
			t.Errorf("status %v err %v", p.Status, p.Err)
		}
		d.SelectTab(1)
		d.q.pass(time.Second)
		var crash *task.Crash
		if p := d.State().Panel(); p.Status != Failed || !errors.As(p.Err, &crash) || crash.Stack == "" {
			t.Errorf("a panic came out as %v (%v)", p.Status, p.Err)
		}
	})
}

func TestFailedOpenKeepsTheOldModel(t *testing.T) {
	bubble(t, func(d *desk) {
		d.opened()
		d.Open("bad.onnx")
		d.q.pass(5 * time.Second)
		s := d.State()
		if s.Model == nil || s.About.Name != "m.onnx" || s.Opening != nil {
			t.Errorf("model %v, opening %v", s.About.Name, s.Opening)
		}
		if s.Notice == nil || s.Notice.Doing != "open bad.onnx" {
			t.Errorf("notice %+v", s.Notice)
		}
	})
}

func TestNewModelReplacesAndClosesTheOld(t *testing.T) {
	bubble(t, func(d *desk) {
		d.opened()
		d.q.pass(1500 * time.Millisecond) // a run is under way
		d.Open("logits.onnx")
		d.q.pass(20 * time.Second)
		if !d.models["m.onnx"].closed.Load() {
			t.Error("the old model was not closed")
		}
		s := d.State()
		if s.About.Name != "logits.onnx" || s.Panel().Status != Ready || s.Panel().Stale {
			t.Errorf("model %s, status %v", s.About.Name, s.Panel().Status)
		}
		if got := d.Settings().Recent; len(got) != 2 || got[0] != "logits.onnx" {
			t.Errorf("recent models %v", got)
		}
		d.SetScore(score.Logit)
		if s.Target.Score != score.Logit || s.Panel().Map == nil {
			t.Errorf("score %v", s.Target.Score)
		}
	})
}

func TestOnlyTheLastOpenCounts(t *testing.T) {
	bubble(t, func(d *desk) {
		d.Open("a.onnx")
		d.q.pass(500 * time.Millisecond)
		d.Open("b.onnx")
		d.q.pass(5 * time.Second)
		if d.State().About.Name != "b.onnx" || d.models["a.onnx"] != nil {
			t.Errorf("open is %q; a was opened: %v", d.State().About.Name, d.models["a.onnx"] != nil)
		}
		d.Open("c.onnx")
		d.CancelOpening()
		d.q.pass(5 * time.Second)
		if d.State().About.Name != "b.onnx" || d.State().Notice != nil {
			t.Errorf("cancelled: %q, notice %v", d.State().About.Name, d.State().Notice)
		}
	})
}

func TestCloseCancelsEverything(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		d.opened()
		d.AddPicture(grey("more", 20))
		d.q.pass(1500 * time.Millisecond)
		m := d.models["m.onnx"]
		start := time.Now()
		d.Close()
		if spent := time.Since(start); spent > 100*time.Millisecond {
			t.Errorf("closing took %v", spent)
		}
		if !m.closed.Load() {
			t.Error("the model stayed open")
		}
	})
}

func TestNothingIsToldOfNoError(t *testing.T) {
	bubble(t, func(d *desk) {
		d.Tell("start", nil)
		if d.State().Notice != nil {
			t.Errorf("notice %+v", d.State().Notice)
		}
	})
}

func TestCloseDoesNotWaitForEver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		d.openModel = func(context.Context, string, OpenOptions, func(string)) (Model, error) {
			time.Sleep(time.Minute) // a runtime that does not listen
			return nil, errors.New("too late")
		}
		d.Open("slow.onnx")
		d.q.settle()
		start := time.Now()
		d.Close()
		if spent := time.Since(start); spent != patience {
			t.Errorf("closing took %v", spent)
		}
		time.Sleep(2 * time.Minute) // let the test's goroutine end
	})
}

// What comes before the first result has a progress line of its own, and can be
// stopped.
func TestPreparationIsToldAndStopped(t *testing.T) {
	bubble(t, func(d *desk) {
		d.first.prepare = time.Minute
		d.opened()
		d.q.pass(10 * time.Second)
		p := d.State().Panel()
		if p.Status != Running || p.Progress != (Progress{Stage: "preparing the gradient: 64 of 640 nodes", Done: 0.1}) {
			t.Fatalf("status %v, progress %+v", p.Status, p.Progress)
		}
		d.Controller.Stop()
		d.q.pass(time.Second)
		if p.Status != Stopped || d.Busy() {
			t.Errorf("status %v after Stop", p.Status)
		}
		d.Rerun()
		d.q.pass(2 * time.Minute)
		if p.Status != Ready || p.Progress.Passes == 0 {
			t.Errorf("status %v, progress %+v", p.Status, p.Progress)
		}
	})
}
