package backend

import (
	"context"
	"errors"
)

func openModel(ctx context.Context, o Opener, path string, opt ModelOptions) (*Model, error) {
	return nil, errors.ErrUnsupported
}

// Sidecar is MODEL.picasso.json.
type Sidecar struct{}

type forward struct{ session Session }

type scoring struct{}

func (s scoring) logits() bool { return false }

func (m *Model) scoring() scoring { return scoring{} }

// Predict scores every tensor of the batch: C×H×W in model units. Large
// batches are split.
func (m *Model) Predict(ctx context.Context, batch []Tensor) ([]Scores, error) {
	return nil, errors.ErrUnsupported
}

// SetLabels reads labels from a file; their number must be that of the classes.
func (m *Model) SetLabels(path string) error { return errors.ErrUnsupported }

// SetPreprocess changes how pictures are prepared.
func (m *Model) SetPreprocess(p Preprocess) error { return errors.ErrUnsupported }

// SetActivation changes how probabilities come about from the output.
func (m *Model) SetActivation(a Activation) error { return errors.ErrUnsupported }

// Save writes what is known about the model as a sidecar.
func (m *Model) Save(path string) error { return errors.ErrUnsupported }

// SidecarPath is where the sidecar of a model lies: MODEL.picasso.json.
func SidecarPath(model string) string { return "" }

// Expose returns a session of the user's model with further tensors as
// outputs, in the order given, after the file's own. It is kept until Close.
func (m *Model) Expose(ctx context.Context, tensors []string) (Session, error) {
	return nil, errors.ErrUnsupported
}

// Close ends all sessions.
func (m *Model) Close() error { return nil }
