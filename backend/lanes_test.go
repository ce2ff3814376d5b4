package backend

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"picasso/backend/cores"
	"picasso/backend/infer"
	"picasso/backend/metadata"
	"picasso/backend/onnx"
	"picasso/backend/perturb"
	"picasso/backend/preprocess"
	"picasso/backend/score"
)

// timed is a session whose runs take a time, and more when they share cores.
type timed struct {
	first time.Duration // for every run
	each  time.Duration // for every picture
}

func (timed) Inputs() []infer.Port { return nil }

func (timed) Outputs() []infer.Port { return []infer.Port{{Name: "y"}} }

func (timed) Provider() string { return "CPU" }

func (timed) Close() error { return nil }

func (s timed) Run(ctx context.Context, inputs []infer.Tensor) ([]infer.Tensor, error) {
	n := inputs[0].Shape[0]
	select {
	case <-time.After(s.first + time.Duration(n)*s.each):
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	out := infer.NewTensor(n, 2)
	for i := range n {
		out.Data[2*i] = inputs[0].Data[i]
	}
	return []infer.Tensor{out}, nil
}

// opening makes sessions for lanes.
type opening struct {
	session infer.Session
	opened  int
}

func (o *opening) Block() int64 { return 0 }

func (o *opening) Open(_ context.Context, _ infer.Source, opt infer.SessionOptions) (infer.Session, error) {
	o.opened++
	if opt.Threads != 1 {
		panic("a session for lanes has one thread")
	}
	return o.session, nil
}

// laneModel answers with the only pixel of its picture.
func laneModel(main, lane timed, tuning *Tuning) (*Model, *opening) {
	o := &opening{session: lane}
	m := &Model{
		main: infer.NewForward(main, infer.Source{}, "y"), opener: o, jobs: infer.NewJobs(), tuning: tuning,
		SHA256: strings.Repeat("5", 64), File: &onnx.Model{Graph: &onnx.Graph{}},
		Card: metadata.Card{
			Input:  preprocess.Input{Channels: 1, Height: 1, Width: 1, Batched: true},
			Output: score.Output{Name: "y", Kind: score.Classes, Classes: 2, Axis: 1, InGraph: true},
		},
	}
	return m, o
}

// busy scores batches until the choice of lanes had every chance to be made.
func busy(t *testing.T, m *Model) {
	t.Helper()
	batch := make([]infer.Tensor, m.Batch())
	for i := range batch {
		batch[i] = infer.Tensor{Shape: []int{1, 1, 1}, Data: []float32{float32(i)}}
	}
	for range 40 {
		scores, err := m.Predict(t.Context(), batch)
		if err != nil {
			t.Fatal(err)
		}
		for i, s := range scores {
			if s.Probabilities[0] != float32(i) {
				t.Fatalf("picture %d got the score of picture %g", i, s.Probabilities[0])
			}
		}
		synctest.Wait()
	}
}

// TestLanesAreChosenByMeasuring: several where they are faster, one where they
// are not or hardly, and the choice is found again without measuring.
func TestLanesAreChosenByMeasuring(t *testing.T) {
	if runtime.GOMAXPROCS(0) < 2 {
		t.Skip("one core leaves no choice")
	}
	most := min(runtime.GOMAXPROCS(0), perturb.MaxWorkers)
	if most > 2 {
		most--
	}
	for name, c := range map[string]struct {
		lane time.Duration // of one picture, where one run takes 10 ms for one
		want int
	}{
		"faster":        {time.Duration(most) * 5 * time.Millisecond, most},
		"hardly faster": {time.Duration(most) * 95 * time.Millisecond / 10, 1},
		"slower":        {time.Duration(most) * 20 * time.Millisecond, 1},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "cache", "tuning.json")
			synctest.Test(t, func(t *testing.T) {
				m, o := laneModel(timed{each: 10 * time.Millisecond}, timed{each: c.lane}, NewTuning(path))
				defer m.jobs.Close()
				if got := m.Lanes(); got != (Lanes{Count: 1}) {
					t.Errorf("before any work %+v", got)
				}
				busy(t, m)
				if got := m.Lanes(); got.Count != c.want || got.Gain <= 0 || o.opened != 1 {
					t.Errorf("%+v after %d sessions, want %d lanes", got, o.opened, c.want)
				}
				again, o := laneModel(timed{each: 10 * time.Millisecond}, timed{each: c.lane}, NewTuning(path))
				defer again.jobs.Close()
				if got := again.Lanes(); got.Count != c.want {
					t.Errorf("found again as %+v", got)
				}
				busy(t, again)
				if sessions := min(c.want-1, 1); o.opened != sessions {
					t.Errorf("%d sessions for a known choice, want %d", o.opened, sessions)
				}
			})
		})
	}
}

// TestLittleWorkIsNotMeasured: single pictures and the first few batches open
// no session.
func TestLittleWorkIsNotMeasured(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, o := laneModel(timed{each: time.Millisecond}, timed{each: time.Millisecond}, nil)
		defer m.jobs.Close()
		one := infer.Tensor{Shape: []int{1, 1, 1}, Data: []float32{1}}
		for range 50 {
			if _, err := m.Predict(t.Context(), []infer.Tensor{one}); err != nil {
				t.Fatal(err)
			}
			if _, err := m.Predict(t.Context(), []infer.Tensor{one, one, one}); err != nil {
				t.Fatal(err)
			}
		}
		synctest.Wait()
		if o.opened > 0 {
			t.Errorf("%d sessions were opened", o.opened)
		}
		chosen, o := laneModel(timed{each: time.Millisecond}, timed{}, nil)
		defer chosen.jobs.Close()
		chosen.threads = 1
		busy(t, chosen)
		if o.opened > 0 {
			t.Error("lanes although the user chose a number of threads")
		}
	})
}

// TestTuningSurvivesRubbish: a file that makes no sense is as good as none,
// and is replaced.
func TestTuningSurvivesRubbish(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tuning.json")
	sum := strings.Repeat("a", 64)
	for _, text := range []string{"", "{", `[{"model":"` + sum + `","cores":2,"lanes":9}]`, `[{"model":"short","cores":2,"lanes":1}]`, "[1,2]"} {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		tuning := NewTuning(path)
		if got, ok := tuning.find(sum, 2); ok {
			t.Errorf("%q gives %+v", text, got)
		}
		want := Tuned{sum, 2, 2, 1.5}
		tuning.remember(want)
		if got, ok := NewTuning(path).find(sum, 2); !ok || got != want {
			t.Errorf("after %q: %+v, %v", text, got, ok)
		}
	}
	tuning := NewTuning(path)
	for i := range maxTuned + 10 {
		tuning.known = append(tuning.known, Tuned{fmt.Sprintf("%064d", i), 2, 1, 1})
	}
	data, err := json.Marshal(tuning.known)
	if err == nil {
		err = os.WriteFile(path, data, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
	tuning.remember(Tuned{sum, 2, 2, 1.5})
	if n := len(tuning.known); n != maxTuned || tuning.known[0].Model != sum {
		t.Errorf("%d models are remembered, at most %d may be, the latest first", n, maxTuned)
	}
}

// TestBeside: a model that was opened for many pictures takes some beside each other, each on
// one thread, unless the user chose the threads or pictures are volumes.
func TestBeside(t *testing.T) {
	n := min(cores.Usable(), perturb.MaxWorkers)
	if n < 2 {
		t.Skip("one core leaves no choice")
	}
	for name, c := range map[string]struct {
		change  func(*Model)
		want    int
		threads int
	}{
		"pictures":        {func(*Model) {}, n, 1},
		"chosen threads":  {func(m *Model) { m.threads = 2 }, 1, 2},
		"volumes":         {func(m *Model) { m.Input.Depth = 8 }, 1, 0},
		"any size":        {func(m *Model) { m.Input.OwnSize = true }, 1, 0},
		"several a time":  {func(m *Model) { m.Input.Pictures = 4 }, 1, 0},
		"mapped for once": {func(m *Model) { m.mapped = true }, 1, 0},
	} {
		t.Run(name, func(t *testing.T) {
			m, _ := laneModel(timed{}, timed{}, nil)
			c.change(m)
			if m.Beside() != 1 {
				t.Error("pictures run beside each other before that was asked for")
			}
			m.spread()
			if got := m.Beside(); got != c.want || m.threads != c.threads {
				t.Errorf("%d beside each other with %d threads, want %d, %d", got, m.threads, c.want, c.threads)
			}
		})
	}
}
