package fake_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"picasso/backend/fake"
	"picasso/backend/infer"
	"picasso/backend/score"
)

func TestCornerSeesOnlyItsPixels(t *testing.T) {
	s := fake.Corner(1, 2, 3)
	x := infer.Tensor{Shape: []int{1, 2, 3}, Data: []float32{5, 1, 1, 1, 1, 7}}
	got, err := s.Predict(t.Context(), []infer.Tensor{x, x})
	if err != nil {
		t.Fatal(err)
	}
	if want := []float32{5, 7}; !slices.Equal(got[1].Logits, want) || !slices.Equal(got[1].Probabilities, want) {
		t.Errorf("got %v, want %v", got[1], want)
	}
	if s.Runs() != 1 || s.Images() != 2 {
		t.Errorf("counted %d runs and %d pictures, want 1 and 2", s.Runs(), s.Images())
	}
}

func TestSlowEndsWithItsContext(t *testing.T) {
	started := make(chan struct{}, 1)
	s := fake.Slow(fake.Corner(1, 1, 1), nil, started)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		_, err := s.Predict(ctx, []infer.Tensor{infer.NewTensor(1, 1, 1)})
		done <- err
	}()
	<-started
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want the context's error", err)
	}
}

func TestFailingFailsFromTheGivenRunOn(t *testing.T) {
	wrong := errors.New("wrong")
	s := fake.Failing(fake.Corner(1, 1, 1), 1, wrong)
	batch := []infer.Tensor{infer.NewTensor(1, 1, 1)}
	if _, err := s.Predict(t.Context(), batch); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Predict(t.Context(), batch); !errors.Is(err, wrong) {
		t.Errorf("got %v, want the given error", err)
	}
}

func TestLinearGradientIsTheWeights(t *testing.T) {
	s := fake.LinearGradient(1, 1, 2, []float32{1, 2}, []float32{3, 5})
	g, err := s.Gradient(t.Context(), []infer.Tensor{infer.NewTensor(1, 1, 2)},
		[]score.Target{score.ClassTarget(1, score.Logit), {Class: 1, Against: 0}})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(g[0][0].Data, []float32{3, 5}) || !slices.Equal(g[0][1].Data, []float32{2, 3}) {
		t.Errorf("got %v", g[0])
	}
}
