package backend_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"picasso/backend"
	"picasso/backend/infer"
	"picasso/backend/onnx/zoo"
	"picasso/backend/ort/orttest"
	"picasso/backend/score"
)

// gradual is a runtime that asks before it opens a session of a gradient.
type gradual struct {
	infer.Runtime
	ask func(number int) error
	// hold, if it is not nil, is waited for besides; it gets the context of the opening.
	hold func(ctx context.Context) error

	mu     sync.Mutex
	opened int
}

func (g *gradual) Open(ctx context.Context, src infer.Source, opt infer.SessionOptions) (infer.Session, error) {
	if opt.Use == infer.Differentiating {
		g.mu.Lock()
		number := g.opened
		g.opened++
		g.mu.Unlock()
		if err := g.ask(number); err != nil {
			return nil, err
		}
		if g.hold != nil {
			if err := g.hold(ctx); err != nil {
				return nil, err
			}
		}
	}
	return g.Runtime.Open(ctx, src, opt)
}

func (g *gradual) count() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.opened
}

// graduallyOpened is a SqueezeNet whose gradient takes two sessions, and a picture.
func graduallyOpened(t *testing.T, g *gradual) (*backend.Model, []infer.Tensor) {
	t.Helper()
	path, err := zoo.File("squeezenet")
	if err != nil {
		t.Fatal(err)
	}
	g.Runtime = orttest.Runtime(t)
	m, err := backend.OpenModel(t.Context(), g, path, backend.ModelOptions{Provider: infer.CPU})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.Close() })
	return m, []infer.Tensor{m.Input.Pattern()}
}

// A session that cannot be opened fails the gradient that needs it, with the reason;
// the next gradient opens it, and is the one of a model that never failed.
func TestASessionOfAGradientThatFailedIsOpenedAgain(t *testing.T) {
	class := []score.Target{score.ClassTarget(3, score.Logit)}
	var want []float32
	for failing := -1; failing < 2; failing++ {
		g := &gradual{ask: func(number int) error {
			if number == failing {
				return errors.New("there is no room for it")
			}
			return nil
		}}
		m, x := graduallyOpened(t, g)
		got, err := m.Gradient(t.Context(), x, class)
		if failing >= 0 {
			if err == nil || !strings.Contains(err.Error(), "no room") {
				t.Fatalf("session %d: %v", failing, err)
			}
			got, err = m.Gradient(t.Context(), x, class)
		}
		if err != nil {
			t.Fatalf("session %d: %v", failing, err)
		}
		if failing < 0 {
			want = got[0][0].Data
		}
		if !slices.Equal(got[0][0].Data, want) {
			t.Errorf("session %d: the gradient is another one", failing)
		}
	}
}

// Whoever gives a gradient up while its sessions are opened does not wait for them, and
// they serve the next one.
func TestAGradientGivenUpWhileItIsOpened(t *testing.T) {
	begun, may := make(chan struct{}, 8), make(chan struct{})
	g := &gradual{ask: func(int) error {
		begun <- struct{}{}
		<-may
		return nil
	}}
	m, x := graduallyOpened(t, g)
	class := []score.Target{score.ClassTarget(3, score.Logit)}
	ctx, stop := context.WithCancel(t.Context())
	given := make(chan error, 1)
	go func() {
		_, err := m.Gradient(ctx, x, class)
		given <- err
	}()
	<-begun
	stop()
	if err := <-given; !errors.Is(err, context.Canceled) {
		t.Fatalf("%v", err)
	}
	close(may)
	if _, err := m.Gradient(t.Context(), x, class); err != nil {
		t.Fatal(err)
	}
	if n := g.count(); n != 2 {
		t.Errorf("%d sessions were opened, not 2", n)
	}
}

// What is foreseen serves the gradient, and is not opened again.
func TestAForeseenGradientOpensNothing(t *testing.T) {
	g := &gradual{ask: func(int) error { return nil }}
	m, x := graduallyOpened(t, g)
	target := score.ClassTarget(3, score.Logit)
	for range 2 {
		if err := m.Foresee(t.Context(), target); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := m.Gradient(t.Context(), x, []score.Target{target}); err != nil {
		t.Fatal(err)
	}
	if n := g.count(); n != 2 {
		t.Errorf("%d sessions were opened, not 2", n)
	}
}

// A gradient whose sessions are on their way when the model is closed says so.
func TestAModelThatIsClosedWhileItOpensAGradient(t *testing.T) {
	begun := make(chan struct{}, 8)
	g := &gradual{ask: func(int) error { return nil }, hold: func(ctx context.Context) error {
		begun <- struct{}{}
		<-ctx.Done()
		return ctx.Err()
	}}
	m, x := graduallyOpened(t, g)
	given := make(chan error, 1)
	go func() {
		_, err := m.Gradient(t.Context(), x, []score.Target{score.ClassTarget(3, score.Logit)})
		given <- err
	}()
	<-begun
	if err := m.Close(); err != nil {
		t.Error(err)
	}
	if err := <-given; !errors.Is(err, infer.ErrClosed) {
		t.Errorf("%v", err)
	}
}
