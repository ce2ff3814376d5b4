package backend

import (
	"context"
	"errors"
	"time"

	"picasso/backend/infer"
	"picasso/backend/perturb"
	"picasso/backend/score"
)

// Predict scores every tensor of the batch: C×H×W in model units. Large
// batches are split to suit the model; ctx is asked before every run.
func (m *Model) Predict(ctx context.Context, batch []infer.Tensor) ([]score.Scores, error) {
	if err := m.current(ctx); err != nil {
		return nil, err
	}
	out := make([]score.Scores, 0, len(batch))
	most := m.Batch()
	var l *lanes
	if len(batch) > 1 {
		l = m.laned()
		most = max(most, l.width())
	}
	for len(batch) > 0 {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		n := min(len(batch), most)
		start := time.Now()
		scores, err := m.predictBatch(ctx, l, batch[:n])
		if err != nil {
			return nil, err
		}
		m.rates.Note(perturb.PlainEngine, perturb.Size{}, n, time.Since(start))
		out, batch = append(out, scores...), batch[n:]
	}
	return out, nil
}

// predictBatch runs pictures in lanes, where there are any, or together.
func (m *Model) predictBatch(ctx context.Context, l *lanes, batch []infer.Tensor) ([]score.Scores, error) {
	if l == nil {
		return m.predictChunk(ctx, batch)
	}
	return l.predict(ctx, batch)
}

// predictChunk runs pictures together. A model whose batch axis turns out not
// to be free after all is run picture by picture from then on.
func (m *Model) predictChunk(ctx context.Context, batch []infer.Tensor) ([]score.Scores, error) {
	m.mu.RLock()
	single := (m.Input.FixedBatch || m.single || m.Output.Whole) && m.Input.Pictures <= 1
	m.mu.RUnlock()
	if single && len(batch) > 1 {
		return m.predictEach(ctx, batch)
	}
	scores, err := m.predictOnce(ctx, batch)
	if err == nil || len(batch) == 1 || m.Input.Pictures > 1 || ctx.Err() != nil || errors.Is(err, infer.ErrClosed) {
		return scores, err
	}
	out, errEach := m.predictEach(ctx, batch)
	if errEach != nil {
		return nil, err
	}
	m.mu.Lock()
	m.single = true
	m.mu.Unlock()
	return out, nil
}

// predictEach runs pictures one by one.
func (m *Model) predictEach(ctx context.Context, batch []infer.Tensor) ([]score.Scores, error) {
	out := make([]score.Scores, 0, len(batch))
	for i := range batch {
		s, err := m.predictOnce(ctx, batch[i:i+1])
		if err != nil {
			return nil, err
		}
		out = append(out, s...)
	}
	return out, nil
}

func (m *Model) predictOnce(ctx context.Context, batch []infer.Tensor) ([]score.Scores, error) {
	start := time.Now()
	used := m.forward()
	scores, err := m.predictOn(ctx, used, batch)
	for errors.Is(err, infer.ErrClosed) && m.forward() != used { // closed since the constants changed
		used = m.forward()
		scores, err = m.predictOn(ctx, used, batch)
	}
	if err == nil {
		m.noteTiming(time.Since(start) / time.Duration(len(batch)))
	}
	return scores, err
}

// predictOn runs pictures together on one form of the model.
func (m *Model) predictOn(ctx context.Context, f *infer.Forward, batch []infer.Tensor) ([]score.Scores, error) {
	_, spec := m.preparation()
	in, err := spec.Feed(batch)
	if err != nil {
		return nil, err
	}
	outputs, err := f.Session.Run(ctx, []infer.Tensor{in})
	if err != nil {
		return nil, err
	}
	return m.scoring().ReadAll(f, outputs, len(batch), m.Input.Batched, m.Name)
}

func (m *Model) noteTiming(d time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.timing == 0 {
		m.timing = d
	}
}

func (m *Model) scoring() score.Reader {
	m.mu.RLock()
	defer m.mu.RUnlock()
	o := m.Output
	s := score.Reader{Output: o, Separate: o.LogitTensor != "" && o.LogitTensor != o.Name && m.forward().Gives(o.LogitTensor)}
	if m.references != nil {
		s.References = m.references.units
	}
	return s
}

// Rank lists the classes of a prediction, best first. Equal probabilities are
// ordered by logit, then by index.
func (m *Model) Rank(s score.Scores) []score.Class { return s.Rank(m.ClassName) }
