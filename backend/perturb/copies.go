package perturb

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"

	"picasso/backend/infer"
	"picasso/backend/onnx"
	"picasso/backend/onnx/gradient"
	"picasso/backend/preprocess"
	"picasso/backend/score"
)

// Engine says how copies of a picture are scored.
type Engine string

// Engines. Their numbers are the same up to rounding.
const (
	// AutoEngine takes the strategy that is expected to be faster.
	AutoEngine Engine = "auto"
	// PlainEngine runs every copy through the whole model.
	PlainEngine Engine = "plain"
	// IncrementalEngine computes only what the difference can reach.
	IncrementalEngine Engine = "incremental"
	// GraphEngine covers the picture inside the graph, so that a graphics card
	// gets one picture and rectangles instead of every copy.
	GraphEngine Engine = "graph"
)

// Copies scores copies of one picture that differ from it inside rectangles.
// It may be used from one goroutine at a time.
type Copies interface {
	// Score predicts copies of the picture: batch[i] differs from
	// it only inside changed[i], in places of the model's input.
	Score(ctx context.Context, batch []infer.Tensor, changed []Box) ([]score.Scores, error)
	// Batch is the number of copies that are best scored together.
	Batch() int
	// Stats tells how copies were scored so far.
	Stats() Stats
	// Close ends the use. Closing again does nothing.
	Close()
}

// Stats tells how copies of a picture were scored.
type Stats struct {
	Engine Engine  // the strategy used: plain, incremental or graph
	Copies int     // scored so far
	Known  int     // of these, remembered from earlier and not computed
	Lanes  int     // parallel runs in full inference, 0 in others
	Share  float64 // multiply-adds done over those of full inference
	Notice string  // why it is not the one asked for, "" where it is
}

// Occluder is what covers copies of a picture x: x + w·(Fill − x), where w is the
// weight of a pixel's slice times that of its row and that of its column.
type Occluder struct {
	Fill infer.Tensor // C×H×W in model units
	// Weights of the slices, rows and columns of a box, 0…1; nil for 1 everywhere.
	// The one slice of a picture has none.
	Weights func(changed Box) [3][]float32
}

// ScorerHost is the model whose copies are scored.
type Host interface {
	Graph() *onnx.Model // with the constants in use
	Input() preprocess.Input
	Reader() score.Reader
	Provider() string
	Batch() int // of pictures that suit the machine
	Predict(ctx context.Context, batch []infer.Tensor) ([]score.Scores, error)
	// Lanes are the parallel runs that share the batches, and the number
	// of pictures that suits them.
	Lanes() (count, width int)
	// Observe is the graph without local functions, and what a run showed of it.
	Observe(ctx context.Context) (*onnx.Model, gradient.Facts, error)
	// OpenPart makes a session of a part of the graph, to be run on one thread.
	OpenPart(ctx context.Context, src infer.Source) (infer.Session, error)
	// OpenForward opens a form of the model that gives its output and logits.
	OpenForward(ctx context.Context, src infer.Source) (*infer.Forward, error)
	// Weights is about the number of weights that a session of the whole model
	// holds, repacked copies included.
	Weights() int64
}

// Scorer scores copies of pictures for one model, and keeps what that needs:
// plans, sessions, scores seen before. It is safe for concurrent use.
type Scorer struct {
	host        Host
	jobs        *infer.Jobs
	rates       *Rates
	incremental *incrementalEngine
	covering    *covering
	memory      *scoreMemory
}

// NewScorer prepares to score copies. It opens nothing. Work that many wait
// for goes to jobs, what was measured to rates; threads is the number that the
// user chose, or 0.
func New(h Host, j *infer.Jobs, r *Rates, threads int) *Scorer {
	if threads == 0 {
		threads = min(runtime.GOMAXPROCS(0), MaxWorkers)
	}
	return &Scorer{
		host: h, jobs: j, rates: r, memory: newScoreMemory(rememberedBytes), covering: &covering{host: h, jobs: j},
		incremental: &incrementalEngine{host: h, jobs: j, rates: r, workers: threads, bounds: usual(threads), sessions: map[string]*shared{}, arenas: make(chan *arena, threads)},
	}
}

// Close ends all sessions.
func (s *Scorer) Close() error { return cmp.Or(s.incremental.close(), s.covering.close()) }

// Copies prepares to score copies of base (C×H×W in model units) that differ
// from it inside the given windows. occluder says how they do, or is nil where
// that is not known. With [AutoEngine], scores of copies seen before are
// remembered, whatever run they belonged to.
func (s *Scorer) Copies(ctx context.Context, base infer.Tensor, windows []Box, occluder *Occluder, engine Engine) (Copies, error) {
	if err := base.Check(); err != nil {
		return nil, err
	}
	c := &copies{scorer: s, base: base, windows: windows, occluder: occluder, engine: engine}
	if engine == AutoEngine {
		c.memory = s.remembered(base)
	}
	if engine != PlainEngine && (engine != AutoEngine || c.ready()) {
		if err := c.prepare(ctx); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// copies implements [Copies].
type copies struct {
	scorer   *Scorer
	base     infer.Tensor
	windows  []Box
	occluder *Occluder
	engine   Engine
	memory   memory

	mu       sync.Mutex
	prepared bool           // or being prepared
	doubt    doubt          // whether the other strategy is faster
	coming   <-chan arrival // what is being prepared, nil where nothing is
	stop     func()         // ends it
	run      strategy       // nil while full inference is taken
	account  Stats
	work     float64 // multiply-adds so far, in runs of the whole model
}

// Batch implements [Copies].
func (c *copies) Batch() int {
	if c.prefers() != IncrementalEngine || c.prepared && c.run == nil && c.coming == nil {
		_, width := c.scorer.host.Lanes()
		return max(c.scorer.host.Batch(), width)
	}
	return max(c.scorer.host.Batch(), c.scorer.incremental.batch())
}

// Stats implements [Copies].
func (c *copies) Stats() Stats {
	c.mu.Lock()
	defer c.mu.Unlock()
	a := c.account
	a.Engine, a.Share = PlainEngine, 1
	if c.run != nil {
		a.Engine = c.run.engine()
	} else {
		a.Lanes, _ = c.scorer.host.Lanes()
	}
	if a.Copies > 0 {
		a.Share = c.work / float64(a.Copies)
	}
	return a
}

// Close implements [Copies].
func (c *copies) Close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.turnAway()
	c.drop()
	c.prepared = true
}

// drop goes back to full inference.
func (c *copies) drop() {
	if c.run != nil {
		c.run.release()
		c.run = nil
	}
}

// Score implements [Copies].
func (c *copies) Score(ctx context.Context, batch []infer.Tensor, changed []Box) ([]score.Scores, error) {
	if len(batch) != len(changed) {
		return nil, fmt.Errorf("%d tensors with %d boxes", len(batch), len(changed))
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	out := make([]score.Scores, len(batch))
	keys := make([]memoryKey, len(batch))
	var todo []int
	for i, t := range batch {
		keys[i] = c.memory.key(t, changed[i])
		var known bool
		if out[i], known = c.memory.get(keys[i]); !known {
			todo = append(todo, i)
		}
	}
	c.account.Known += len(batch) - len(todo)
	tensors, boxes := make([]infer.Tensor, len(todo)), make([]Box, len(todo))
	for k, i := range todo {
		tensors[k], boxes[k] = batch[i], changed[i]
	}
	scores, err := c.compute(ctx, tensors, boxes)
	if err != nil {
		return nil, err
	}
	for k, i := range todo {
		out[i] = scores[k]
		c.memory.put(keys[i], scores[k])
	}
	c.account.Copies += len(batch)
	return out, nil
}

// Learn counts what [Rates.Copies] does not know yet of windows of a size. It
// takes about as long as opening the model.
func (s *Scorer) Learn(ctx context.Context, window Size) error {
	err := s.incremental.design(ctx, classOf(window))
	var no *NoGainError
	if errors.As(err, &no) {
		return nil // which is known now
	}
	return err
}
