package infer

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
)

// heavy is a session that answers with its number and holds some bytes.
type heavy struct {
	number float32
	bytes  int64
	open   *atomic.Int64
	gone   atomic.Bool
	gate   chan struct{} // a run waits for it; nil for none
}

func (h *heavy) Inputs() []Port   { return []Port{{Name: "in"}} }
func (h *heavy) Outputs() []Port  { return []Port{{Name: "out"}} }
func (h *heavy) Provider() string { return "CPU" }
func (h *heavy) Held() int64      { return h.bytes }

func (h *heavy) Run(ctx context.Context, _ []Tensor) ([]Tensor, error) {
	if h.gate != nil {
		<-h.gate
	}
	if h.gone.Load() {
		return nil, errors.New("a closed session runs")
	}
	return []Tensor{{Shape: []int{1}, Data: []float32{h.number}}}, nil
}

func (h *heavy) Close() error {
	if h.gone.Swap(true) {
		return errors.New("closed twice")
	}
	h.open.Add(-1)
	return nil
}

// works is a pool with what its makers did.
type works struct {
	*Pool
	open, made atomic.Int64
}

func (w *works) session(t *testing.T, number float32, bytes int64, gate chan struct{}) Session {
	t.Helper()
	s, err := w.Open(t.Context(), func(context.Context) (Session, error) {
		w.open.Add(1)
		w.made.Add(1)
		return &heavy{number: number, bytes: bytes, open: &w.open, gate: gate}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func answers(t *testing.T, s Session, want float32) {
	t.Helper()
	out, err := s.Run(t.Context(), nil)
	if err != nil || out[0].Data[0] != want {
		t.Fatalf("got %v, %v; want %g", out, err, want)
	}
}

func TestPoolClosesTheLeastRecentlyUsed(t *testing.T) {
	w := &works{Pool: NewPool(3, 1000)}
	var all []Session
	for i := range 5 {
		all = append(all, w.session(t, float32(i), 1, nil))
	}
	if n, _ := w.Stats(); n != 3 || w.open.Load() != 3 {
		t.Fatalf("%d sessions in the pool, %d open", n, w.open.Load())
	}
	answers(t, all[2], 2) // 3 is now the one that was not used for longest
	answers(t, all[0], 0)
	if made := w.made.Load(); made != 6 {
		t.Errorf("made %d sessions, want the five and the first one again", made)
	}
	answers(t, all[2], 2)
	answers(t, all[4], 4)
	if made := w.made.Load(); made != 6 {
		t.Errorf("made %d sessions; 2 and 4 should have stayed open", made)
	}
}

func TestPoolIsBoundedInBytes(t *testing.T) {
	w := &works{Pool: NewPool(100, 100)}
	a, b := w.session(t, 1, 60, nil), w.session(t, 2, 60, nil)
	if n, bytes := w.Stats(); n != 1 || bytes != 60 {
		t.Errorf("%d sessions hold %d bytes", n, bytes)
	}
	for range 3 {
		answers(t, a, 1)
		answers(t, b, 2)
	}
	large := w.session(t, 3, 500, nil) // beyond the bound by itself
	answers(t, large, 3)
	if n, bytes := w.Stats(); n != 0 || bytes != 0 || w.open.Load() != 0 {
		t.Errorf("unused sessions of %d bytes stay open beyond the bound", bytes)
	}
}

func TestPoolLeavesWhatIsUsedAlone(t *testing.T) {
	w := &works{Pool: NewPool(1, 1000)}
	gate := make(chan struct{})
	busy := w.session(t, 1, 1, gate)
	done := make(chan error, 1)
	go func() {
		_, err := busy.Run(context.Background(), nil)
		done <- err
	}()
	for n, _ := w.Stats(); n == 0; n, _ = w.Stats() {
	}
	kept, err := RunKeep(t.Context(), w.session(t, 2, 1, nil), nil)
	if err != nil {
		t.Fatal(err)
	}
	_ = kept
	other := w.session(t, 3, 1, nil)
	answers(t, other, 3)
	close(gate)
	if err := <-done; err != nil {
		t.Errorf("a run was cut off: %v", err)
	}
}

func TestPoolKeepsSessionsWhoseOutputsAreKept(t *testing.T) {
	w := &works{Pool: NewPool(1, 1000)}
	a := w.session(t, 1, 1, nil)
	kept, err := RunKeep(t.Context(), a, nil)
	if err != nil {
		t.Fatal(err)
	}
	b := w.session(t, 2, 1, nil)
	answers(t, b, 2)
	made := w.made.Load()
	Recycle(a, kept)
	answers(t, a, 1)
	if w.made.Load() != made {
		t.Error("the session was closed while its outputs were kept")
	}
}

func TestPoolEnds(t *testing.T) {
	w := &works{Pool: NewPool(8, 1000)}
	a, b := w.session(t, 1, 1, nil), w.session(t, 2, 1, nil)
	if err := a.Close(); err != nil || w.open.Load() != 1 {
		t.Errorf("%v, %d sessions open", err, w.open.Load())
	}
	if err := a.Close(); err != nil {
		t.Errorf("closing again: %v", err)
	}
	if _, err := a.Run(t.Context(), nil); !errors.Is(err, ErrClosed) {
		t.Errorf("a closed session answers %v", err)
	}
	if err := w.Close(); err != nil || w.open.Load() != 0 {
		t.Errorf("%v, %d sessions open", err, w.open.Load())
	}
	if _, err := b.Run(t.Context(), nil); !errors.Is(err, ErrClosed) {
		t.Errorf("a session of a closed pool answers %v", err)
	}
	if _, err := w.Open(t.Context(), func(context.Context) (Session, error) {
		w.open.Add(1)
		return &heavy{open: &w.open}, nil
	}); !errors.Is(err, ErrClosed) || w.open.Load() != 0 {
		t.Errorf("a closed pool opens: %v", err)
	}
}

func TestPoolTellsWhySessionsCannotBeOpenedAgain(t *testing.T) {
	w := &works{Pool: NewPool(0, 1000)}
	fault := errors.New("the file has changed")
	var broken bool
	s, err := w.Open(t.Context(), func(context.Context) (Session, error) {
		if broken {
			return nil, fault
		}
		w.open.Add(1)
		return &heavy{number: 1, open: &w.open}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	answers(t, s, 1)
	broken = true
	if _, err := s.Run(t.Context(), nil); !errors.Is(err, fault) {
		t.Errorf("got %v", err)
	}
	broken = false
	answers(t, s, 1)
}

// TestPoolUnderManyHands runs sessions from many goroutines at once in a pool
// that has room for few of them; -race looks on.
func TestPoolUnderManyHands(t *testing.T) {
	w := &works{Pool: NewPool(2, 1000)}
	var all []Session
	for i := range 6 {
		all = append(all, w.session(t, float32(i), 1, nil))
	}
	var hands sync.WaitGroup
	errs := make(chan error, 8)
	for k := range 8 {
		hands.Go(func() {
			for i := range 200 {
				n := (i*7 + k*3) % len(all)
				out, err := all[n].Run(context.Background(), nil)
				if err == nil && out[0].Data[0] != float32(n) {
					err = fmt.Errorf("session %d answers %v", n, out)
				}
				if err != nil {
					errs <- err
					return
				}
			}
		})
	}
	hands.Wait()
	select {
	case err := <-errs:
		t.Fatal(err)
	default:
	}
	if n, _ := w.Stats(); n > 2 || w.open.Load() != int64(n) {
		t.Errorf("%d sessions in the pool, %d open", n, w.open.Load())
	}
	if err := w.Close(); err != nil || w.open.Load() != 0 {
		t.Errorf("%v, %d sessions open at the end", err, w.open.Load())
	}
}
