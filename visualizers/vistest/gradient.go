package vistest

import (
	"context"
	"fmt"

	"picasso/backend/infer"
	"picasso/backend/score"
	"picasso/visualizers"
)

// CheckGradient is nil: the net is differentiable.
func (n *Net) CheckGradient() error { return nil }

// CheckLayerGradient is nil for the net's layer.
func (n *Net) CheckLayerGradient(layer string) error {
	if layer != Layer {
		return fmt.Errorf("there is no layer %q", layer)
	}
	return nil
}

// Layers is the net's only one.
func (n *Net) Layers() []visualizers.Layer {
	return []visualizers.Layer{{Name: Layer, Channels: len(n.Mix), Height: n.Height, Width: n.Width, Axes: "N,C,h,w"}}
}

// LastLayer is the net's only one.
func (n *Net) LastLayer() string { return Layer }

// Activations are the features of each tensor.
func (n *Net) Activations(ctx context.Context, layer string, batch []infer.Tensor) ([]infer.Tensor, error) {
	if err := n.CheckLayerGradient(layer); err != nil {
		return nil, err
	}
	out := make([]infer.Tensor, len(batch))
	for i, x := range batch {
		if err := n.enter(ctx, x); err != nil {
			return nil, err
		}
		out[i] = n.layer(n.features(x))
	}
	return out, nil
}

// LayerGradient is the feature map and its gradient for each target.
func (n *Net) LayerGradient(ctx context.Context, layer string, x infer.Tensor, targets []score.Target) (infer.Tensor, []infer.Tensor, error) {
	if err := n.CheckLayerGradient(layer); err != nil {
		return infer.Tensor{}, nil, err
	}
	if err := n.enter(ctx, x); err != nil {
		return infer.Tensor{}, nil, err
	}
	features := n.features(x)
	var gradients []infer.Tensor
	for _, t := range targets {
		gradients = append(gradients, n.layer(n.pull(features, t)))
	}
	return n.layer(features), gradients, nil
}

// Gradient is exact.
func (n *Net) Gradient(ctx context.Context, batch []infer.Tensor, targets []score.Target) ([][]infer.Tensor, error) {
	return n.gradients(ctx, batch, targets, func(sum, _ float64) bool { return sum > 0 })
}

// RectifiedGradient is the gradient by another rule for the rectifier.
func (n *Net) RectifiedGradient(ctx context.Context, rule score.Rectifier, batch []infer.Tensor, targets []score.Target) ([][]infer.Tensor, error) {
	return n.gradients(ctx, batch, targets, passing(rule))
}

// passing is what a rule lets through the rectifier, by what went in and what
// comes back.
func passing(rule score.Rectifier) func(sum, pulled float64) bool {
	return func(sum, pulled float64) bool {
		switch rule {
		case score.GuidedRectifier:
			return sum > 0 && pulled > 0
		case score.DeconvRectifier:
			return pulled > 0
		}
		return sum > 0
	}
}

// CheckUnitGradient is nil for the net's layer.
func (n *Net) CheckUnitGradient(layer string) error { return n.CheckLayerGradient(layer) }

// UnitGradient is exact, or by another rule for the rectifier.
func (n *Net) UnitGradient(ctx context.Context, rule score.Rectifier, batch []infer.Tensor, units []visualizers.Unit) ([][]infer.Tensor, error) {
	out := make([][]infer.Tensor, len(batch))
	plane := n.Height * n.Width
	for i, x := range batch {
		if err := n.enter(ctx, x); err != nil {
			return nil, err
		}
		sums := n.sums(x)
		for _, u := range units {
			if err := n.Layers()[0].Check(u); err != nil {
				return nil, err
			}
			pulled := make([]float64, len(sums))
			for k := range plane {
				if u.Cell == nil {
					pulled[u.Channel*plane+k] = 1 / float64(plane)
				} else if k == u.Cell[0]*n.Width+u.Cell[1] {
					pulled[u.Channel*plane+k] = 1
				}
			}
			out[i] = append(out[i], n.back(sums, pulled, passing(rule)))
		}
	}
	return out, nil
}

func (n *Net) gradients(ctx context.Context, batch []infer.Tensor, targets []score.Target, pass func(sum, pulled float64) bool) ([][]infer.Tensor, error) {
	out := make([][]infer.Tensor, len(batch))
	for i, x := range batch {
		if err := n.enter(ctx, x); err != nil {
			return nil, err
		}
		sums, features := n.sums(x), n.features(x)
		for _, t := range targets {
			out[i] = append(out[i], n.back(sums, n.pull(features, t), pass))
		}
	}
	return out, nil
}

// pull is d target / d features.
func (n *Net) pull(features []float64, t score.Target) []float64 {
	seed := make([]float64, len(n.Bias))
	n.seed(seed, features, t.Class, 1, t.Score)
	if t.Against != score.NoClass {
		n.seed(seed, features, t.Against, -1, t.Score)
	}
	out := make([]float64, len(features))
	for j, s := range seed {
		for i, w := range n.Read[j] {
			out[i] += s * w
		}
	}
	return out
}

// seed adds sign · d score(class) / d logits.
func (n *Net) seed(seed, features []float64, class int, sign float64, scale score.Score) {
	if scale == score.Logit {
		seed[class] += sign
		return
	}
	p := n.scores(features).Probabilities
	for j := range seed {
		seed[j] -= sign * float64(p[class]) * float64(p[j])
	}
	seed[class] += sign * float64(p[class])
}

// back is d target / d input from d target / d features.
func (n *Net) back(sums, pulled []float64, pass func(sum, pulled float64) bool) infer.Tensor {
	plane := n.Height * n.Width
	g := make([]float64, n.Channels*plane)
	for k, row := range n.Mix {
		for i := range plane {
			if !pass(sums[k*plane+i], pulled[k*plane+i]) {
				continue
			}
			for c, w := range row {
				g[c*plane+i] += w * pulled[k*plane+i]
			}
		}
	}
	t := infer.NewTensor(n.Channels, n.Height, n.Width)
	for i, v := range g {
		t.Data[i] = float32(v)
	}
	return t
}

func (n *Net) layer(values []float64) infer.Tensor {
	t := infer.NewTensor(len(n.Mix), n.Height, n.Width)
	for i, v := range values {
		t.Data[i] = float32(v)
	}
	return t
}
