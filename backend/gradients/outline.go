package gradients

import (
	"context"
	"slices"

	"picasso/backend/infer"
	"picasso/backend/onnx/axes"
	"picasso/backend/onnx/gradient"
	"picasso/backend/onnx/outline"
)

// Outline describes the network in rows. The first call may run the model.
func (d *Differentiator) Outline(ctx context.Context) (*outline.Outline, error) {
	if err := d.ready(ctx); err != nil {
		return nil, err
	}
	in := d.host.Input()
	pictures := 0
	if in.Batched {
		pictures = max(1, in.Pictures)
	}
	m := d.plain.Clone()
	if err := m.Graph.Sort(); err != nil {
		return nil, err
	}
	n := outline.Network{
		Model: m, Facts: axes.Observed(d.facts), Roles: d.axes(), Input: in.Name, Layout: layoutOf(in, pictures),
		Depth: in.Depth, Height: in.Height, Width: in.Width, Outputs: d.host.Reader().Tensors(), Batched: in.Batched,
	}
	if in.Depth > 0 {
		n.Solids = axes.Solids(m, func(name string) int { return len(d.facts.Shape(name)) })
	}
	return outline.Of(n), nil
}

// Means are the mean values of inner tensors for one picture, in one run that
// keeps none of them. The session for the tensors asked for last stays open.
func (d *Differentiator) Means(ctx context.Context, tensors []string, x infer.Tensor) ([]float64, error) {
	if err := d.ready(ctx); err != nil {
		return nil, err
	}
	s, err := d.averaging(ctx, tensors)
	if err != nil {
		return nil, err
	}
	in, err := d.host.Input().Feed([]infer.Tensor{x})
	if err != nil {
		return nil, err
	}
	out, err := s.Run(ctx, []infer.Tensor{in})
	if err != nil {
		return nil, err
	}
	means := make([]float64, len(out))
	for i, t := range out {
		means[i] = float64(t.Data[0])
	}
	return means, nil
}

// averaging is a session that gives the means of tensors.
func (d *Differentiator) averaging(ctx context.Context, tensors []string) (infer.Session, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.means != nil && slices.Equal(d.means.tensors, tensors) {
		return d.means.session, nil
	}
	m, folder, err := gradient.Means(d.graph, tensors)
	if err != nil {
		return nil, err
	}
	s, err := d.openInner(ctx, gradient.Graph{Model: m, Folder: folder}, false)
	if err != nil {
		return nil, err
	}
	d.means = &exposed{opening: opened(s), tensors: slices.Clone(tensors)}
	return s, nil
}
