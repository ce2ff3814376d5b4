package script

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"picasso/backend/infer"
	"picasso/backend/picture"
	"picasso/backend/score"
	"picasso/visualizers"
	"picasso/visualizers/cover"
	"picasso/visualizers/script/wire"
)

// serve answers one question of the script about the model. An error of the
// model ends the run: scripts have no way to go on after one.
func (e *execution) serve(ctx context.Context, m *wire.Message) error {
	if m.Request == nil {
		return &lost{wire.ErrFrame}
	}
	if m.Request.Name == wire.CallTrust {
		return e.judge(ctx, *m.Request, m.Tensors)
	}
	out, err := e.ask(ctx, *m.Request, m.Tensors)
	if err != nil {
		return err
	}
	return e.send(&wire.Message{Kind: wire.Answer, Tensors: out})
}

func (e *execution) ask(ctx context.Context, r wire.Request, tensors []wire.Tensor) ([]wire.Tensor, error) {
	batch, err := e.whole(r, tensors)
	if err != nil {
		return nil, err
	}
	switch r.Name {
	case wire.CallRun, wire.CallGradient, wire.CallActivations, wire.CallLayerGradient:
		if err := e.fits(batch); err != nil {
			return nil, err
		}
	}
	switch r.Name {
	case wire.CallRun:
		return e.run(ctx, r, batch)
	case wire.CallGradient:
		return e.gradient(ctx, batch)
	case wire.CallActivations:
		return e.activations(ctx, r.Layer, batch)
	case wire.CallLayerGradient:
		return e.layerGradient(ctx, r.Layer, batch)
	case wire.CallPicture:
		return e.picture(r.Height, r.Width)
	case wire.CallPrepare:
		return e.prepare(batch)
	case wire.CallEncode:
		if len(batch) != 1 {
			return nil, &lost{wire.ErrFrame}
		}
		return []wire.Tensor{vector(e.in.Subject.Encoder(e.in.Image)(batch[0].Data))}, nil
	}
	return nil, &lost{wire.ErrFrame}
}

// whole makes images of what the script sent: patches are put on copies of the
// image that is explained. The copies are used again for the next question.
func (e *execution) whole(r wire.Request, tensors []wire.Tensor) ([]infer.Tensor, error) {
	batch := make([]infer.Tensor, len(tensors))
	for i, t := range tensors {
		batch[i] = fromWire(t)
	}
	for k, p := range r.Patches {
		if p.Tensor < 0 || p.Tensor >= len(tensors) || k >= len(tensors) {
			return nil, &lost{wire.ErrFrame}
		}
		for len(e.copies) <= p.Tensor {
			e.copies = append(e.copies, infer.NewTensor(e.in.Tensor.Shape...))
		}
		whole := e.copies[p.Tensor]
		copy(whole.Data, e.in.Tensor.Data)
		if err := p.Apply(toWire(whole, 0), tensors[p.Tensor]); err != nil {
			return nil, &lost{err}
		}
		batch[p.Tensor] = whole
	}
	return batch, nil
}

// fits refuses tensors that are no input of the model.
func (e *execution) fits(batch []infer.Tensor) error {
	channels, height, width := e.in.Subject.Shape()
	for _, t := range batch {
		if !slices.Equal(t.Shape, []int{channels, height, width}) {
			return e.complain("the model takes tensors of shape %d×%d×%d, not %v", channels, height, width, t.Shape)
		}
	}
	return nil
}

// run scores images; those the model has seen are answered from memory.
func (e *execution) run(ctx context.Context, r wire.Request, batch []infer.Tensor) ([]wire.Tensor, error) {
	keys := make([]uint64, len(batch))
	fresh := map[uint64]int{} // place among the images to run
	var images []infer.Tensor
	for i, t := range batch {
		keys[i] = e.known.key(t.Data)
		_, seen := e.known.scores[keys[i]]
		if _, twice := fresh[keys[i]]; !seen && !twice {
			fresh[keys[i]] = len(images)
			images = append(images, t)
		}
	}
	answers, err := e.predict(ctx, images)
	if err != nil {
		return nil, err
	}
	out := make([]wire.Tensor, len(batch))
	for i, key := range keys {
		s, seen := e.known.scores[key]
		if !seen {
			s = answers[fresh[key]]
		}
		out[i] = vector(s.Probabilities)
		if r.Logit {
			out[i] = vector(s.Logits)
		}
	}
	for key, i := range fresh {
		e.known.keep(key, answers[i])
	}
	return out, nil
}

func (e *execution) predict(ctx context.Context, images []infer.Tensor) ([]score.Scores, error) {
	if len(images) == 0 {
		return nil, nil
	}
	answers, err := e.in.Subject.Predict(ctx, images)
	if err != nil {
		return nil, err
	}
	if len(answers) != len(images) {
		return nil, fmt.Errorf("the model returned answers for %d of %d pictures", len(answers), len(images))
	}
	e.passes += len(images)
	return answers, nil
}

func (e *execution) targets() []score.Target { return e.in.Targets[e.target : e.target+1] }

func (e *execution) gradient(ctx context.Context, batch []infer.Tensor) ([]wire.Tensor, error) {
	d, ok := e.in.Subject.(visualizers.Differentiable)
	if !ok {
		return nil, visualizers.ErrNoGradient
	}
	gradients, err := d.Gradient(ctx, batch, e.targets())
	if err != nil {
		return nil, err
	}
	e.passes += len(batch)
	out := make([]wire.Tensor, len(gradients))
	for i, g := range gradients {
		out[i] = toWire(g[0], visualizers.DepthOf(e.in.Subject))
	}
	return out, nil
}

// layered is the subject's layers, one of which must be the one named.
func (e *execution) layered(name string) (visualizers.Layered, visualizers.Layer, error) {
	l, ok := e.in.Subject.(visualizers.Layered)
	if !ok {
		return nil, visualizers.Layer{}, visualizers.ErrNoLayers
	}
	for _, y := range l.Layers() {
		if y.Name == name {
			return l, y, nil
		}
	}
	return nil, visualizers.Layer{}, e.complain("the model has no layer %q; ctx.layers lists them", cut(name, 100))
}

func (e *execution) activations(ctx context.Context, layer string, batch []infer.Tensor) ([]wire.Tensor, error) {
	l, found, err := e.layered(layer)
	if err != nil {
		return nil, err
	}
	activations, err := l.Activations(ctx, layer, batch)
	if err != nil {
		return nil, err
	}
	e.passes += len(batch)
	out := make([]wire.Tensor, len(activations))
	for i, a := range activations {
		out[i] = toWire(a, found.Depth)
	}
	return out, nil
}

func (e *execution) layerGradient(ctx context.Context, layer string, batch []infer.Tensor) ([]wire.Tensor, error) {
	_, found, err := e.layered(layer)
	if err != nil {
		return nil, err
	}
	d, ok := e.in.Subject.(visualizers.LayerDifferentiable)
	if !ok || len(batch) != 1 {
		return nil, visualizers.ErrNoGradient
	}
	a, g, err := d.LayerGradient(ctx, layer, batch[0], e.targets())
	if err != nil {
		return nil, err
	}
	e.passes++
	return []wire.Tensor{toWire(a, found.Depth), toWire(g[0], found.Depth)}, nil
}

// maxPixels bounds a picture on its way to a script.
const maxPixels = wire.MaxPayload / 4 / 3 / 4

// picture is the raw picture, resized where a size is given.
func (e *execution) picture(height, width int) ([]wire.Tensor, error) {
	img := e.in.Image
	if img == nil {
		return nil, cover.ErrNoPicture
	}
	if height <= 0 || width <= 0 {
		height, width = img.Height, img.Width
	}
	if height > maxPixels/width {
		return nil, e.complain("the picture of %d×%d pixels is too large for a script; ask for a smaller one: ctx.picture(height, width)", width, height)
	}
	img = img.Resize(width, height, picture.Bilinear, true)
	t := infer.NewTensor(img.Channels, height, width)
	row := make([]float32, width*img.Channels)
	for y := range height {
		img.Row(y, row)
		for x, v := range row {
			t.Data[(x%img.Channels*height+y)*width+x/img.Channels] = v
		}
	}
	return []wire.Tensor{toWire(t, 0)}, nil
}

// prepare runs raw values through the model's preprocessing.
func (e *execution) prepare(batch []infer.Tensor) ([]wire.Tensor, error) {
	if len(batch) != 1 || len(batch[0].Shape) != 3 {
		return nil, &lost{wire.ErrFrame}
	}
	t := batch[0]
	channels, height, width := t.Shape[0], t.Shape[1], t.Shape[2]
	if (channels != 1 && channels != 3) || min(height, width) < 1 {
		return nil, &lost{wire.ErrFrame}
	}
	pix := make([]float32, len(t.Data))
	for i, v := range t.Data {
		c, p := i/(height*width), i%(height*width)
		pix[p*channels+c] = v
	}
	out, err := e.in.Subject.Prepare(picture.NewFloat(e.script.name, width, height, channels, pix))
	if err != nil {
		return nil, errors.Join(e.complain("the model cannot take this picture"), err)
	}
	return []wire.Tensor{toWire(out, visualizers.DepthOf(e.in.Subject))}, nil
}
