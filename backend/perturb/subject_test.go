package perturb_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"picasso/backend"
	"picasso/backend/gradients"
	"picasso/backend/infer"
	"picasso/backend/metadata"
	"picasso/backend/npy"
	"picasso/backend/onnx"
	"picasso/backend/onnx/gradient"
	"picasso/backend/ort"
	"picasso/backend/ort/orttest"
	"picasso/backend/perturb"
	"picasso/backend/preprocess"
	"picasso/backend/score"
)

// subject is an opened model with a scorer of its own, whose plans a test
// chooses. It is the scorer's and the differentiator's host.
type subject struct {
	*backend.Model
	Scorer *perturb.Scorer

	runtime   *ort.Runtime
	jobs      infer.Jobs
	rates     perturb.Rates
	gradients *gradients.Differentiator
}

func newSubject(t *testing.T, path string, choices ...string) (*subject, error) {
	t.Helper()
	r := orttest.Runtime(t)
	chosen, err := metadata.ParseChoices(choices)
	if err != nil {
		return nil, err
	}
	m, err := backend.OpenModel(t.Context(), r, path, backend.ModelOptions{Provider: infer.CPU, Threads: 1, Choices: chosen})
	if err != nil {
		return nil, err
	}
	s := &subject{Model: m, runtime: r, jobs: infer.NewJobs()}
	s.gradients = gradients.New(subjectHost{s})
	s.Scorer = perturb.New(subjectHost{s}, &s.jobs, &s.rates, 1)
	return s, nil
}

func openSubject(t *testing.T, path string, choices ...string) *subject {
	t.Helper()
	s, err := newSubject(t, path, choices...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func (s *subject) Close() error {
	s.jobs.Close()
	return errors.Join(s.Scorer.Close(), s.gradients.Close(), s.Model.Close())
}

// picture is the input of a reference case.
func (s *subject) picture(t *testing.T, folder string) infer.Tensor {
	t.Helper()
	var c struct{ Input struct{ File string } }
	data, err := os.ReadFile(filepath.Join(folder, "case.json"))
	if err == nil {
		err = json.Unmarshal(data, &c)
	}
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(filepath.Join(folder, c.Input.File))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	a, err := npy.Read(f, 1<<28)
	if err != nil {
		t.Fatal(err)
	}
	return s.Input.Planar(a.Data)
}

// subjectHost answers what scorer and differentiator ask of a model.
type subjectHost struct{ s *subject }

func (h subjectHost) Name() string              { return h.s.Name }
func (h subjectHost) Graph() *onnx.Model        { return h.s.File }
func (h subjectHost) Input() preprocess.Input   { return h.s.Input }
func (h subjectHost) Output() score.Output      { return h.s.Output }
func (h subjectHost) Provider() string          { return h.s.Provider() }
func (h subjectHost) Batch() int                { return h.s.Batch() }
func (h subjectHost) Lanes() (count, width int) { return 1, 1 }
func (h subjectHost) Weights() int64            { return 0 }
func (h subjectHost) Took(int, time.Duration)   {}

func (h subjectHost) Reader() score.Reader {
	o := h.s.Output
	return score.Reader{Output: o, Separate: o.LogitTensor != "" && o.LogitTensor != o.Name}
}

func (h subjectHost) Predict(ctx context.Context, batch []infer.Tensor) ([]score.Scores, error) {
	return h.s.Model.Predict(ctx, batch)
}

func (h subjectHost) Observe(ctx context.Context) (*onnx.Model, gradient.Facts, error) {
	return h.s.gradients.Observe(ctx)
}

func (h subjectHost) Open(ctx context.Context, src infer.Source) (infer.Session, error) {
	return h.s.runtime.Open(ctx, src, infer.SessionOptions{Provider: infer.CPU, Threads: 1})
}

func (h subjectHost) Block() int64  { return 0 }
func (h subjectHost) Openings() int { return 2 }

func (h subjectHost) GradientLanes() int { return 1 }

func (h subjectHost) OpenLane(ctx context.Context, src infer.Source) (infer.Session, error) {
	return h.Open(ctx, src)
}

func (h subjectHost) OpenPredicting(ctx context.Context, src infer.Source) (infer.Session, error) {
	return h.Open(ctx, src)
}

func (h subjectHost) OpenPart(ctx context.Context, src infer.Source) (infer.Session, error) {
	return h.Open(ctx, src)
}

func (h subjectHost) OpenForward(context.Context, infer.Source) (*infer.Forward, error) {
	return nil, errors.New("nothing is covered inside the graph here")
}

func (h subjectHost) Try(ctx context.Context) ([]infer.Tensor, error) {
	in, err := h.s.Input.Feed([]infer.Tensor{h.s.Input.Pattern()})
	if err != nil {
		return nil, err
	}
	names := h.Reader().Tensors()
	small, folder, err := h.s.File.Detach()
	if err == nil {
		err = small.Graph.Expose(names...)
	}
	if err != nil {
		return nil, err
	}
	data, err := small.Encode()
	if err != nil {
		return nil, err
	}
	session, err := h.Open(ctx, infer.Source{Bytes: data, Folder: folder})
	if err != nil {
		return nil, err
	}
	defer session.Close()
	outputs, err := session.Run(ctx, []infer.Tensor{in})
	if err != nil {
		return nil, err
	}
	return infer.NewForward(session, infer.Source{}, names...).Picture(outputs, 0, h.s.Input.Batched, names...)
}
