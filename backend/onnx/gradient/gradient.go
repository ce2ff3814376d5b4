package gradient

import (
	"errors"
	"fmt"

	"picasso/backend/onnx"
	"picasso/backend/onnx/gradient/blocked"
)

// ReLURule chooses what a ReLU does to the gradient.
type ReLURule int

// Rules of ReLU. All but Exact are heuristics: their maps are not gradients.
const (
	// Exact is the derivative: the gradient passes where the ReLU was active.
	Exact ReLURule = iota
	// Guided passes positive gradients where the ReLU was active
	// (Springenberg et al. 2015, arXiv:1412.6806).
	Guided
	// Deconvnet passes positive gradients, whatever the ReLU did
	// (Zeiler and Fergus 2014, arXiv:1311.2901).
	Deconvnet
)

// Options choose variants of the backward model. The zero value is the exact
// gradient.
type Options struct {
	ReLU ReLURule // rule of Relu, and of Clip with lower bound 0 (ReLU6)
	// Kernels allows the operators of package kernel, where those of the runtime
	// are slow on a CPU.
	Kernels bool
	// Block is the number of channels that the runtime computes beside each other on
	// a CPU, where the model may take tensors in such blocks; 0 where it may not. It
	// needs Kernels.
	Block int64
	// Progress is told how many of the nodes on the way are differentiated; an
	// error ends the work and is returned. nil is allowed.
	Progress func(done, nodes int) error
}

// Batching says which batches a backward model accepts.
type Batching int

// Batchings, from the least to the most capable.
const (
	// Single: one image, one seed.
	Single Batching = iota
	// Paired: N images with N seeds, one each.
	Paired
	// Broadcast: as Paired, and also one image with K seeds.
	Broadcast
)

// Graph is a model that is run beside the user's.
type Graph struct {
	Model *onnx.Model
	// Folder is where the model's references to weights start, "" where it
	// has none.
	Folder string
	// Weights are its last inputs, which are the same in every run.
	Weights []blocked.Weights
}

// Plan is a backward model and how to feed it.
type Plan struct {
	Graph
	// Activations are the tensors of the forward pass that the model takes,
	// under their own names and with their own element types, in order; or what
	// [Forward] gives in their place.
	Activations []string
	// Seed is the input behind them: d score / d seed tensor, float32, with as many
	// entries along its batch axis as scores.
	Seed string
	// Gradients are the outputs, float32, one per wanted tensor and of its
	// shape.
	Gradients []string
	Batching  Batching
	// Notes say in words where the result is not the exact gradient.
	Notes []string
}

// Build writes the backward model that computes the gradients of a score with
// respect to the tensors wrt, given the score's gradient with respect to the
// tensor seed. m must be free of local functions ([Inline]); facts describe
// its tensors for the input size in use, or for one picture alone
// ([NewPictureProbe]).
//
// Errors: [*Unsupported] for a node that cannot be differentiated,
// [ErrNoPath], and others for models that do not fit the facts.
func Build(m *onnx.Model, facts Facts, seed string, wrt []string, opt Options) (*Plan, error) {
	g, err := newGraph(m)
	if err != nil {
		return nil, err
	}
	w, err := locate(m)
	if err != nil {
		return nil, err
	}
	route := g.trace(seed, wrt)
	for _, name := range wrt {
		if !route.on[name] {
			return nil, fmt.Errorf("gradient of %q with respect to %q: %w", seed, name, ErrNoPath)
		}
	}
	for _, n := range route.nodes {
		if reason := g.refusal(n, route); reason != "" {
			return nil, unsupported(n, reason)
		}
	}
	if n := g.varying(route); n != nil && !facts.picture {
		return nil, variable(n)
	}
	for _, n := range route.nodes {
		if e := entryOf(n); e.rule == nil && e.lower != nil {
			return nil, unsupported(n, g.whyKept(n, facts))
		}
	}
	for _, level := range []Batching{Broadcast, Single} {
		if level == Broadcast && (facts.picture || !facts.batchable(g, route, seed)) {
			continue
		}
		plan, err := newBuilder(g, w, facts, level, opt).run(route, seed, wrt)
		if !errors.Is(err, errBatch) {
			return plan, err
		}
	}
	return nil, errBatch
}

// errBatch asks for another attempt without an open batch axis.
var errBatch = errors.New("an operator mixes the pictures of a batch")
