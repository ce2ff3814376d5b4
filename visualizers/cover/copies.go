package cover

import (
	"context"

	"picasso/backend/infer"
	"picasso/backend/perturb"
	"picasso/backend/score"
	"picasso/visualizers"
)

// scorer scores covered images by the numbers of their windows.
type scorer interface {
	score(ctx context.Context, batch []infer.Tensor, windows []int) ([]score.Scores, error)
	batch() int
	account() *perturb.Stats
	close()
}

// newScorer is the subject's own way to score copies where it has one.
func newScorer(ctx context.Context, in visualizers.Input, windows []perturb.Box, occluder *perturb.Occluder, engine perturb.Engine) (scorer, error) {
	c, ok := in.Subject.(visualizers.Copier)
	if !ok {
		return whole{in.Subject}, nil
	}
	copies, err := c.Copies(ctx, in.Tensor, windows, occluder, engine)
	if err != nil {
		return nil, err
	}
	return partial{copies, windows}, nil
}

// whole runs every image through the model.
type whole struct{ subject visualizers.Subject }

func (s whole) score(ctx context.Context, batch []infer.Tensor, _ []int) ([]score.Scores, error) {
	return s.subject.Predict(ctx, batch)
}

func (s whole) batch() int { return s.subject.Batch() }

func (whole) account() *perturb.Stats { return nil }

func (whole) close() {}

// partial says where images differ from the untouched one.
type partial struct {
	copies perturb.Copies
	boxes  []perturb.Box
}

func (s partial) score(ctx context.Context, batch []infer.Tensor, windows []int) ([]score.Scores, error) {
	changed := make([]perturb.Box, len(windows))
	for k, i := range windows {
		changed[k] = s.boxes[i]
	}
	return s.copies.Score(ctx, batch, changed)
}

func (s partial) batch() int { return s.copies.Batch() }

func (s partial) close() { s.copies.Close() }

func (s partial) account() *perturb.Stats {
	a := s.copies.Stats()
	return &a
}

// engineWarning says in words where the way taken is not the one asked for.
func engineWarning(a *perturb.Stats) []string {
	if a == nil || a.Notice == "" {
		return nil
	}
	return []string{a.Notice}
}
