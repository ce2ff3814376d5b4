package perturb

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"picasso/backend/infer"
	"picasso/backend/onnx"
	"picasso/backend/onnx/axes"
	"picasso/backend/onnx/gradient"
	"picasso/backend/onnx/incremental"
	"picasso/backend/preprocess"
)

// keptPlans is the number of plans whose sessions stay open unused, so that a
// slider that goes back finds them.
const keptPlans = 2

// incrementalEngine holds what a model needs for incremental inference. All of
// it is made on first use.
type incrementalEngine struct {
	host    Host
	jobs    *infer.Jobs
	rates   *Rates
	workers int
	bounds  bounds

	opening sync.Mutex // held while sessions are opened, before mu

	mu       sync.Mutex
	prefix   *incremental.Prefix
	plans    []*incrementalPlan // latest first
	sessions map[string]*shared
	closed   bool

	arenas chan *arena // not in use
}

// shared is a session of a part of the network, used by one or more plans.
type shared struct {
	infer.Session
	key   string
	users int
}

// Unwrap lets runs write into the memory of a walk, without a copy.
func (s *shared) Unwrap() infer.Session { return s.Session }

// incrementalPlan is a plan for windows of about one size, with its sessions.
type incrementalPlan struct {
	*incremental.Plan
	engine *incrementalEngine
	class  Size
	last   []int     // see lastUse
	parts  []*shared // one per segment
	tail   *shared   // nil where the segments give everything
	users  int
	proven atomic.Bool // agreed with full inference
	wrong  atomic.Bool // disagreed with it
	slow   atomic.Bool // took longer than it

	untouched atomic.Pointer[untouched] // of the latest picture

	mu   sync.Mutex
	axes []map[incremental.Interval]*axisPlan // for each axis
}

// borrow is memory for one walk.
func (e *incrementalEngine) borrow() *arena {
	select {
	case a := <-e.arenas:
		return a
	default:
		return &arena{}
	}
}

// giveBack takes the memory of a walk back; memory that nothing waits for goes
// to the collector.
func (e *incrementalEngine) giveBack(a *arena) {
	select {
	case e.arenas <- a:
	default:
	}
}

// plan is the plan for windows of a size, its sessions open. The caller
// releases it. What takes long goes on where ctx ends, for the next caller.
func (e *incrementalEngine) plan(ctx context.Context, window Size, windows int, always bool) (*incrementalPlan, error) {
	class := classOf(window)
	var p *incrementalPlan
	for p == nil { // a plan may be dropped before it is taken
		err := e.design(ctx, class)
		if err == nil {
			p, err = e.take(class, windows, always)
		}
		if err != nil {
			return nil, err
		}
	}
	err := e.jobs.Await(ctx, fmt.Sprintf("open %v %p", p.class, e), func(life context.Context) error { return e.open(life, p) })
	if err != nil {
		p.release()
		return nil, err
	}
	return p, nil
}

// design makes sure that there is a plan for windows of a class.
func (e *incrementalEngine) design(ctx context.Context, class Size) error {
	return e.jobs.Await(ctx, fmt.Sprintf("design %v %p", class, e), func(life context.Context) error {
		graph, facts, err := e.host.Observe(life)
		if err != nil {
			e.rates.plan(class, planned{gain: 1})
			return &NoGainError{Reason: fmt.Sprintf("The inner layers of the model could not be observed: %v.", err)}
		}
		e.mu.Lock()
		defer e.mu.Unlock()
		if e.closed {
			return infer.ErrClosed
		}
		if i := e.find(class); i >= 0 {
			e.promise(class, e.plans[i])
			return nil
		}
		p, err := e.make(class, graph, facts)
		if err != nil {
			e.rates.plan(class, planned{gain: 1})
			return err
		}
		e.plans = append(e.plans, p)
		e.promise(class, p)
		return nil
	})
}

// promise tells the rates what a plan does for windows of a class. e.mu is held.
func (e *incrementalEngine) promise(class Size, p *incrementalPlan) {
	nodes := 0
	if p.parts == nil {
		nodes = len(e.host.Graph().Graph.Nodes) // the parts make up the whole
	}
	promised := planned{gain: p.gain(), bytes: p.bytes(), unopened: nodes}
	if err := p.fits(); err != nil {
		promised.notice = err.Error()
	}
	e.rates.plan(class, promised)
}

// take is the plan for windows of a class where it is worth while, in use; nil
// where there is none any more.
func (e *incrementalEngine) take(class Size, windows int, always bool) (*incrementalPlan, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return nil, infer.ErrClosed
	}
	i := e.find(class)
	if i < 0 {
		return nil, nil
	}
	p := e.plans[i]
	e.plans = slices.Insert(slices.Delete(e.plans, i, i+1), 0, p)
	if err := p.fits(); err != nil {
		return nil, err
	}
	if !always && !e.rates.take(class, windows) || len(p.Segments) == 0 {
		return nil, noGain(p.gain())
	}
	if p.wrong.Load() {
		return nil, &NoGainError{Reason: "Incremental inference gave different results on this model before."}
	}
	p.users++
	e.tidy()
	return p, nil
}

// gain is the expected gain, 1 where there is nothing to run in parts.
func (p *incrementalPlan) gain() float64 {
	if len(p.Segments) == 0 || p.slow.Load() || p.fits() != nil {
		return 1
	}
	return p.Gain
}

// find is the place of a plan for windows of a class, or −1. A plan that is
// open for windows not too different is taken before a better one that is not:
// any plan is exact for any window, and a slider should not wait for sessions.
func (e *incrementalEngine) find(class Size) int {
	own := slices.IndexFunc(e.plans, func(p *incrementalPlan) bool { return p.class == class })
	if own >= 0 && e.plans[own].parts != nil {
		return own
	}
	near := slices.IndexFunc(e.plans, func(p *incrementalPlan) bool { return p.parts != nil && similar(p.class, class) })
	if near >= 0 {
		return near
	}
	return own
}

// similar are sizes of which neither is more than twice the other on any axis.
func similar(a, b Size) bool {
	for k := range a {
		if a[k] > 2*b[k] || b[k] > 2*a[k] {
			return false
		}
	}
	return true
}

// ready reports whether the sessions for windows of a size are open.
func (e *incrementalEngine) ready(window Size) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	i := e.find(classOf(window))
	return i >= 0 && e.plans[i].parts != nil
}

func classOf(window Size) Size {
	for k, n := range window {
		window[k] = sizeClass(n)
	}
	return window
}

func noGain(gain float64) error {
	return &NoGainError{Reason: fmt.Sprintf("Incremental inference would not be fast enough on this model (about %.2f times).", gain)}
}

// sizeClass rounds a window's side up, so that plans serve many sizes.
func sizeClass(side int) int {
	c := 4
	for c < side {
		if c&(c-1) == 0 { // a power of two: try one and a half times that
			if c*3/2 >= side {
				return c * 3 / 2
			}
		}
		c *= 2
	}
	return c
}

// make plans for windows of a class all over the picture.
func (e *incrementalEngine) make(class Size, graph *onnx.Model, facts gradient.Facts) (*incrementalPlan, error) {
	if e.prefix == nil {
		if err := e.trace(graph, facts); err != nil {
			return nil, &NoGainError{Reason: fmt.Sprintf("The model cannot be computed in parts: %v.", err)}
		}
	}
	sides, rank := sidesOf(e.host.Input()), e.prefix.Rank
	windows := make([][]incremental.Window, rank)
	for k := range windows {
		axis := len(sides) - rank + k
		windows[k] = windowsAlong(sides[axis], class[axis])
	}
	plan, err := e.prefix.Make(windows...)
	if err != nil {
		return nil, err
	}
	return e.newPlan(plan, class), nil
}

func (e *incrementalEngine) newPlan(plan *incremental.Plan, class Size) *incrementalPlan {
	p := &incrementalPlan{Plan: plan, engine: e, class: class, last: lastUse(plan)}
	p.axes = make([]map[incremental.Interval]*axisPlan, plan.Prefix.Rank)
	for axis := range p.axes {
		p.axes[axis] = map[incremental.Interval]*axisPlan{}
	}
	return p
}

// windowsAlong are windows at half their length from each other.
func windowsAlong(length, size int) []incremental.Window {
	var list []incremental.Window
	for at := 0; ; at += max(1, size/2) {
		list = append(list, incremental.Window{Interval: incremental.Interval{Lo: at, Hi: min(at+size, length)}, Count: 1})
		if at+size >= length {
			return list
		}
	}
}

// trace finds the local beginning of the network.
func (e *incrementalEngine) trace(graph *onnx.Model, observed gradient.Facts) error {
	in := e.host.Input()
	if !in.Batched || in.Pictures > 1 {
		return errors.New("it does not take batches of pictures")
	}
	sides := sidesOf(in)
	layout := axes.Spread(1, in.Channels, sides[len(sides)-rankOf(in):], in.Layout == preprocess.NHWC)
	var err error
	e.prefix, err = incremental.Trace(graph, axes.Observed(observed), in.Name, layout, e.host.Reader().Tensors())
	return err
}
