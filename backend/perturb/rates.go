package perturb

import (
	"sync"
	"time"
)

// Rates are how long pictures took with each strategy, and what was counted of those
// that were not used yet. They answer at once, whatever else is going on.
type Rates struct {
	mu    sync.Mutex
	spent map[rateKey]*spent
	plans map[Size]planned // by class of windows
	open  spent            // sessions of parts: their nodes, and the time they took
	early int              // copies that full inference scored before there was a plan
}

// rateKey is a strategy, with the class of the windows where the
// time depends on it.
type rateKey struct {
	engine Engine
	class  Size
}

// spent is the time for some copies, the latest ones counting most.
type spent struct {
	copies float64
	time   time.Duration
}

// planned is what is known of incremental inference before it is used.
type planned struct {
	gain     float64
	bytes    int64
	notice   string // why it is not used, "" where its gain decides
	unopened int    // nodes of the sessions that have to be opened first
	waiting  int    // copies that full inference scored because that did not pay
}

// openNode is about how long a node of a session takes to open, before any was
// opened (docs/performance.md).
const openNode = 3 * time.Millisecond

// designNode is about how long planning takes for a node of the model, and
// designShare how much of the time of full inference it may take: the plan may turn
// out to gain nothing.
const (
	designNode  = time.Millisecond / 2
	designShare = 0.05
)

// worthPlanning reports whether copies with windows of a class, those that were
// scored in full before included, take long enough that it may be found out whether
// incremental inference pays. It remembers those that do not.
func (r *Rates) worthPlanning(class Size, copies, nodes int) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, known := r.plans[class]; known {
		return true
	}
	full := time.Duration(copies+r.early) * r.each(PlainEngine, Size{})
	if designShare*float64(full) >= float64(time.Duration(nodes)*designNode) {
		return true
	}
	r.early += copies
	return false
}

// pays reports whether a number of copies is worth the preparations: opening
// sessions, and setupRuns. Copies that waited count too, so that opening is put
// off until it would have paid, and not for ever. r.mu is held.
func (r *Rates) pays(p planned, copies int) bool {
	setup := float64(setupRuns)
	if plain := r.each(PlainEngine, Size{}); plain > 0 && p.unopened > 0 {
		node := openNode
		if r.open.copies > 0 {
			node = time.Duration(float64(r.open.time) / r.open.copies)
		}
		setup += float64(time.Duration(p.unopened)*node) / float64(plain)
	}
	return p.gain >= worthwhile && float64(copies+p.waiting)*(1-1/p.gain) >= setup
}

// take reports whether copies with windows of a class are worth the
// preparations, and remembers those that are not.
func (r *Rates) take(class Size, copies int) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	p := r.plans[class]
	if r.pays(p, copies) {
		return true
	}
	p.waiting += copies
	r.plans[class] = p
	return false
}

// opened learns how long the sessions of some nodes took.
func (r *Rates) opened(nodes int, took time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.open.copies += float64(nodes)
	r.open.time += took
}

// recent is the number of copies after which earlier ones count for half.
const recent = 64

func (r *Rates) Note(engine Engine, class Size, copies int, took time.Duration) {
	if copies == 0 || took <= 0 {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.spent == nil {
		r.spent = map[rateKey]*spent{}
	}
	key := rateKey{engine, class}
	s := r.spent[key]
	if s == nil {
		s = &spent{}
		r.spent[key] = s
	}
	if s.copies > recent {
		s.copies, s.time = s.copies/2, s.time/2
	}
	s.copies += float64(copies)
	s.time += took
}

// each is the time of one copy, 0 where none was measured. r.mu is held.
func (r *Rates) each(engine Engine, class Size) time.Duration {
	s := r.spent[rateKey{engine, class}]
	if s == nil {
		return 0
	}
	return time.Duration(float64(s.time) / s.copies)
}

// plain is the time of one copy by full inference, 0 where none was measured.
func (r *Rates) plain() time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.each(PlainEngine, Size{})
}

// plan remembers what a plan for windows of a class promises.
func (r *Rates) plan(class Size, p planned) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.plans == nil {
		r.plans = map[Size]planned{}
	}
	p.waiting = r.plans[class].waiting
	r.plans[class] = p
}

// Estimate is what scoring copies of a picture will take.
type Estimate struct {
	Engine Engine        // the strategy that will be used
	Time   time.Duration // for all copies, 0 while nothing was measured
	// Counted: the time follows from counted multiply-adds and a measured pass
	// of the whole model, for no copy was scored with it yet.
	Counted bool
	// Bound: nothing is counted yet, and Time that of full runs. See
	// [Scorer.Learn].
	Bound bool
	Bytes int64 // memory that it takes beyond that of the model and the copies
	// Notice is why a faster strategy is not used, "" where there is none.
	Notice string
}

// Copies tells what [Scorer.Copies] with as many windows of one size will take
// at most, where device tells that the model runs on an accelerator: copies
// that are remembered take nothing. It answers at once.
func (r *Rates) Copies(window Size, copies int, engine Engine, device bool) Estimate {
	class := classOf(window)
	r.mu.Lock()
	defer r.mu.Unlock()
	plain := r.each(PlainEngine, Size{})
	full := Estimate{Engine: PlainEngine, Time: time.Duration(copies) * plain}
	switch {
	case engine == GraphEngine, engine == AutoEngine && device:
		if each := r.each(GraphEngine, Size{}); each > 0 {
			return Estimate{Engine: GraphEngine, Time: time.Duration(copies) * each}
		}
		return full
	case engine == PlainEngine:
		return full
	}
	p, known := r.plans[class]
	if !known {
		full.Bound = true
		return full
	}
	if p.gain <= 1 || engine == AutoEngine && !r.pays(p, copies) {
		full.Notice = p.notice
		return full
	}
	e := Estimate{Engine: IncrementalEngine, Bytes: p.bytes}
	each := r.each(IncrementalEngine, class)
	if e.Counted = each == 0; e.Counted {
		each = time.Duration(float64(plain) / p.gain)
	}
	e.Time = time.Duration(copies) * each
	return e
}

// Gradients tells what a number of gradients with respect to the
// picture will take: 0 while neither they nor a pass of the model were
// measured, and three passes each before the first one.
func (r *Rates) Gradients(n int) time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	each := r.each(GradientRate, Size{})
	if each == 0 {
		each = passesOfGradient * r.each(PlainEngine, Size{})
	}
	return time.Duration(n) * each
}

// GradientRate is the key of their rate.
const GradientRate Engine = "gradients"

// passesOfGradient is what a gradient is taken to cost before the first one, in
// passes of the model (docs/performance.md).
const passesOfGradient = 3
