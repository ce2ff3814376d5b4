//go:build cgo

package ort

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"picasso/backend/fixtures"
	"sync"
	"testing"
	"time"

	"picasso/backend/infer"
	"picasso/backend/onnx"
)

// quickest is the shortest time from the end of a run's context to the run's
// return, of several tries: one try may meet a busy machine.
func quickest(t *testing.T, s infer.Session, input infer.Tensor) time.Duration {
	t.Helper()
	best := time.Hour
	for range 5 {
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
		_, err := s.Run(ctx, []infer.Tensor{input})
		end, _ := ctx.Deadline()
		lag := time.Since(end)
		cancel()
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Fatalf("the run ended with %v", err)
		}
		best = min(best, lag)
	}
	return best
}

func TestAnEndlessLoopCanBeCancelled(t *testing.T) {
	r := library(t)
	s := open(t, r, infer.Source{Path: filepath.Join(fixtures.Path(t, "bad", "onnx"), "endless_loop.onnx")}, cpuOnly)
	if lag := quickest(t, s, infer.NewTensor(1, 3, 8, 8)); lag > 100*time.Millisecond {
		t.Errorf("cancelled after %v", lag)
	}
}

func TestClosingEndsAnEndlessLoop(t *testing.T) {
	r := library(t)
	s, err := r.Open(t.Context(), infer.Source{Path: filepath.Join(fixtures.Path(t, "bad", "onnx"), "endless_loop.onnx")}, cpuOnly)
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error)
	go func() {
		_, err := s.Run(context.Background(), []infer.Tensor{infer.NewTensor(1, 3, 8, 8)})
		ended <- err
	}()
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if err := <-ended; !errors.Is(err, infer.ErrClosed) {
		t.Errorf("the run ended with %v", err)
	}
}

// One product of two large matrices is one node: the library does not look up
// before it is done.
func TestALongNodeCanBeCancelled(t *testing.T) {
	r := library(t)
	s := open(t, r, encode(t, &onnx.Graph{
		Inputs:  []*onnx.Value{port("x", onnx.Float, -1, -1)},
		Outputs: []*onnx.Value{port("y", onnx.Float, -1, -1)},
		Nodes:   []*onnx.Node{{OpType: "MatMul", Inputs: []string{"x", "x"}, Outputs: []string{"y"}}},
	}), infer.SessionOptions{Provider: infer.CPU, Threads: 1})
	if lag := quickest(t, s, infer.NewTensor(2000, 2000)); lag > 100*time.Millisecond {
		t.Errorf("cancelled after %v", lag)
	}
}

func TestEndedContexts(t *testing.T) {
	r := library(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := r.Open(ctx, infer.Source{Bytes: probe()}, cpuOnly); !errors.Is(err, context.Canceled) {
		t.Errorf("open: %v", err)
	}
	s := open(t, r, infer.Source{Bytes: probe()}, cpuOnly)
	if _, err := s.Run(ctx, []infer.Tensor{infer.NewTensor(1)}); !errors.Is(err, context.Canceled) {
		t.Errorf("run: %v", err)
	}
	if _, err := s.Run(t.Context(), []infer.Tensor{infer.NewTensor(1)}); err != nil {
		t.Errorf("after a cancelled run: %v", err)
	}
}

func TestClosedSessionsSaySo(t *testing.T) {
	r := library(t)
	s := open(t, r, infer.Source{Bytes: probe()}, cpuOnly)
	for range 2 {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
	if _, err := s.Run(t.Context(), []infer.Tensor{infer.NewTensor(1)}); !errors.Is(err, infer.ErrClosed) {
		t.Errorf("%v", err)
	}
}

func TestRuntimesShareTheLibraryAndCloseTheirOwnSessions(t *testing.T) {
	first, second := library(t), library(t)
	a := open(t, first, infer.Source{Bytes: probe()}, cpuOnly)
	b := open(t, second, infer.Source{Bytes: probe()}, cpuOnly)
	if err := first.Close(); err != nil {
		t.Error(err)
	}
	if _, err := a.Run(t.Context(), []infer.Tensor{infer.NewTensor(1)}); !errors.Is(err, infer.ErrClosed) {
		t.Errorf("the session of a closed runtime: %v", err)
	}
	if _, err := b.Run(t.Context(), []infer.Tensor{infer.NewTensor(1)}); err != nil {
		t.Errorf("the session of the other runtime: %v", err)
	}
	if _, err := first.Open(t.Context(), infer.Source{Bytes: probe()}, cpuOnly); err == nil {
		t.Error("a closed runtime opened a model")
	}
	if len(first.Diagnose(t.Context()).Looked) == 0 {
		t.Error("the diagnosis forgot where the library was found")
	}
}

func TestRunsAtTheSameTime(t *testing.T) {
	r := library(t)
	s := open(t, r, encode(t, &onnx.Graph{
		Inputs:  []*onnx.Value{port("x", onnx.Float, -1)},
		Outputs: []*onnx.Value{port("y", onnx.Float, -1)},
		Nodes:   []*onnx.Node{{OpType: "Add", Inputs: []string{"x", "x"}, Outputs: []string{"y"}}},
	}), cpuOnly)
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			for n := range 50 {
				in := infer.NewTensor(n + 1)
				in.Data[n] = float32(i)
				got, err := s.Run(t.Context(), []infer.Tensor{in})
				if err != nil || got[0].Data[n] != float32(2*i) {
					t.Errorf("%v, %v", got, err)
					return
				}
			}
		})
	}
	group.Wait()
}

func TestShapesThatDoNotFit(t *testing.T) {
	r := library(t)
	s := open(t, r, encode(t, &onnx.Graph{
		Inputs:  []*onnx.Value{port("x", onnx.Float, -1, 3)},
		Outputs: []*onnx.Value{port("y", onnx.Float, -1, 3)},
		Nodes:   []*onnx.Node{node("Relu", "x", "y")},
	}), cpuOnly)
	var wrong *infer.ShapeError
	if _, err := s.Run(t.Context(), []infer.Tensor{infer.NewTensor(2, 4)}); !errors.As(err, &wrong) || wrong.Port != "x" {
		t.Errorf("%v", err)
	}
	for _, in := range [][]infer.Tensor{nil, {{Shape: []int{2, 3}, Data: make([]float32, 5)}}} {
		if _, err := s.Run(t.Context(), in); err == nil {
			t.Errorf("%v was taken", in)
		}
	}
}

// ConstantOfShape asks for as many bytes as it is told.
func TestMissingMemoryIsTyped(t *testing.T) {
	r := library(t)
	s := open(t, r, encode(t, &onnx.Graph{
		Inputs:  []*onnx.Value{port("shape", onnx.Int64, 1)},
		Outputs: []*onnx.Value{port("y", onnx.Float, 1)},
		Nodes: []*onnx.Node{
			node("ConstantOfShape", "shape", "zeros"),
			node("ReduceSum", "zeros", "y", &onnx.Attr{Name: "keepdims", Kind: onnx.AttrInt, I: 1}),
		},
	}), cpuOnly)
	_, err := s.Run(t.Context(), []infer.Tensor{{Shape: []int{1}, Data: []float32{1 << 52}}})
	if !errors.Is(err, infer.ErrOutOfMemory) {
		t.Errorf("%v", err)
	}
	if _, err := s.Run(t.Context(), []infer.Tensor{{Shape: []int{1}, Data: []float32{4}}}); err != nil {
		t.Errorf("after it: %v", err)
	}
}

func TestWeightsInAFileBesideTheBytes(t *testing.T) {
	r := library(t)
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "weights.bin"), []byte{0, 0, 0, 0, 0, 0, 0x40, 0x40}, 0o644); err != nil { // 0, 3
		t.Fatal(err)
	}
	src := encode(t, &onnx.Graph{
		Inputs:       []*onnx.Value{port("x", onnx.Float, 1)},
		Outputs:      []*onnx.Value{port("y", onnx.Float, 1)},
		Initializers: []*onnx.Tensor{{Name: "w", Type: onnx.Float, Dims: []int64{1}, External: &onnx.External{Location: "weights.bin", Offset: 4, Length: 4}}},
		Nodes:        []*onnx.Node{{OpType: "Mul", Inputs: []string{"x", "w"}, Outputs: []string{"y"}}},
	})
	src.Folder = folder
	s := open(t, r, src, cpuOnly)
	got, err := s.Run(t.Context(), []infer.Tensor{{Shape: []int{1}, Data: []float32{2}}})
	if err != nil || got[0].Data[0] != 6 {
		t.Errorf("%v, %v", got, err)
	}
}

// One operator that computes for a long time holds up neither the caller of a
// stopped run nor the closing of the session.
func TestAHugeOperatorIsAbandoned(t *testing.T) {
	r := library(t)
	const side = 3000 // a product of minutes, in four steps of which each takes seconds
	g := &onnx.Graph{
		Inputs:  []*onnx.Value{port("x", onnx.Float, side, side)},
		Outputs: []*onnx.Value{port("y", onnx.Float, side, side)},
		Nodes:   []*onnx.Node{{OpType: "Einsum", Inputs: []string{"x", "x", "x"}, Outputs: []string{"y"}, Attrs: []*onnx.Attr{{Name: "equation", Kind: onnx.AttrString, S: []byte("ij,jk,kl->il")}}}},
	}
	s := open(t, r, encode(t, g), cpuOnly)
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	began := time.Now()
	_, err := s.Run(ctx, []infer.Tensor{infer.NewTensor(side, side)})
	if !errors.Is(err, context.Canceled) {
		t.Skipf("the run took %v only: %v", time.Since(began), err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if took := time.Since(began); took > 3*time.Second {
		t.Errorf("stopped and closed after %v", took)
	}
}
