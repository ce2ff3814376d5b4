package infer

import "context"

// Progress says what is being prepared before a result can come, and which share
// of it is done, 0…1.
type Progress func(stage string, done float64)

type progressKey struct{}

// WithProgress lets work that is done with the context tell how far its
// preparation is, on the goroutine that does it. Work that never takes long
// tells nothing.
func WithProgress(ctx context.Context, tell Progress) context.Context {
	return context.WithValue(ctx, progressKey{}, tell)
}

// Tell tells how far a preparation is whoever waits for it.
func Tell(ctx context.Context, stage string, done float64) {
	if tell, ok := ctx.Value(progressKey{}).(Progress); ok {
		tell(stage, done)
	}
}
