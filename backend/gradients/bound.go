package gradients

import (
	"slices"

	"picasso/backend/infer"
)

// Bounds of the sessions that are kept open: who goes through the layers of a
// network opens one, or two, for each, and every one holds weights.
const (
	mostPasses  = 8
	fewPasses   = 2
	weightBytes = 1 << 30
)

// used makes e the one used last. d.mu is held.
func (d *Differentiator) used(e *exposed) {
	if i := slices.Index(d.passes, e); i >= 0 {
		d.passes = append(slices.Delete(d.passes, i, i+1), e)
	}
}

// tidy closes sessions that were not used for longest, beyond the bounds. It does
// nothing while any session runs.
func (d *Differentiator) tidy() {
	if !d.using.TryLock() {
		return
	}
	defer d.using.Unlock()
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.passes) <= fewPasses {
		return
	}
	for len(d.passes) > d.room() {
		d.forget(d.passes[0])
	}
}

// room is how many forward sessions may stay open. d.mu is held.
func (d *Differentiator) room() int {
	weights := int64(1)
	for _, t := range d.graph.Graph.Initializers {
		weights += max(0, t.Elements()) * int64(t.Type.Size())
	}
	return int(min(max(weightBytes/weights, fewPasses), mostPasses))
}

// forget closes a forward session with the backward passes that it feeds. d.mu is
// held, and nothing runs.
func (d *Differentiator) forget(e *exposed) {
	d.passes = slices.DeleteFunc(d.passes, func(p *exposed) bool { return p == e })
	d.discard(e.session)
	for key, b := range d.plans {
		if b.forward != e {
			continue
		}
		delete(d.plans, key)
		for _, s := range b.sessions {
			d.discard(s)
		}
	}
}

// discard closes a session that was kept.
func (d *Differentiator) discard(s infer.Session) {
	if s == nil {
		return
	}
	d.sessionsMu.Lock()
	at := slices.Index(d.sessions, s)
	if at >= 0 {
		d.sessions = slices.Delete(d.sessions, at, at+1)
	}
	d.sessionsMu.Unlock()
	if at >= 0 {
		_ = s.Close()
	}
}
