//go:build cgo

package ort

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
	"time"

	"picasso/backend/fixtures"
	"picasso/backend/infer"
	"picasso/backend/onnx"
)

// mappedModel opens a model whose weights are mapped from a file, as those of
// large files are.
func mappedModel(t *testing.T) (path string, s *session) {
	t.Helper()
	return guardedBy(t, (*graph).guardWeights)
}

func guardedBy(t *testing.T, guard func(*graph, *onnx.Model) error) (path string, s *session) {
	t.Helper()
	r := library(t)
	data, err := os.ReadFile(filepath.Join(fixtures.Path(t, "public"), "lenet5_softmax", "model.onnx"))
	if err != nil {
		t.Fatal(err)
	}
	path = filepath.Join(t.TempDir(), "model.onnx")
	write(t, path, string(data))
	m, err := onnx.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	small, folder, err := m.Detach()
	if err != nil {
		t.Fatal(err)
	}
	g := &graph{name: "model.onnx", folder: folder, inputs: ports(m.Graph.Feeds()), outputs: ports(m.Graph.Outputs)}
	g.asked = portNames(g.outputs)
	if g.data, err = small.Encode(); err != nil {
		t.Fatal(err)
	}
	if err := guard(g, small); err != nil {
		t.Fatal(err)
	}
	options, err := r.sessionOptions(g, cpuOnly)
	if err != nil {
		t.Fatal(err)
	}
	defer options.Destroy()
	if s, err = newSession(g, options, "CPU"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return path, s
}

func answer(t *testing.T, s infer.Session) ([]float32, error) {
	t.Helper()
	x := infer.NewTensor(1, 1, 28, 28)
	for i := range x.Data {
		x.Data[i] = float32(i%7) / 7
	}
	out, err := s.Run(t.Context(), []infer.Tensor{x})
	if err != nil {
		return nil, err
	}
	return out[0].Data, nil
}

// Whatever is done to a file whose weights are mapped, the session goes on with
// those it was made with.
func TestMappedWeightsStayAsTheyWere(t *testing.T) {
	again := func(path string) func([]byte) error {
		return func(data []byte) error { return os.WriteFile(path, data, 0o600) }
	}
	for name, change := range map[string]func(path string, size int64) error{
		"cut":         func(path string, _ int64) error { return os.Truncate(path, 0) },
		"overwritten": func(path string, size int64) error { return again(path)(bytes.Repeat([]byte{0xff}, int(size))) },
		"grown":       func(path string, size int64) error { return os.Truncate(path, 2*size) },
		"replaced": func(path string, size int64) error {
			if err := again(path + ".new")(make([]byte, size)); err != nil {
				return err
			}
			return os.Rename(path+".new", path)
		},
		"removed": func(path string, _ int64) error { return os.Remove(path) },
	} {
		path, s := mappedModel(t)
		if s.weights == nil {
			t.Skip("this system guards no mapped file: weights are read")
		}
		want, err := answer(t, s)
		if err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		if err := change(path, info.Size()); err != nil {
			if runtime.GOOS == "windows" {
				continue // nobody may write: that is the guard
			}
			t.Fatal(err)
		}
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("%s: the writer waited %v", name, took)
		}
		got, err := answer(t, s)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %v, %v after, %v before", name, err, got, want)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

// Two sessions on one file are both kept, and one more can be opened when a
// writer has gone.
func TestSessionsShareTheGuardOfAFile(t *testing.T) {
	path, first := mappedModel(t)
	if first.weights == nil {
		t.Skip("this system guards no mapped file: weights are read")
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	second := newGuard(path, f)
	if second == nil {
		t.Fatal("no second guard")
	}
	second.settled()
	second.release()
	want, err := answer(t, first)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, 0); err != nil && runtime.GOOS != "windows" {
		t.Fatal(err)
	}
	third := newGuard(path, f)
	if third == nil {
		t.Error("no guard for a file that nobody writes to any more")
	} else {
		third.settled()
		third.release()
	}
	if got, err := answer(t, first); err != nil || !slices.Equal(got, want) {
		t.Errorf("%v, %v after, %v before", err, got, want)
	}
}

// A writer that comes while a session is still being made waits for it.
func TestAWriterWaitsForTheMapping(t *testing.T) {
	path := filepath.Join(t.TempDir(), "weights")
	write(t, path, "weights")
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	g := newGuard(path, f)
	if g == nil {
		t.Skip("this system guards no mapped file")
	}
	if runtime.GOOS == "windows" {
		t.Skip("nobody can write at all")
	}
	written := make(chan error, 1)
	go func() { written <- os.Truncate(path, 0) }()
	select {
	case err := <-written:
		t.Errorf("written (%v) before the session was there", err)
	case <-time.After(100 * time.Millisecond):
	}
	g.settled()
	if err := <-written; err != nil {
		t.Error(err)
	}
	g.release()
}

// Where there is no guard, an answer from a changed file is refused.
func TestAnswersOfAChangedFileAreRefused(t *testing.T) {
	path, s := mappedModel(t)
	if s.weights == nil {
		t.Skip("this system guards no mapped file: weights are read")
	}
	for _, f := range s.weights.files {
		f.guard.release()
		f.guard = nil
	}
	if _, err := answer(t, s); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err == nil {
		err = os.WriteFile(path, data[:len(data)-1], 0o600)
	}
	if err == nil {
		err = os.WriteFile(path, data, 0o600)
	}
	if err == nil {
		err = os.Chtimes(path, time.Now(), time.Now().Add(time.Hour))
	}
	if err != nil {
		t.Fatal(err)
	}
	_, err = answer(t, s)
	var changed *infer.ChangedError
	if !errors.As(err, &changed) || changed.Path == "" {
		t.Errorf("%v", err)
	}
}

// Where a file cannot be leased, a copy of it that takes no room is mapped. It has no
// name any more when the session has been made, and nobody else can write to it.
func TestCopiesAreMappedWhereThereIsNoLease(t *testing.T) {
	folder := t.TempDir() // on one file system with the model
	for _, variable := range []string{"XDG_CACHE_HOME", "TMPDIR"} {
		t.Setenv(variable, folder)
	}
	var refused error
	path, s := guardedBy(t, func(g *graph, m *onnx.Model) error {
		w, err := openWeights(m, g.folder)
		if err != nil {
			return err
		}
		defer w.release()
		if g.weights, refused = w.copied(); refused != nil {
			return g.guardWeights(m)
		}
		g.folder = g.weights.folder
		return nil
	})
	if left, err := filepath.Glob(filepath.Join(folder, "picasso-weights-*")); err != nil || len(left) > 0 {
		t.Errorf("%v, left %v", err, left)
	}
	if refused != nil {
		t.Skipf("set TMPDIR to a folder on Btrfs or XFS: %v", refused)
	}
	want, err := answer(t, s)
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func() error{
		"cut":         func() error { return os.Truncate(path, 0) },
		"overwritten": func() error { return os.WriteFile(path, bytes.Repeat([]byte{0xff}, 1<<20), 0o600) },
	} {
		if err := change(); err != nil {
			t.Fatal(err)
		}
		if got, err := answer(t, s); err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %v, %v after, %v before", name, err, got, want)
		}
	}
}
