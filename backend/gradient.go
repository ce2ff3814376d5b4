package backend

import (
	"context"
	"slices"

	"picasso/backend/gradients"
	"picasso/backend/infer"
	"picasso/backend/metadata"
	"picasso/backend/onnx/gradient"
	"picasso/backend/onnx/outline"
	"picasso/backend/score"
)

// differentiator returns the model's, which exists from the first call on.
func (m *Model) differentiator() *gradients.Differentiator {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.gradients == nil {
		m.gradients = gradients.New(host{m})
		if m.closed {
			_ = m.gradients.Close()
		}
	}
	return m.gradients
}

// differentiated is the differentiator for the constants and references in use.
func (m *Model) differentiated(ctx context.Context) (*gradients.Differentiator, error) {
	if err := m.current(ctx); err != nil {
		return nil, err
	}
	return m.differentiator(), nil
}

// CheckGradient reports why no gradient with respect to the picture can be
// had, or nil: the first operator on the way from the picture to the scores
// that cannot be differentiated. It runs nothing.
func (m *Model) CheckGradient() error {
	return m.differentiator().Check(m.Input.Name)
}

// CheckLayerGradient reports why no gradient with respect to an inner tensor
// can be had, or nil. It runs nothing.
func (m *Model) CheckLayerGradient(layer string) error {
	return m.differentiator().Check(layer)
}

// GradientCoverage counts the nodes between the picture and the scores and
// those of them that can be differentiated. It runs nothing.
func (m *Model) GradientCoverage() (gradient.Coverage, error) {
	return m.differentiator().Cover(m.Input.Name)
}

// GradientNotes say in words where the gradients computed so far are not the
// exact ones of the model as it runs; nil where they are.
func (m *Model) GradientNotes() []string { return m.differentiator().Notes() }

// Gradient returns d target / d input for every tensor of the batch and every
// target: result[i][k] is C×H×W, in score per model unit. Errors:
// [*gradient.Unsupported] names the operator without a rule.
func (m *Model) Gradient(ctx context.Context, batch []infer.Tensor, targets []score.Target) ([][]infer.Tensor, error) {
	return m.RectifiedGradient(ctx, score.ExactRectifier, batch, targets)
}

// RectifiedGradient is [Model.Gradient] with another rule for rectifiers. Its
// results are no gradients unless the rule is [ExactRectifier].
func (m *Model) RectifiedGradient(ctx context.Context, rule score.Rectifier, batch []infer.Tensor, targets []score.Target) ([][]infer.Tensor, error) {
	d, err := m.differentiated(ctx)
	if err != nil {
		return nil, err
	}
	list, err := d.Gradient(ctx, rule, batch, targets)
	if err != nil {
		return nil, err
	}
	return list, m.numbers(list...)
}

// Foresee opens in the background what the first gradient of a target will take; where
// the weights are large, it waits for that gradient instead. Errors are those that the
// gradient would give.
func (m *Model) Foresee(ctx context.Context, t score.Target) error {
	if m.weights() > foreseenWeights {
		return nil
	}
	d, err := m.differentiated(ctx)
	if err != nil {
		return err
	}
	return d.Foresee(ctx, score.ExactRectifier, t)
}

// foreseenWeights is the number of weights up to which a model makes ready for gradients
// before anybody asks for one, 128 MB of them: both passes hold them once more.
const foreseenWeights = 32 << 20

// numbers refuses gradients that hold NaN, of which no map may be made.
func (m *Model) numbers(list ...[]infer.Tensor) error {
	for _, of := range list {
		for _, t := range of {
			if slices.ContainsFunc(t.Data, func(x float32) bool { return x != x }) {
				return metadata.ModelError(m.Path, "gives gradients or activations that are not numbers (NaN) for this picture", "Choose a method that needs no gradients, or check how pictures are prepared.")
			}
		}
	}
	return nil
}

// LayerGradient returns the layer's activation for x and, for every target,
// d target / d activation; all are C×h×w.
func (m *Model) LayerGradient(ctx context.Context, layer string, x infer.Tensor, targets []score.Target) (activation infer.Tensor, gradients []infer.Tensor, err error) {
	d, err := m.differentiated(ctx)
	if err != nil {
		return infer.Tensor{}, nil, err
	}
	activation, gradients, err = d.LayerGradient(ctx, layer, x, targets)
	if err != nil {
		return infer.Tensor{}, nil, err
	}
	return activation, gradients, m.numbers([]infer.Tensor{activation}, gradients)
}

// KeptRun answers for one picture, gives its penultimate activations where they are asked
// for, and keeps what [gradients.Kept.LayerGradient] needs: see
// [gradients.Differentiator.KeptRun].
func (m *Model) KeptRun(ctx context.Context, layer string, from score.Score, x infer.Tensor, features bool) (*gradients.Kept, error) {
	d, err := m.differentiated(ctx)
	if err != nil {
		return nil, err
	}
	return d.KeptRun(ctx, layer, from, x, features)
}

// Layers lists the spatial activations between picture and scores, in the
// order of the graph. Nil where the model cannot be probed. The first call
// runs the model.
func (m *Model) Layers() []gradients.Layer { return m.differentiator().Layers() }

// LastLayer is what class activation maps use by default, "" where the model
// has no spatial layer.
func (m *Model) LastLayer() string { return m.differentiator().LastLayer() }

// Activations returns the layer's C×h×w values for every tensor.
func (m *Model) Activations(ctx context.Context, layer string, batch []infer.Tensor) ([]infer.Tensor, error) {
	d, err := m.differentiated(ctx)
	if err != nil {
		return nil, err
	}
	list, err := d.Activations(ctx, layer, batch)
	if err != nil {
		return nil, err
	}
	return list, m.numbers(list)
}

// CheckUnitGradient reports why no gradient of the units of a layer with respect
// to the picture can be had, or nil. It runs nothing.
func (m *Model) CheckUnitGradient(layer string) error { return m.differentiator().CheckUnit(layer) }

// UnitGradient returns d unit / d input for every tensor of the batch and every
// unit: result[i][k] is C×H×W, in activation per model unit.
func (m *Model) UnitGradient(ctx context.Context, rule score.Rectifier, batch []infer.Tensor, units []gradients.Unit) ([][]infer.Tensor, error) {
	d, err := m.differentiated(ctx)
	if err != nil {
		return nil, err
	}
	list, err := d.UnitGradient(ctx, rule, batch, units)
	if err != nil {
		return nil, err
	}
	return list, m.numbers(list...)
}

// Outline describes the network in rows: chains of operators with their sizes,
// weights and work. The first call may run the model on its test pattern.
func (m *Model) Outline(ctx context.Context) (*outline.Outline, error) {
	d, err := m.differentiated(ctx)
	if err != nil {
		return nil, err
	}
	return d.Outline(ctx)
}

// Penultimate names the tensor in front of the layer that gives the scores, with the
// length of its vector, or says why there is none. The first call runs the model on its
// test pattern.
func (m *Model) Penultimate(ctx context.Context) (tensor string, length int, err error) {
	d, err := m.differentiated(ctx)
	if err != nil {
		return "", 0, err
	}
	return d.Penultimate(ctx)
}

// Featured is the answer to one picture with its penultimate activations, from one
// run: see [gradients.Differentiator.Featured].
func (m *Model) Featured(ctx context.Context, x infer.Tensor) (score.Scores, []float32, error) {
	d, err := m.differentiated(ctx)
	if err != nil {
		return score.Scores{}, nil, err
	}
	return d.Featured(ctx, x)
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
