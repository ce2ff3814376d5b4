package backend

import (
	"context"
	"time"

	"picasso/backend/infer"
	"picasso/backend/perturb"
)

// scorer returns the model's, which exists from the first call on.
func (m *Model) scorer() *perturb.Scorer {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.copies == nil {
		m.copies = perturb.New(host{m}, &m.jobs, &m.rates, m.threads)
		if m.closed {
			_ = m.copies.Close()
		}
	}
	return m.copies
}

// Copies prepares to score copies of base (C×H×W in model units) that differ
// from it inside the given windows. occluder says how they do, or is nil where
// that is not known. With [AutoEngine], scores of copies seen before are
// remembered, whatever run they belonged to.
func (m *Model) Copies(ctx context.Context, base infer.Tensor, windows []perturb.Box, occluder *perturb.Occluder, engine perturb.Engine) (perturb.Copies, error) {
	if err := m.current(ctx); err != nil {
		return nil, err
	}
	return m.scorer().Copies(ctx, base, windows, occluder, engine)
}

// EstimateCopies tells what [Model.Copies] with as many windows of one size
// will take at most: copies that are remembered take nothing. It answers at
// once.
func (m *Model) EstimateCopies(window perturb.Size, copies int, engine perturb.Engine) perturb.Estimate {
	return m.rates.Copies(window, copies, engine, m.Provider() != "CPU")
}

// LearnCopies counts what [Model.EstimateCopies] does not know yet of windows
// of a size. It takes about as long as opening the model.
func (m *Model) LearnCopies(ctx context.Context, window perturb.Size) error {
	return m.scorer().Learn(ctx, window)
}

// EstimateGradients tells what a number of gradients with respect to the
// picture will take: 0 while neither they nor a pass of the model were
// measured, and three passes each before the first one.
func (m *Model) EstimateGradients(n int) time.Duration { return m.rates.Gradients(n) }
