package gradient

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"picasso/backend/onnx"
	"picasso/backend/onnx/gradient/blocked"
)

// inBlocks is a tensor of the forward pass, or where it lies, in blocks of so many
// channels. The forward pass gives it in place of the tensor in rows.
type inBlocks struct {
	block  int64
	tensor string
}

// blocksPrefix begins the names under which plans ask for it.
const blocksPrefix = "blocks"

func (i inBlocks) name() string { return fmt.Sprint(blocksPrefix, " ", i.block, " ", i.tensor) }

// parseInBlocks reads a name; ok is false for those of tensors.
func parseInBlocks(name string) (i inBlocks, ok bool) {
	part := strings.SplitN(name, " ", 3)
	if len(part) < 3 || part[0] != blocksPrefix {
		return inBlocks{}, false
	}
	block, err := strconv.ParseInt(part[1], 10, 32)
	return inBlocks{block, part[2]}, err == nil && block >= blocked.Smallest
}

// planes is the shape [N, C, H, W] of a tensor, nil of others; N is −1 where it counts
// pictures.
func (f Fact) planes() []int64 {
	if f.rank() != 4 || f.Batch > 0 || f.odd || f.unknown {
		return nil
	}
	shape := slices.Clone(f.Shape)
	if f.Batch == 0 {
		shape[0] = -1
	}
	return shape
}

// remember keeps the shape of a gradient in mind.
func (b *builder) remember(gradient string, f Fact) { b.shapes[gradient] = f.planes() }

// intoBlocks lets the model compute in blocks of channels what the runtime does, and what
// stands between.
func (b *builder) intoBlocks() error {
	if b.opt.Block < blocked.Smallest || !b.opt.Kernels || b.facts.picture {
		return nil
	}
	w := blocked.Rewriting{
		Block:  b.opt.Block,
		Model:  b.model,
		Scores: scores,
		Shape: func(tensor string) []int64 {
			if shape := b.shapes[tensor]; shape != nil {
				return shape
			}
			if slices.Contains(b.plan.Activations, tensor) {
				return b.fact(plainly(tensor)).planes()
			}
			return nil
		},
		Given: func(input string) string {
			if f, known := b.facts.fact(input); known && slices.Contains(b.plan.Activations, input) && blocked.Fits(b.opt.Block, f.planes()) {
				return inBlocks{b.opt.Block, input}.name()
			}
			return ""
		},
	}
	weights, err := w.Apply(b.plan.Model)
	if err != nil {
		return err
	}
	b.plan.Weights = weights
	b.plan.Activations = b.plan.Activations[:0]
	for _, v := range b.plan.Model.Graph.Inputs {
		if v.Name == b.plan.Seed {
			break
		}
		b.plan.Activations = append(b.plan.Activations, v.Name)
	}
	return nil
}

// plainly is the tensor that a name of [inside] is about.
func plainly(name string) string {
	if part, ok := parseInside(name); ok {
		return part.tensor
	}
	return name
}

// forwardBlocks is the same for a forward pass of the model, from which some outputs are
// wanted in blocks; where none is, it stays as it is.
func (g *Graph) forwardBlocks(m *onnx.Model, facts Facts, block int64, wanted map[string]bool) (err error) {
	if block == 0 {
		return nil
	}
	w := blocked.Rewriting{Block: block, Model: m, Wanted: wanted, Shape: func(tensor string) []int64 {
		if f, known := facts.tensors[tensor]; known {
			return f.planes()
		}
		return nil
	}}
	g.Weights, err = w.Apply(g.Model)
	return err
}
