package backend

import (
	"bytes"
	"cmp"
	"context"
	"slices"

	"picasso/backend/gradients"
	"picasso/backend/infer"
	"picasso/backend/onnx"
	"picasso/backend/perturb"
)

// renewal is the model with other constants than those it was opened with.
type renewal struct {
	file *onnx.Model
	main *infer.Forward
}

// graph is the model's graph with the constants in use.
func (m *Model) graph() *onnx.Model {
	if r := m.renewed.Load(); r != nil {
		return r.file
	}
	return m.File
}

// forward is the session that predicts with the constants in use.
func (m *Model) forward() *infer.Forward {
	if r := m.renewed.Load(); r != nil {
		return r.main
	}
	return m.main
}

// current brings up to date what follows from the preparation of pictures: the
// pictures that are constants, then the embeddings of the references.
func (m *Model) current(ctx context.Context) error {
	if err := m.refilled(ctx); err != nil {
		return err
	}
	return m.compared(ctx)
}

// refilled brings the pictures that are constants up to date.
func (m *Model) refilled(ctx context.Context) error {
	for !m.filled() {
		if err := m.jobs.Await(ctx, "fill", m.refill); err != nil {
			return err
		}
	}
	return nil
}

// refill prepares the pictures that are constants. Where that changes them,
// sessions are opened again: their values are part of every graph that is made
// of the model's, rewritten and folded into others.
func (m *Model) refill(ctx context.Context) error {
	m.mu.RLock()
	p, in, turn := m.Preprocess, m.Input, m.slots.turn
	m.mu.RUnlock()
	file := m.graph()
	inits := slices.Clone(file.Graph.Initializers)
	changed := false
	for _, s := range m.slots.list {
		t, err := s.constant(p, in)
		if err != nil {
			return s.given.Blame(s.name, err)
		}
		i := slices.IndexFunc(inits, func(t *onnx.Tensor) bool { return t.Name == s.name })
		if i < 0 || bytes.Equal(inits[i].Raw, t.Raw) {
			continue // i < 0: nothing reads the input
		}
		inits[i], changed = t, true
	}
	var next *renewal
	if changed {
		next = &renewal{file: file.Clone()}
		next.file.Graph.Initializers = inits
		var err error
		if next.main, err = m.openForwardOf(ctx, next.file, true, m.forward().Tensors...); err != nil {
			return err
		}
	}
	return m.renew(next, turn)
}

// renew takes over a renewal, unless the preparation has changed again.
// What was made of the old constants is closed.
func (m *Model) renew(next *renewal, turn int) error {
	m.mu.Lock()
	if m.closed || m.slots.turn != turn {
		closed := m.closed
		m.mu.Unlock()
		if next != nil {
			next.main.Session.Close()
		}
		if closed {
			return infer.ErrClosed
		}
		return nil
	}
	m.slots.fresh = true
	if next == nil {
		m.mu.Unlock()
		return nil
	}
	old := m.derived()
	m.renewed.Store(next)
	m.mu.Unlock()
	return old.close()
}

// derived is what was made of a model's graph.
type derived struct {
	copies    *perturb.Scorer
	gradients *gradients.Differentiator
	lanes     *lanes
	main      infer.Session
}

// derived takes everything derived away from the model. m.mu is held.
func (m *Model) derived() derived {
	d := derived{m.copies, m.gradients, m.lanes, m.forward().Session}
	m.copies, m.gradients, m.lanes = nil, nil, nil
	return d
}

func (d derived) close() error {
	var err error
	if d.copies != nil {
		err = d.copies.Close()
	}
	if d.gradients != nil {
		err = cmp.Or(err, d.gradients.Close())
	}
	if d.lanes != nil {
		err = cmp.Or(err, d.lanes.close())
	}
	return cmp.Or(err, d.main.Close())
}
