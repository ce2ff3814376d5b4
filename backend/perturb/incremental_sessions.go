package perturb

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"picasso/backend/infer"
	"picasso/backend/onnx"
)

// open makes the sessions of a plan in use that are not open yet.
func (e *incrementalEngine) open(ctx context.Context, p *incrementalPlan) error {
	e.opening.Lock()
	defer e.opening.Unlock()
	if e.isOpen(p) {
		return nil
	}
	var parts []*shared
	var tail *shared
	var err error
	for _, seg := range p.Segments {
		var s *shared
		if s, err = e.session(ctx, "segment "+seg.Key(), seg.Model); err != nil {
			break
		}
		parts = append(parts, s)
	}
	if err == nil && len(p.Tail.Names) > 0 {
		tail, err = e.session(ctx, "tail "+p.TailKey(), p.TailModel)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if err == nil && e.closed {
		err = infer.ErrClosed
	}
	if err != nil {
		for _, s := range parts {
			s.users--
		}
		e.tidy()
		return err
	}
	p.parts, p.tail = parts, tail
	return nil
}

func (e *incrementalEngine) isOpen(p *incrementalPlan) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return p.parts != nil
}

// session opens a part of the network unless it is open. e.opening is held.
func (e *incrementalEngine) session(ctx context.Context, key string, build func() (*onnx.Model, string, error)) (*shared, error) {
	if s := e.reuse(key); s != nil {
		return s, nil
	}
	m, folder, err := build()
	if err != nil {
		return nil, err
	}
	data, err := m.Encode()
	if err != nil {
		return nil, err
	}
	start := time.Now()
	session, err := e.host.OpenPart(ctx, infer.Source{Bytes: data, Folder: folder})
	if err != nil {
		return nil, fmt.Errorf("a part of the model cannot be run: %w", err)
	}
	e.rates.opened(len(m.Graph.Nodes), time.Since(start))
	s := &shared{Session: session, key: key, users: 1}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.sessions[key] = s
	return s, nil
}

func (e *incrementalEngine) reuse(key string) *shared {
	e.mu.Lock()
	defer e.mu.Unlock()
	s := e.sessions[key]
	if s != nil {
		s.users++
	}
	return s
}

// release ends one use of a plan.
func (p *incrementalPlan) release() {
	p.engine.mu.Lock()
	defer p.engine.mu.Unlock()
	p.users--
	p.engine.tidy()
	if !slices.ContainsFunc(p.engine.plans, func(p *incrementalPlan) bool { return p.users > 0 }) {
		p.engine.forget()
	}
}

// forget lets the memory for walks go.
func (e *incrementalEngine) forget() {
	for {
		select {
		case <-e.arenas:
		default:
			return
		}
	}
}

// tidy closes the sessions of plans that were not used lately. e.mu is held.
func (e *incrementalEngine) tidy() {
	idle := 0
	for _, p := range e.plans {
		if p.users > 0 || p.parts == nil {
			continue
		}
		if idle++; idle <= keptPlans {
			continue
		}
		for _, s := range p.parts {
			s.users--
		}
		if p.tail != nil {
			p.tail.users--
		}
		p.parts, p.tail = nil, nil
		p.untouched.Store(nil)
	}
	for key, s := range e.sessions {
		if s.users <= 0 {
			_ = s.Close()
			delete(e.sessions, key)
		}
	}
}

// close ends all sessions.
func (e *incrementalEngine) close() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.closed = true
	var err error
	for key, s := range e.sessions {
		err = cmp.Or(err, s.Close())
		delete(e.sessions, key)
	}
	e.plans = nil
	return err
}
