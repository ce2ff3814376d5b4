package sliding

import (
	"context"
	"errors"
	"slices"
	"sync"

	"picasso/backend/infer"
	"picasso/backend/score"
	"picasso/visualizers"
)

// known is the volume that covered ones are copies of, with the scores of its blocks as
// far as they were found.
type known struct {
	volume infer.Tensor

	mu     sync.Mutex
	scores []*score.Scores
}

func (k *known) of(block int) *score.Scores {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.scores[block]
}

func (k *known) put(block int, s score.Scores) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.scores[block] = &s
}

// same reports whether block b of a volume holds what it does in the one that is kept.
func (o *Over) same(x infer.Tensor, b int) bool {
	y := o.known.volume
	if len(x.Data) != len(y.Data) {
		return false
	}
	if &x.Data[0] == &y.Data[0] {
		return true
	}
	same := true
	o.rows(x.Shape[0], o.from[b], func(volume, _ int) {
		same = same && slices.Equal(x.Data[volume:volume+o.block[2]], y.Data[volume:volume+o.block[2]])
	})
	return same
}

// all are the numbers of the blocks.
func (o *Over) all() []int {
	out := make([]int, len(o.from))
	for b := range out {
		out[b] = b
	}
	return out
}

type progressKey struct{}

// WithProgress tells how many blocks of a volume have their scores, on the goroutine that
// asks for them.
func WithProgress(ctx context.Context, tell func(done, of int)) context.Context {
	return context.WithValue(ctx, progressKey{}, tell)
}

func told(ctx context.Context, done, of int) {
	if tell, ok := ctx.Value(progressKey{}).(func(done, of int)); ok {
		tell(done, of)
	}
}

// ErrLayers refuses methods that look into the network, of which there is one run for each
// block.
var ErrLayers = errors.New("explains one block of a volume, not a model that is moved over it; choose the block around the slice, the one in the middle, or the whole volume resampled")

// Suits says why a method cannot explain a model that is moved over volumes, or nil; it is
// asked besides [visualizers.Suits].
func Suits(v visualizers.Visualizer) error {
	if v.Info().Group == visualizers.Layers {
		return ErrLayers
	}
	return nil
}
