package backend

import (
	"context"

	"picasso/backend/infer"
	"picasso/backend/onnx/outline"
)

// Outline describes the network in rows: chains of operators with their sizes,
// weights and work. The first call may run the model on its test pattern.
func (m *Model) Outline(ctx context.Context) (*outline.Outline, error) {
	d, err := m.differentiated(ctx)
	if err != nil {
		return nil, err
	}
	return d.Outline(ctx)
}

// Means are the mean values of inner tensors for one picture, in the order asked
// for. None of the tensors is kept.
func (m *Model) Means(ctx context.Context, tensors []string, x infer.Tensor) ([]float64, error) {
	d, err := m.differentiated(ctx)
	if err != nil {
		return nil, err
	}
	return d.Means(ctx, tensors, x)
}
