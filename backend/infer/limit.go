package infer

import (
	"context"
)

// Limited lets at most n runs of a session go on at once; further ones wait
// their turn or until their context ends. A device runs one batch after the
// other anyway, and every run in progress needs memory of its own.
func Limited(s Session, n int) Session {
	return &limited{Session: s, turns: make(chan struct{}, max(n, 1))}
}

type limited struct {
	Session
	turns chan struct{}
}

func (l *limited) Run(ctx context.Context, inputs []Tensor) ([]Tensor, error) {
	select {
	case l.turns <- struct{}{}:
		defer func() { <-l.turns }()
		return l.Session.Run(ctx, inputs)
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Unwrap is the session inside.
func (l *limited) Unwrap() Session { return l.Session }
