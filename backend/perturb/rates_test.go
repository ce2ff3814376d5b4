package perturb

import (
	"testing"
	"time"
)

// TestEstimates: nothing measured gives no time; then full runs bound it, the
// counted share lowers it, and what was measured replaces what was counted.
func TestEstimates(t *testing.T) {
	var r Rates
	window := Size{1, 32, 32}
	class := classOf(window)
	ask := func(engine Engine, want Estimate) {
		t.Helper()
		if got := r.Copies(window, 100, engine, false); got != want {
			t.Errorf("%s: %+v, want %+v", engine, got, want)
		}
	}
	ask(AutoEngine, Estimate{Engine: PlainEngine, Bound: true})
	r.Note(PlainEngine, Size{}, 10, time.Second)
	ask(PlainEngine, Estimate{Engine: PlainEngine, Time: 10 * time.Second})
	ask(AutoEngine, Estimate{Engine: PlainEngine, Time: 10 * time.Second, Bound: true})
	if got := r.Gradients(2); got != 600*time.Millisecond {
		t.Errorf("two gradients: %v", got)
	}
	r.plan(class, planned{gain: 4, bytes: 1000})
	ask(AutoEngine, Estimate{Engine: IncrementalEngine, Time: 2500 * time.Millisecond, Counted: true, Bytes: 1000})
	r.Note(IncrementalEngine, class, 10, 200*time.Millisecond)
	ask(IncrementalEngine, Estimate{Engine: IncrementalEngine, Time: 2 * time.Second, Bytes: 1000})
	r.plan(class, planned{gain: 1.1})
	ask(AutoEngine, Estimate{Engine: PlainEngine, Time: 10 * time.Second})
	r.plan(class, planned{gain: 1})
	ask(IncrementalEngine, Estimate{Engine: PlainEngine, Time: 10 * time.Second})
	for range 100 { // the machine got slower
		r.Note(PlainEngine, Size{}, 64, 64*time.Second)
	}
	if got := r.Copies(window, 1, PlainEngine, false).Time; got < 990*time.Millisecond || got > time.Second {
		t.Errorf("a copy takes %v, want about the latest second", got)
	}
}

// TestOpeningIsPutOffUntilItWouldHavePaid: a single map never waits for
// sessions that take longer than they save, a series of maps gets them.
func TestOpeningIsPutOffUntilItWouldHavePaid(t *testing.T) {
	r := &Rates{}
	class := Size{1, 32, 32}
	r.Note(PlainEngine, Size{}, 10, 10*5*time.Millisecond)
	r.opened(100, 400*time.Millisecond) // 80 full runs
	r.plan(class, planned{gain: 2, unopened: 100})
	for i, want := range []bool{false, true} { // 100 copies save 50 runs
		if r.take(class, 100) != want {
			t.Errorf("map %d: open %v", i, !want)
		}
	}
	r.plan(class, planned{gain: 2})
	if !r.take(class, 10) {
		t.Error("sessions that are open are not used")
	}
	small := Size{1, 8, 8}
	r.plan(small, planned{gain: 4, unopened: 100})
	if !r.take(small, 400) {
		t.Error("a map that is worth its sessions does not get them")
	}
}

// TestPlanningIsPutOffUntilItIsCheap: a model of many nodes whose runs are short is
// not examined for a single map, but for a series of them; one whose runs are long
// is at once, and what is known needs no time.
func TestPlanningIsPutOffUntilItIsCheap(t *testing.T) {
	const nodes = 100 // 50 ms, a twentieth of 1 s
	class := Size{1, 32, 32}
	r := &Rates{}
	r.Note(PlainEngine, Size{}, 10, 10*time.Millisecond)
	for i, want := range []bool{false, false, true} {
		if r.worthPlanning(class, 400, nodes) != want {
			t.Errorf("map %d of 0.4 s: examined %v", i, !want)
		}
	}
	r.plan(class, planned{gain: 1})
	if !r.worthPlanning(class, 1, nodes) {
		t.Error("what is planned is planned again")
	}
	r = &Rates{}
	r.Note(PlainEngine, Size{}, 10, 10*10*time.Millisecond)
	if !r.worthPlanning(class, 100, nodes) {
		t.Error("a map of 1 s is not examined")
	}
}
