package backend

import (
	"context"
	"image"
	"testing"
	"time"
)

// onCPU is a model that nobody runs.
func onCPU() *Model { return &Model{main: &forward{session: idle("CPU")}} }

type idle string

func (idle) Inputs() []Port                                  { return nil }
func (idle) Outputs() []Port                                 { return nil }
func (i idle) Provider() string                              { return string(i) }
func (idle) Close() error                                    { return nil }
func (idle) Run(context.Context, []Tensor) ([]Tensor, error) { return nil, nil }

// TestEstimates: nothing measured gives no time; then full runs bound it, the
// counted share lowers it, and what was measured replaces what was counted.
func TestEstimates(t *testing.T) {
	m, window := onCPU(), image.Pt(32, 32)
	class := classOf(window)
	ask := func(engine Engine, want Estimate) {
		t.Helper()
		if got := m.EstimateCopies(window, 100, engine); got != want {
			t.Errorf("%s: %+v, want %+v", engine, got, want)
		}
	}
	ask(AutoEngine, Estimate{Engine: PlainEngine, Bound: true})
	m.rates.note(PlainEngine, image.Point{}, 10, time.Second)
	ask(PlainEngine, Estimate{Engine: PlainEngine, Time: 10 * time.Second})
	ask(AutoEngine, Estimate{Engine: PlainEngine, Time: 10 * time.Second, Bound: true})
	if got := m.EstimateGradients(2); got != 600*time.Millisecond {
		t.Errorf("two gradients: %v", got)
	}
	m.rates.plan(class, planned{gain: 4, bytes: 1000})
	ask(AutoEngine, Estimate{Engine: IncrementalEngine, Time: 2500 * time.Millisecond, Counted: true, Bytes: 1000})
	m.rates.note(IncrementalEngine, class, 10, 200*time.Millisecond)
	ask(IncrementalEngine, Estimate{Engine: IncrementalEngine, Time: 2 * time.Second, Bytes: 1000})
	m.rates.plan(class, planned{gain: 1.1})
	ask(AutoEngine, Estimate{Engine: PlainEngine, Time: 10 * time.Second})
	m.rates.plan(class, planned{gain: 1})
	ask(IncrementalEngine, Estimate{Engine: PlainEngine, Time: 10 * time.Second})
	for range 100 { // the machine got slower
		m.rates.note(PlainEngine, image.Point{}, 64, 64*time.Second)
	}
	if got := m.EstimateCopies(window, 1, PlainEngine).Time; got < 990*time.Millisecond || got > time.Second {
		t.Errorf("a copy takes %v, want about the latest second", got)
	}
}
