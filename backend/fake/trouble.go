package fake

import (
	"context"

	"picasso/backend/infer"
)

// Slow makes a subject wait at every batch, until the gate gives a value or is
// closed, or the context ends. Started, where not nil, receives a value when a
// batch begins to wait.
func Slow(s *Subject, gate <-chan struct{}, started chan<- struct{}) *Subject {
	s.Before = func(ctx context.Context, _ []infer.Tensor) error {
		if started != nil {
			select {
			case started <- struct{}{}:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		select {
		case <-gate:
			return ctx.Err()
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return s
}

// Failing makes a subject fail with err from batch n on, counted from 0.
func Failing(s *Subject, n int, err error) *Subject {
	s.Before = func(context.Context, []infer.Tensor) error {
		if s.Runs() > n {
			return err
		}
		return nil
	}
	return s
}
