package gradients

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"picasso/backend/infer"
	"picasso/backend/onnx"
	"picasso/backend/onnx/axes"
	"picasso/backend/onnx/gradient"
	"picasso/backend/preprocess"
	"picasso/backend/score"
)

// Differentiator holds what a model needs for gradients: its graph with local
// functions inlined, the observed shapes, and pairs of sessions (forward with
// activations, backward) by what they differentiate. All of it is made on
// first use. It is safe for concurrent use.
type Differentiator struct {
	host Host
	only *infer.Tensor // the picture whose shapes are observed; nil for any: see [Differentiator.alone]
	seen *sight        // of only; nil where nothing can be told from it about other pictures

	aloneMu sync.Mutex      // held while a picture is observed and differentiated by itself
	last    *Differentiator // the latest of these

	once  sync.Once
	plain *onnx.Model // without local functions
	err   error       // why there is no such model

	mu     sync.Mutex
	graph  *onnx.Model // plain, without branches that are never taken
	facts  gradient.Facts
	probed bool
	// foretold: the facts were inferred, not observed; observing: they must be
	// observed from now on.
	foretold, observing bool
	chain               bool // probabilities are differentiated here, from the logits
	plans               map[planKey]*backward
	passes              []*exposed // the latest used last
	means               *exposed   // of [Differentiator.Means]
	layers              []mapped
	penultimate         *featured // nil until it is asked for
	kept                map[keepKey]*keeping

	jobs infer.Jobs // sessions that are being opened

	notesMu sync.Mutex // not held while anything runs, as coverMu
	notes   []string   // where plans are not exact

	rolesMu sync.Mutex
	roles   *axes.Map // nil until they are asked for

	sessionsMu sync.Mutex
	sessions   []infer.Session // all that are open
	closed     bool

	coverMu sync.Mutex  // not held while anything runs: the window asks for coverage
	current *onnx.Model // graph once it is known, plain before
	covers  map[string]coverResult
}

// Host is the model that is differentiated.
type Host interface {
	Name() string
	Graph() *onnx.Model // with the constants in use
	Input() preprocess.Input
	Output() score.Output // as it is read now
	Reader() score.Reader // as Output
	Batch() int           // of pictures that suit the machine
	Provider() string     // what runs the model: "CPU", "CUDA", …
	Block() int64         // channels that the CPU computes beside each other; 0: the graphs are not to be in such blocks
	Openings() int        // how many sessions are best opened beside each other, 1 or more
	// Open makes a session of a rewritten graph on the model's provider.
	Open(ctx context.Context, src infer.Source) (infer.Session, error)
	// GradientLanes is how many pictures suit the machine beside each other, each in
	// sessions of OpenLane, which use their share of its cores; 1 where only those
	// of Open are to be used.
	GradientLanes() int
	OpenLane(ctx context.Context, src infer.Source) (infer.Session, error)
	// OpenPredicting is Open for a form of the model that answers as the model does.
	OpenPredicting(ctx context.Context, src infer.Source) (infer.Session, error)
	// Try runs the model on its test pattern and gives the tensors that Reader
	// reads, those of one picture.
	Try(ctx context.Context) ([]infer.Tensor, error)
	// Took learns how long the gradients of some pictures took.
	Took(pictures int, took time.Duration)
}

// NewDifferentiator prepares to differentiate a model. It runs nothing.
func New(h Host) *Differentiator {
	return &Differentiator{host: h, jobs: infer.NewJobs(), plans: map[planKey]*backward{}, kept: map[keepKey]*keeping{}, covers: map[string]coverResult{}}
}

type coverResult struct {
	coverage gradient.Coverage
	varies   bool // shapes on the way, or which way it is, depend on the picture
	err      error
}

// planKey is what a backward model computes: d seed / d wrt.
type planKey struct {
	seed, wrt string
	rule      score.Rectifier
	lane      bool // runs beside others
}

// backward is a backward model with its session and the forward session that
// feeds it.
type backward struct {
	*gradient.Plan
	key     planKey
	session *opening
	forward *exposed
	proven  bool // a batch was seen to agree with single runs
}

// exposed is a forward session that gives inner tensors.
type exposed struct {
	*opening
	tensors []string
	lane    bool // runs beside others
}

// inlined is the part of the model that its scores are made by, without local
// functions. Other outputs may be text or lists, which nothing can look at.
func (d *Differentiator) inlined() (*onnx.Model, error) {
	d.once.Do(func() {
		m := d.host.Graph().Clone()
		tensors := d.host.Reader().Tensors()
		if d.err = m.Graph.Expose(tensors...); d.err != nil {
			return
		}
		m.Graph.KeepOutputs(tensors...)
		direct(m.Graph)
		m.Graph.Prune()
		d.plain, d.err = gradient.Inline(m)
	})
	return d.plain, d.err
}

// scores is the tensor that gradients start from, as far as known without
// running anything.
func (d *Differentiator) scores() string {
	out := d.host.Output()
	if out.LogitTensor != "" && out.Kind != score.Detection {
		return out.LogitTensor
	}
	return out.Name
}

// Cover counts the nodes between the tensor wrt and the scores.
func (d *Differentiator) Cover(wrt string) (gradient.Coverage, error) {
	m, err := d.inlined()
	if err != nil {
		return gradient.Coverage{}, err
	}
	d.coverMu.Lock()
	defer d.coverMu.Unlock()
	if d.current != nil {
		m = d.current
	}
	r, ok := d.covers[wrt]
	if !ok {
		r.coverage, r.err = gradient.Cover(m, d.scores(), wrt)
		if r.varies = slices.ContainsFunc(r.coverage.Blockers, func(b gradient.Unsupported) bool { return b.Varies }); r.varies {
			r.coverage, r.err = gradient.CoverPicture(m, d.scores(), wrt)
		}
		d.covers[wrt] = r
	}
	return r.coverage, r.err
}

func (d *Differentiator) Check(wrt string) error {
	c, err := d.Cover(wrt)
	switch {
	case err != nil:
		return err
	case len(c.Blockers) > 0:
		return &c.Blockers[0]
	case c.Total == 0 && wrt != d.scores():
		return d.noPath(wrt)
	}
	return nil
}

// noPath says which node keeps the scores from following the tensor.
func (d *Differentiator) noPath(wrt string) error {
	m, err := d.inlined()
	if err != nil {
		return err
	}
	if n := gradient.Cut(m, d.scores(), wrt); n != nil {
		return fmt.Errorf("%w: the path to it goes through the node %s, whose result is constant almost everywhere (it rounds, compares or selects)", gradient.ErrNoPath, n.Label())
	}
	return fmt.Errorf("%q: %w", wrt, gradient.ErrNoPath)
}

// ready probes the model: with one picture, and with two where it takes them.
func (d *Differentiator) ready(ctx context.Context) error {
	m, err := d.inlined()
	if err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.probed {
		return nil
	}
	infer.Tell(ctx, "reading the shapes inside the model", 0)
	d.graph = gradient.Real(m, d.host.Input().Name)
	if wide := gradient.Widen(d.graph); wide != d.graph {
		d.graph = wide
		d.note("the model computes in half or double precision; its gradient is computed in float32")
	}
	for changed := true; changed; {
		if d.facts, err = d.observe(ctx); err != nil {
			return err
		}
		if d.graph, changed, err = gradient.Decide(d.graph, d.facts); err != nil {
			return err
		}
		if changed {
			d.seen = nil
		}
	}
	d.coverMu.Lock()
	d.current = d.graph
	clear(d.covers)
	d.coverMu.Unlock()
	if d.only == nil {
		if err := d.chooseSeed(ctx); err != nil {
			return err
		}
	}
	d.probed = true
	return nil
}

// Observe is the model without local functions, and what its probe showed.
func (d *Differentiator) Observe(ctx context.Context) (*onnx.Model, gradient.Facts, error) {
	if err := d.ready(ctx); err != nil {
		return nil, gradient.Facts{}, err
	}
	m, err := d.inlined()
	return m, d.facts, err
}

// observe learns the shapes: from the operators where these suffice, else from
// the model's probe. d.mu is held.
func (d *Differentiator) observe(ctx context.Context) (facts gradient.Facts, err error) {
	if facts, d.foretold = d.foretell(); d.foretold {
		return facts, nil
	}
	newProbe := gradient.NewProbe
	if d.only != nil {
		newProbe = gradient.NewPictureProbe
	}
	p, err := newProbe(d.graph)
	if err != nil {
		return gradient.Facts{}, err
	}
	s, err := d.open(ctx, gradient.Graph{Model: p.Model, Folder: p.Folder}, false)
	if err != nil {
		return gradient.Facts{}, fmt.Errorf("the shapes inside %s cannot be read: %w", d.host.Name(), err)
	}
	if d.only == nil {
		defer s.Close()
	} else if err := d.keep(s); err != nil {
		return gradient.Facts{}, err
	}
	one, err := d.probe(ctx, s, 1)
	if err != nil {
		return gradient.Facts{}, err
	}
	if d.only != nil {
		d.seen = &sight{s, one}
	}
	two := make([]infer.Tensor, 2)
	if in := d.host.Input(); in.Batched && !in.FixedBatch && d.only == nil {
		if both, err := d.probe(ctx, s, 2); err == nil {
			two = both
		} else if ctx.Err() != nil {
			return gradient.Facts{}, err
		}
	}
	facts, err = p.Learn(one[0].Data, one[1].Data, two[0].Data, two[1].Data)
	if err != nil {
		return gradient.Facts{}, fmt.Errorf("%s: %w", d.host.Name(), err)
	}
	return facts, nil
}

func (d *Differentiator) probe(ctx context.Context, s infer.Session, n int) ([]infer.Tensor, error) {
	x := d.host.Input().Pattern()
	if d.only != nil {
		x = *d.only
	}
	in, err := d.host.Input().Feed(slices.Repeat([]infer.Tensor{x}, n))
	if err != nil {
		return nil, err
	}
	return s.Run(ctx, []infer.Tensor{in})
}

// open makes a session of a rewritten model, of its own or for a lane.
func (d *Differentiator) open(ctx context.Context, g gradient.Graph, lane bool) (infer.Session, error) {
	data, err := g.Model.Encode()
	if err != nil {
		return nil, err
	}
	src := infer.Source{Bytes: data, Folder: g.Folder}
	for _, w := range g.Weights {
		src.Fixed = append(src.Fixed, w.Fill)
	}
	if lane {
		return d.host.OpenLane(ctx, src)
	}
	return d.host.Open(ctx, src)
}

// openKept is [Differentiator.open] for a session that is kept. fault says what cannot
// be had without it.
func (d *Differentiator) openKept(ctx context.Context, g gradient.Graph, lane bool, fault string) (infer.Session, error) {
	s, err := d.open(ctx, g, lane)
	if err == nil {
		err = d.keep(s)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", fault, err)
	}
	return s, nil
}

// openInner makes a session of a graph that gives inner tensors.
func (d *Differentiator) openInner(ctx context.Context, g gradient.Graph, lane bool) (infer.Session, error) {
	return d.openKept(ctx, g, lane, fmt.Sprintf("the inner tensors of %s cannot be read", d.host.Name()))
}

// keep takes over a session, which Close ends.
func (d *Differentiator) keep(s infer.Session) error {
	d.sessionsMu.Lock()
	defer d.sessionsMu.Unlock()
	if d.closed {
		return errors.Join(infer.ErrClosed, s.Close())
	}
	d.sessions = append(d.sessions, s)
	return nil
}

// Close ends all sessions; runs in progress stop with an error.
func (d *Differentiator) Close() error {
	d.sessionsMu.Lock()
	all, last := d.sessions, d.last
	d.sessions, d.last, d.closed = nil, nil, true
	d.sessionsMu.Unlock()
	if last != nil {
		_ = last.Close()
	}
	d.jobs.Close()
	var err error
	for _, s := range all {
		err = cmp.Or(err, s.Close())
	}
	return err
}

// backward is the pair of sessions for a key, opened once. They may be on their way:
// the first pass begins while later parts are opened.
func (d *Differentiator) backward(ctx context.Context, key planKey) (*backward, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if b := d.plans[key]; b != nil && !b.broken() {
		return b, nil
	}
	plan, err := d.plan(ctx, key)
	if err != nil {
		return nil, err
	}
	infer.Tell(ctx, "opening the backward pass", 1)
	b := &backward{Plan: plan, key: key}
	tensors := d.needs(plan, key)
	var list []*opening
	if b.forward = d.exposing(tensors, key.lane); b.forward == nil {
		if b.forward, err = d.exposure(tensors, key.lane); err != nil {
			return nil, err
		}
		list = append(list, b.forward.opening)
	}
	b.session = d.opening(b)
	d.openInTurn(append(list, b.session))
	d.plans[key] = b
	for _, note := range plan.Notes {
		d.note(note)
	}
	return b, nil
}

// needs are the tensors that a plan takes from the forward pass.
func (d *Differentiator) needs(plan *gradient.Plan, key planKey) []string {
	tensors := append(slices.Clone(plan.Activations), key.seed, key.wrt, d.host.Output().Name)
	if labels := d.host.Output().Selected.Labels; labels != "" {
		tensors = append(tensors, labels)
	}
	return tensors
}

// plan is what a backward pass computes, the same in a lane and alone. d.mu is held.
func (d *Differentiator) plan(ctx context.Context, key planKey) (*gradient.Plan, error) {
	key.lane = !key.lane
	if b := d.plans[key]; b != nil {
		return b.Plan, nil
	}
	return gradient.Build(d.graph, d.facts, key.seed, []string{key.wrt}, gradient.Options{
		ReLU: gradient.ReLURule(key.rule), Kernels: d.host.Provider() == cpu, Block: d.host.Block(),
		Progress: func(done, nodes int) error {
			infer.Tell(ctx, fmt.Sprintf("preparing the gradient: %d of %d nodes", done, nodes), float64(done)/float64(nodes))
			return ctx.Err()
		},
	})
}

// exposing is a forward session that gives all the tensors, nil where none does. d.mu
// is held.
func (d *Differentiator) exposing(tensors []string, lane bool) *exposed {
	for _, e := range d.passes {
		if e.lane == lane && !e.failed() && !slices.ContainsFunc(tensors, func(t string) bool { return !slices.Contains(e.tensors, t) }) {
			return e
		}
	}
	return nil
}

// exposure is a forward session that will give all the tensors, still to be opened.
// d.mu is held.
func (d *Differentiator) exposure(tensors []string, lane bool) (*exposed, error) {
	slices.Sort(tensors)
	tensors = slices.Compact(tensors)
	g, err := gradient.Forward(d.graph, d.facts, tensors)
	if err != nil {
		return nil, err
	}
	e := &exposed{tensors: tensors, lane: lane}
	e.opening = newOpening(func(ctx context.Context) (infer.Session, error) { return d.openInner(ctx, g, lane) })
	d.passes = append(d.passes, e)
	return e, nil
}

// expose is a forward session that gives all the tensors: one that is there where
// that is possible. d.mu is held.
func (d *Differentiator) expose(tensors []string) (*exposed, error) {
	if e := d.exposing(tensors, false); e != nil {
		return e, nil
	}
	e, err := d.exposure(tensors, false)
	if err == nil {
		d.openInTurn([]*opening{e.opening})
	}
	return e, err
}
