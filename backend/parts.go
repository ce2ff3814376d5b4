package backend

import (
	"context"

	"picasso/backend/infer"
)

// Bounds of what a model keeps of sessions that nothing uses at the moment: those of
// gradients, of parts of the network and of its covering form. Opening one takes
// about as long as a handful of runs. maxPartBytes is without the weights, of which
// gradients hold a copy for each pass, alone and in lanes: passes that take turns would
// close each other.
const (
	maxParts     = 32
	maxPartBytes = 128 << 20
	maxCopies    = 4
)

// newParts is the owner of a model's sessions but the one that predicts and that of
// the lanes, which every run needs.
func newParts(weights int64) *infer.Pool {
	return infer.NewPool(maxParts, maxPartBytes+maxCopies*4*min(weights, laneWeights))
}

// part makes a session of a form of the model's graph. It is closed when others
// were used later and memory is short, and opened again when it is run. Weights lie
// in the model's file, which must be the same then.
func (m *Model) part(ctx context.Context, src infer.Source, opt infer.SessionOptions) (infer.Session, error) {
	return m.parts.Open(ctx, func(ctx context.Context) (infer.Session, error) {
		if err := m.File.Unchanged(); err != nil {
			return nil, err
		}
		return m.opener.Open(ctx, src, opt)
	})
}
