package gradients

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"picasso/backend/infer"
	"picasso/backend/onnx"
	"picasso/backend/onnx/gradient"
)

// Layer is an inner activation of the model with spatial axes (C×h×w).
type Layer struct {
	Name                    string // of the tensor in the graph
	Channels, Height, Width int
}

// Layers lists the spatial activations between picture and scores, in the
// order of the graph: results of convolutions, activation functions, pooling,
// normalisation and arithmetic, with more than one position and the batch
// first. Nil where the model cannot be probed. The first call runs the model.
func (d *Differentiator) Layers() []Layer {
	if err := d.ready(context.Background()); err != nil {
		return nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.layers == nil {
		d.layers = d.spatial()
	}
	return d.layers
}

// LastLayer is what class activation maps use by default: the last of
// [Differentiator.Layers] that is no result of pooling and that later layers still
// combine; the heads of detectors, whose cells are the scores, are none of
// these. "" where the model has no spatial layer.
func (d *Differentiator) LastLayer() string {
	layers := d.Layers()
	if len(layers) == 0 {
		return ""
	}
	index := d.graph.Graph.Index()
	scores := d.scores()
	for i := len(layers) - 1; i >= 0; i-- {
		n, _ := index.Producer(layers[i].Name)
		if !n.Is("MaxPool", "AveragePool", "LpPool") && combined(index, layers[i].Name, scores, map[string]bool{}) {
			return layers[i].Name
		}
	}
	return layers[len(layers)-1].Name
}

// combined reports whether something between the tensor and the scores mixes
// positions or channels.
func combined(index *onnx.Index, tensor, scores string, known map[string]bool) bool {
	if known[tensor] || tensor == scores {
		return false
	}
	known[tensor] = true
	for _, use := range index.Consumers(tensor) {
		if mixes(use.Node) {
			return true
		}
		for _, out := range use.Node.Outputs {
			if combined(index, out, scores, known) {
				return true
			}
		}
	}
	return false
}

func mixes(n *onnx.Node) bool {
	return strings.HasPrefix(n.OpType, "Reduce") || strings.HasSuffix(n.OpType, "Pool") ||
		strings.HasSuffix(n.OpType, "Conv") || n.Is("ConvTranspose", "Gemm", "MatMul", "Einsum")
}

// Activations returns the layer's C×h×w values for every tensor.
func (d *Differentiator) Activations(ctx context.Context, layer string, batch []infer.Tensor) ([]infer.Tensor, error) {
	if err := d.ready(ctx); err != nil {
		return nil, err
	}
	d.mu.Lock()
	e, err := d.expose(ctx, []string{layer})
	d.mu.Unlock()
	if err != nil {
		return nil, err
	}
	chunk := 1
	if in := d.host.Input(); in.Batched && !in.FixedBatch && d.facts.Batched(layer) {
		chunk = d.host.Batch()
	}
	out := make([]infer.Tensor, 0, len(batch))
	for len(out) < len(batch) {
		n := min(chunk, len(batch)-len(out))
		in, err := d.host.Input().Feed(batch[len(out) : len(out)+n])
		if err != nil {
			return nil, err
		}
		values, err := e.session.Run(ctx, []infer.Tensor{in})
		if err != nil {
			return nil, err
		}
		t := values[slices.Index(e.tensors, layer)]
		if len(t.Shape) != 4 || t.Shape[0] < n {
			return nil, fmt.Errorf("the tensor %q of shape %v has no channels, height and width", layer, t.Shape)
		}
		for i := range n {
			out = append(out, t.Slice(i).Clone())
		}
	}
	return out, nil
}

// spatial finds the layers. d.mu is held and the model probed.
func (d *Differentiator) spatial() []Layer {
	on := gradient.Between(d.graph, d.scores(), d.host.Input().Name)
	var layers []Layer
	for _, n := range d.graph.Graph.Nodes {
		name := n.Output(0)
		if !on[name] || name == d.scores() || rearranges(n) {
			continue
		}
		shape := d.facts.Shape(name)
		if len(shape) != 4 || shape[0] != max(1, d.host.Input().Pictures) || shape[2]*shape[3] < 2 {
			continue
		}
		layers = append(layers, Layer{name, shape[1], shape[2], shape[3]})
	}
	return layers
}

// rearranges reports operators that compute nothing: their outputs are no
// layers of their own.
func rearranges(n *onnx.Node) bool {
	return n.Is("Transpose", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Identity", "Cast", "Dropout", "Slice",
		"Gather", "Split", "Pad", "Expand", "Tile", "QuantizeLinear", "DequantizeLinear", "Softmax", "MatMul")
}
