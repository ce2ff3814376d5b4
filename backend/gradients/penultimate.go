package gradients

import (
	"context"
	"errors"
	"fmt"
	"math"

	"picasso/backend/infer"
	"picasso/backend/onnx"
	"picasso/backend/score"
)

// MostFeatures bounds the length of the vectors of [Differentiator.Featured].
const MostFeatures = 16_384

// featured is a form of the model that gives the penultimate activations along with
// what scores are made from.
type featured struct {
	onnx.Penultimate
	forward *infer.Forward
	length  int
	err     error // why there is none
}

// Penultimate names the tensor in front of the layer that gives the scores, with the
// length of its vector, or says why there is none that could be read. The first call
// runs the model on its test pattern. An embedding is such a vector itself.
func (d *Differentiator) Penultimate(ctx context.Context) (tensor string, length int, err error) {
	f, err := d.featuring(ctx)
	if err != nil {
		return "", 0, err
	}
	return f.Tensor, f.length, nil
}

// Featured answers for one picture and gives its penultimate activations: the vector
// in front of the layer that gives the scores, at most [MostFeatures] numbers. What
// that layer holds for every place is averaged over the places. One run gives both.
func (d *Differentiator) Featured(ctx context.Context, x infer.Tensor) (score.Scores, []float32, error) {
	f, err := d.featuring(ctx)
	if err != nil {
		return score.Scores{}, nil, err
	}
	return d.featured(ctx, f, x)
}

// featuring opens the form of the model that gives the vector, once.
func (d *Differentiator) featuring(ctx context.Context) (*featured, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.penultimate == nil {
		f := &featured{}
		if f.err = d.openFeatured(ctx, f); f.err != nil && (ctx.Err() != nil || errors.Is(f.err, infer.ErrClosed)) {
			return nil, f.err // another time
		}
		d.penultimate = f
	}
	return d.penultimate, d.penultimate.err
}

func (d *Differentiator) openFeatured(ctx context.Context, f *featured) error {
	var err error
	if f.Penultimate, err = d.findPenultimate(); err != nil {
		return err
	}
	small, folder, err := d.host.Graph().Detach()
	if err != nil {
		return err
	}
	tensors := append(d.host.Reader().Tensors(), f.Tensor)
	if err := small.Graph.Expose(tensors...); err != nil {
		return err
	}
	small.Graph.KeepOutputs(tensors...)
	small.Graph.Prune()
	data, err := small.Encode()
	if err != nil {
		return err
	}
	src := infer.Source{Bytes: data, Folder: folder}
	s, err := d.host.OpenPredicting(ctx, src)
	if err != nil {
		return fmt.Errorf("the layer before its scores cannot be read: %w", err)
	}
	if err := d.keep(s); err != nil {
		return err
	}
	f.forward = infer.NewForward(s, src, tensors...)
	_, vector, err := d.featured(ctx, f, d.host.Input().Pattern())
	f.length = len(vector)
	return err
}

// findPenultimate finds the tensor for the output as it is read now.
func (d *Differentiator) findPenultimate() (onnx.Penultimate, error) {
	out := d.host.Output()
	switch out.Kind {
	case score.Detection, score.Selection:
		return onnx.Penultimate{}, errors.New("its scores are those of boxes")
	case score.Embedding:
		return onnx.Penultimate{Tensor: out.Name, Axis: out.Axis}, nil
	}
	return onnx.FindPenultimate(d.host.Graph(), d.scores())
}

// featured runs one picture.
func (d *Differentiator) featured(ctx context.Context, f *featured, x infer.Tensor) (score.Scores, []float32, error) {
	host := d.host
	in, err := host.Input().Feed([]infer.Tensor{x})
	if err != nil {
		return score.Scores{}, nil, err
	}
	outputs, err := f.forward.Session.Run(ctx, []infer.Tensor{in})
	if err != nil {
		return score.Scores{}, nil, err
	}
	answers, err := host.Reader().ReadAll(f.forward, outputs, 1, host.Input().Batched, host.Name())
	if err != nil {
		return score.Scores{}, nil, err
	}
	t, err := f.forward.Tensor(outputs, f.Tensor)
	if err != nil {
		return score.Scores{}, nil, err
	}
	vector, err := f.vector(t, max(1, host.Input().Pictures))
	return answers[0], vector, err
}

// vector is the mean over the places of what a tensor holds for the first of the
// pictures that were run.
func (f *featured) vector(t infer.Tensor, pictures int) ([]float32, error) {
	axis := f.Axis
	if axis < 0 {
		axis += len(t.Shape)
	}
	if axis < 0 || axis >= len(t.Shape) || len(t.Data) == 0 || pictures > 1 && (axis == 0 || t.Shape[0]%pictures != 0) {
		return nil, fmt.Errorf("the layer before its scores has the shape %v, which is no vector for a picture", t.Shape)
	}
	length, inner := t.Shape[axis], infer.Elements(t.Shape[axis+1:])
	if length > MostFeatures {
		return nil, fmt.Errorf("the layer before its scores holds %d numbers for a picture, more than %d", length, MostFeatures)
	}
	data := t.Data[:len(t.Data)/pictures]
	outer := len(data) / (length * inner)
	sums := make([]float64, length)
	for o := range outer {
		for c := range sums {
			at := (o*length + c) * inner
			for _, v := range data[at : at+inner] {
				sums[c] += float64(v)
			}
		}
	}
	vector := make([]float32, length)
	for c, sum := range sums {
		vector[c] = float32(sum / float64(outer*inner))
		if math.IsNaN(sum) || math.IsInf(float64(vector[c]), 0) {
			return nil, errors.New("the layer before its scores gives values that are not numbers")
		}
	}
	return vector, nil
}
