package sanity

import (
	"context"
	"io"

	"picasso/backend/infer"
	"picasso/backend/onnx"
	"picasso/backend/onnx/shuffle"
	"picasso/visualizers"
)

// Host is a model whose weights can be replaced; S is the same model with
// others, to be closed after use.
type Host[S Shuffled] interface {
	// Weighted is the graph that the scores are made by, without local functions.
	Weighted(ctx context.Context) (*onnx.Model, error)
	// Reweighed opens the model with other constants in that graph.
	Reweighed(ctx context.Context, file *onnx.Model) (S, error)
	// Gauged opens a gauge of that graph for one input of the model.
	Gauged(ctx context.Context, g *shuffle.Gauge, x infer.Tensor) (measure shuffle.Measure, end func() error, err error)
}

// Shuffled is a model with other weights.
type Shuffled interface {
	visualizers.Subject
	io.Closer
}

// Model is a [Host] of some kind.
type Model struct {
	weighted  func(context.Context) (*onnx.Model, error)
	reweighed func(context.Context, *onnx.Model) (Shuffled, error)
	gauged    func(context.Context, *shuffle.Gauge, infer.Tensor) (shuffle.Measure, func() error, error)
}

// Of is a host as [Run] takes it.
func Of[S Shuffled](h Host[S]) Model {
	return Model{
		weighted:  h.Weighted,
		reweighed: func(ctx context.Context, file *onnx.Model) (Shuffled, error) { return h.Reweighed(ctx, file) },
		gauged:    h.Gauged,
	}
}
