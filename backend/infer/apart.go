package infer

import "context"

type apartKey struct{}

// Apart asks that what is computed for several classes of one picture has, for each,
// the same bits whichever classes are asked for beside it. What they share is still
// computed once; only what would be added up together is not, which takes longer.
// Where an accelerator decides how numbers are added up it has no effect.
func Apart(ctx context.Context) context.Context { return context.WithValue(ctx, apartKey{}, true) }

// IsApart reports whether [Apart] was asked for.
func IsApart(ctx context.Context) bool { return ctx.Value(apartKey{}) != nil }
