package infer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"picasso/backend/onnx"
)

// narrow is a session that computes sums per image, 2·x and x+1, and has
// memory for few images at a time.
type narrow struct {
	name string
	room int  // images that fit
	lump bool // add an output that is one number for the whole batch

	mu     sync.Mutex
	runs   []int // batch sizes that went well
	closed int
}

func (s *narrow) Inputs() []Port {
	return []Port{{Name: "x", Type: onnx.Float, Shape: []int{-1, 2}}, {Name: "k", Type: onnx.Float, Shape: []int{1}}}
}

func (s *narrow) Outputs() []Port { return []Port{{Name: "sum"}, {Name: "more"}} }

func (s *narrow) Provider() string { return s.name }

func (s *narrow) Close() error { s.closed++; return nil }

func (s *narrow) Run(ctx context.Context, in []Tensor) ([]Tensor, error) {
	n := in[0].Shape[0]
	if n > s.room {
		return nil, fmt.Errorf("batch of %d: %w", n, ErrOutOfMemory)
	}
	s.mu.Lock()
	s.runs = append(s.runs, n)
	s.mu.Unlock()
	sum, more := NewTensor(n, 1), NewTensor(n, 2)
	for i := range n {
		x := in[0].Slice(i).Data
		sum.Data[i] = x[0] + x[1] + in[1].Data[0]
		more.Data[2*i], more.Data[2*i+1] = 2*x[0], x[1]+1
	}
	if s.lump {
		more = Tensor{Shape: []int{1}, Data: []float32{float32(n)}}
	}
	return []Tensor{sum, more}, nil
}

func batch(n int) []Tensor {
	t := NewTensor(n, 2)
	for i := range t.Data {
		t.Data[i] = float32(i)*0.37 - 3
	}
	return []Tensor{t, {Shape: []int{1}, Data: []float32{100}}}
}

func same(a, b []Tensor) bool {
	return slices.EqualFunc(a, b, func(x, y Tensor) bool {
		return slices.Equal(x.Shape, y.Shape) && slices.Equal(x.Data, y.Data)
	})
}

func TestHalvingGivesTheNumbersOfTheWholeBatch(t *testing.T) {
	for n := 1; n <= 17; n++ {
		want, err := (&narrow{room: n}).Run(t.Context(), batch(n))
		if err != nil {
			t.Fatal(err)
		}
		for room := range n + 1 {
			cpu := &narrow{name: "CPU", room: n}
			h := Halving(&narrow{name: "GPU", room: room}, HalvingOptions{
				Fallback: func(context.Context) (Session, error) { return cpu, nil },
			})
			got, err := h.Run(t.Context(), batch(n))
			if err != nil {
				t.Fatalf("%d pictures with room for %d: %v", n, room, err)
			}
			if !same(got, want) {
				t.Fatalf("%d pictures with room for %d: %v, want %v", n, room, got, want)
			}
			if used := len(cpu.runs) > 0; used != (room == 0) {
				t.Fatalf("%d pictures with room for %d: fallback used is %v", n, room, used)
			}
		}
	}
}

func TestHalvingRemembersWhatFits(t *testing.T) {
	gpu := &narrow{name: "GPU", room: 3}
	var notices []string
	h := Halving(gpu, HalvingOptions{Notice: func(text string) { notices = append(notices, text) }})
	for range 3 {
		if _, err := h.Run(t.Context(), batch(8)); err != nil {
			t.Fatal(err)
		}
	}
	if want := []int{2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2}; !slices.Equal(gpu.runs, want) {
		t.Errorf("batches %v, want %v", gpu.runs, want)
	}
	if len(notices) != 2 { // to 4, to 2
		t.Errorf("notices %q", notices)
	}
}

func TestHalvingTurnsToTheFallbackForGood(t *testing.T) {
	gpu, cpu := &narrow{name: "GPU"}, &narrow{name: "CPU", room: 100}
	opened := 0
	var notices []string
	h := Halving(gpu, HalvingOptions{
		Fallback: func(context.Context) (Session, error) { opened++; return cpu, nil },
		Notice:   func(text string) { notices = append(notices, text) },
	})
	for range 2 {
		if _, err := h.Run(t.Context(), batch(4)); err != nil {
			t.Fatal(err)
		}
	}
	if opened != 1 || h.Provider() != "CPU" {
		t.Errorf("opened %d times, now on %s", opened, h.Provider())
	}
	if len(notices) != 3 || !strings.Contains(notices[2], "CPU") {
		t.Errorf("notices %q", notices)
	}
	if err := h.Close(); err != nil || gpu.closed != 1 || cpu.closed != 1 {
		t.Errorf("closed %d and %d times, %v", gpu.closed, cpu.closed, err)
	}
}

func TestHalvingKeepsBatchesWholeThatCannotBeSplit(t *testing.T) {
	h := Halving(&narrow{name: "GPU", room: 2, lump: true}, HalvingOptions{
		Fallback: func(context.Context) (Session, error) { return &narrow{name: "CPU", room: 9, lump: true}, nil },
	})
	got, err := h.Run(t.Context(), batch(4))
	if err != nil {
		t.Fatal(err)
	}
	if got[1].Data[0] != 4 {
		t.Errorf("the output for the whole batch says %v pictures", got[1].Data)
	}
}

func TestHalvingReportsWhatItCannotMend(t *testing.T) {
	broken := errors.New("no CPU either")
	for name, h := range map[string]Session{
		"no fallback":     Halving(&narrow{name: "GPU"}, HalvingOptions{}),
		"broken fallback": Halving(&narrow{name: "GPU"}, HalvingOptions{Fallback: func(context.Context) (Session, error) { return nil, broken }}),
	} {
		if _, err := h.Run(t.Context(), batch(4)); !errors.Is(err, ErrOutOfMemory) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestHalvingIsSafeForConcurrentUse(t *testing.T) {
	h := Halving(&narrow{name: "GPU", room: 3}, HalvingOptions{})
	want, _ := (&narrow{room: 11}).Run(t.Context(), batch(11))
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			if got, err := h.Run(t.Context(), batch(11)); err != nil || !same(got, want) {
				t.Errorf("%v, %v", got, err)
			}
		})
	}
	group.Wait()
}

// gate is a session whose runs wait, counting how many are inside.
type gate struct {
	narrow
	inside, most atomic.Int32
	enter, leave chan struct{}
}

func (g *gate) Run(ctx context.Context, in []Tensor) ([]Tensor, error) {
	now := g.inside.Add(1)
	defer g.inside.Add(-1)
	for most := g.most.Load(); now > most && !g.most.CompareAndSwap(most, now); most = g.most.Load() {
	}
	g.enter <- struct{}{}
	<-g.leave
	return nil, nil
}

func TestLimitedRunsFewAtOnce(t *testing.T) {
	g := &gate{enter: make(chan struct{}, 9), leave: make(chan struct{})}
	s := Limited(g, 2)
	var group sync.WaitGroup
	for range 6 {
		group.Go(func() {
			if _, err := s.Run(t.Context(), nil); err != nil {
				t.Error(err)
			}
		})
	}
	for range 6 {
		<-g.enter
		if len(g.enter) == 0 && g.inside.Load() < 2 {
			continue // the second has not come in yet
		}
		g.leave <- struct{}{}
	}
	close(g.leave)
	group.Wait()
	if most := g.most.Load(); most > 2 {
		t.Errorf("%d runs at once", most)
	}
}

func TestLimitedStopsWaitingWithItsContext(t *testing.T) {
	g := &gate{enter: make(chan struct{}, 1), leave: make(chan struct{})}
	s := Limited(g, 1)
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _ = s.Run(context.Background(), nil)
	}()
	<-g.enter
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Run(ctx, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("waiting run ended with %v", err)
	}
	close(g.leave)
	<-done
}
