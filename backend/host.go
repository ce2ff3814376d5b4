package backend

import (
	"context"
	"time"

	"picasso/backend/cores"
	"picasso/backend/infer"
	"picasso/backend/onnx"
	"picasso/backend/onnx/gradient"
	"picasso/backend/perturb"
	"picasso/backend/preprocess"
	"picasso/backend/score"
)

// host is what gradients and covered copies ask of a model.
type host struct{ model *Model }

func (h host) Name() string { return h.model.Name }

func (h host) Graph() *onnx.Model { return h.model.graph() }

func (h host) Input() preprocess.Input {
	_, in := h.model.preparation()
	return in
}

func (h host) Output() score.Output { return h.model.output() }

func (h host) Reader() score.Reader { return h.model.scoring() }

func (h host) Batch() int { return h.model.Batch() }

func (h host) Provider() string { return h.model.Provider() }

// Block is the runtime's, where sessions have the model's weights to themselves. Blocks of
// weights are copies of them.
func (h host) Block() int64 {
	if h.model.mapped || h.model.Provider() != "CPU" {
		return 0
	}
	return h.model.opener.Block()
}

// fewWeights is the number of weights up to which sessions are opened one after the
// other: a first gradient of SqueezeNet takes 90 ms then, beside each other 118, while
// one of ResNet-50 takes 480 and 400 ms.
const fewWeights = 2 << 20

// Openings is how many sessions are best opened beside each other.
func (h host) Openings() int {
	if h.model.weights() <= fewWeights {
		return 1
	}
	return cores.Usable()
}

// Open makes a session of a rewritten graph on the model's provider.
func (h host) Open(ctx context.Context, src infer.Source) (infer.Session, error) {
	return h.model.part(ctx, src, infer.SessionOptions{Provider: h.model.provider, Threads: h.model.threads, Use: infer.Differentiating})
}

// gradientLanes bounds the activations that are held at once, laneWeights the number of
// weights that a second set of sessions may hold, 256 MB of them: passes of larger
// networks keep all cores busy.
const (
	gradientLanes = 2
	laneWeights   = 64 << 20
)

// GradientLanes is 1 where a second set of sessions would be felt, and where the
// user chose the number of threads.
func (h host) GradientLanes() int {
	if m := h.model; m.threads != 0 || m.mapped || m.weights() > laneWeights || m.Provider() != "CPU" {
		return 1
	}
	return max(1, min(gradientLanes, cores.Usable()))
}

// OpenLane is Open for sessions that run beside each other, each with its share of
// the cores.
func (h host) OpenLane(ctx context.Context, src infer.Source) (infer.Session, error) {
	threads := max(1, cores.Usable()/gradientLanes)
	return h.model.part(ctx, src, infer.SessionOptions{Provider: h.model.provider, Threads: threads, Use: infer.Differentiating})
}

// OpenPart makes a session of a part of the graph, to be run on one thread.
func (h host) OpenPart(ctx context.Context, src infer.Source) (infer.Session, error) {
	return h.model.part(ctx, src, infer.SessionOptions{Provider: infer.CPU, Threads: 1, Prepack: h.model.prepacks(), Use: infer.Cropped})
}

// OpenForward opens a form of the model that gives its output and logits.
func (h host) OpenForward(ctx context.Context, src infer.Source) (*infer.Forward, error) {
	s, err := h.model.parts.Open(ctx, func(ctx context.Context) (infer.Session, error) {
		return h.model.open(ctx, src, infer.Covering)
	})
	if err != nil {
		return nil, err
	}
	return h.model.forwardOf(s, src, h.model.scoring().Tensors()...)
}

// OpenPredicting opens a form of the model that gives more than its output.
func (h host) OpenPredicting(ctx context.Context, src infer.Source) (infer.Session, error) {
	return h.model.parts.Open(ctx, func(ctx context.Context) (infer.Session, error) {
		return h.model.open(ctx, src, infer.Predicting)
	})
}

// Try runs the model on its test pattern.
func (h host) Try(ctx context.Context) ([]infer.Tensor, error) {
	outputs, err := h.model.runPattern(ctx)
	if err != nil {
		return nil, err
	}
	reader := h.model.scoring()
	return h.model.forward().Picture(outputs, 0, h.model.Input.Batched && !reader.Output.Whole, reader.Tensors()...)
}

// Observe is the graph without local functions, and what a run showed of it.
func (h host) Observe(ctx context.Context) (*onnx.Model, gradient.Facts, error) {
	return h.model.differentiator().Observe(ctx)
}

func (h host) Predict(ctx context.Context, batch []infer.Tensor) ([]score.Scores, error) {
	return h.model.Predict(ctx, batch)
}

// Lanes are the parallel runs that share the batches, and the number of
// pictures that suits them.
func (h host) Lanes() (count, width int) {
	return h.model.Lanes().Count, h.model.laned().width()
}

// Weights is about the number of weights that a session of the whole model
// holds, repacked copies included.
func (h host) Weights() int64 {
	n := h.model.weights()
	if h.model.prepacks() {
		n *= 2
	}
	return n
}

func (h host) Took(pictures int, took time.Duration) {
	h.model.rates.Note(perturb.GradientRate, perturb.Size{}, pictures, took)
}
