package backend

import (
	"cmp"
	"context"
	"fmt"
	"runtime"
	"sync"
	"time"

	"picasso/backend/cores"
	"picasso/backend/infer"
	"picasso/backend/perturb"
	"picasso/backend/score"
)

// Lanes tells in how many lanes the pictures of a batch are run on the CPU.
type Lanes struct {
	Count int // 1: the whole batch in one run, with all threads inside its operators
	// Gain is the time of one lane over that of several, 0 while it was not
	// measured.
	Gain float64
}

// lanes score the pictures of a batch in parallel, in runs of one thread
// each, where that is faster than one run with all threads. That is measured
// on the work itself, once a model has a good deal of it, and remembered.
type lanes struct {
	model *Model
	most  int // lanes there may be

	mu      sync.Mutex
	count   int            // lanes in use; 0 while that is not decided
	gain    float64        // see [Lanes]
	batches int            // full ones so far
	forward *infer.Forward // for the lanes; nil while it is not open
	trial   [2]stint       // of one lane and of several
}

// spread lets pictures run beside each other, each on one thread: with all threads in one
// run these wait for each other at every node, and for one whose core somebody else has, such
// as who reads the next picture. It does nothing where the user chose the number of threads, and
// where a run takes so much memory, or so long, that several would be felt.
func (m *Model) spread() {
	if in := m.Input; m.threads != 0 || in.Depth != 0 || in.OwnSize || in.Pictures > 1 || !m.prepacks() {
		return
	}
	if n := min(cores.Usable(), perturb.MaxWorkers); n > 1 {
		m.threads, m.beside = 1, n
	}
}

// Beside is how many pictures are best asked about beside each other, by a call of [Model.Predict]
// for each: 1 unless the model was opened for many pictures, and runs on the CPU.
func (m *Model) Beside() int {
	if m.beside == 0 || m.Provider() != "CPU" {
		return 1
	}
	return m.beside
}

// stint is what was measured of one way.
type stint struct {
	batches int
	best    time.Duration // for one picture, of the batches after the first
}

const (
	// steady is the number of full batches after which measuring begins: a
	// model of which little is asked needs no other sessions.
	steady = 8
	// stints is the number of batches of each way, the first one to warm up.
	stints = 6
	// worthLanes is the gain from which several lanes are used.
	worthLanes = 1.15
)

// laned returns the model's lanes, nil where there can be no choice: on
// another provider than the CPU, on one core, with a number of threads that the
// user chose, with weights so large that another session would be felt.
func (m *Model) laned() *lanes {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.lanes != nil {
		return m.lanes
	}
	cores := runtime.GOMAXPROCS(0)
	most := min(cores, perturb.MaxWorkers)
	if most > 2 {
		most-- // for the window
	}
	if m.closed || most < 2 || m.threads != 0 || m.Input.Pictures > 1 || m.Provider() != "CPU" || !m.prepacks() {
		return nil
	}
	m.lanes = &lanes{model: m, most: most}
	if known, ok := m.tuning.find(m.SHA256, cores); ok {
		m.lanes.count, m.lanes.gain = min(known.Lanes, most), known.Gain
	}
	return m.lanes
}

// Lanes tells how the batches of the model are run, as far as is decided.
func (m *Model) Lanes() Lanes {
	l := m.laned()
	if l == nil {
		return Lanes{Count: 1}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return Lanes{max(l.count, 1), l.gain}
}

// width is the number of pictures that are best run at once.
func (l *lanes) width() int {
	if l == nil {
		return 1
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.count == 1 {
		return 1
	}
	return l.most
}

// predict scores a batch in the way that is faster, or that is to be measured.
func (l *lanes) predict(ctx context.Context, batch []infer.Tensor) ([]score.Scores, error) {
	m := l.model
	several, trying := l.next(len(batch))
	if several == nil && !trying {
		return m.predictChunk(ctx, batch)
	}
	start := time.Now()
	var scores []score.Scores
	var err error
	if several == nil {
		scores, err = m.predictChunk(ctx, batch)
	} else if scores, err = l.run(ctx, several, batch); err != nil && ctx.Err() == nil {
		l.decide(1, 0) // no lanes for a model that fails in them
		return m.predictChunk(ctx, batch)
	}
	if err == nil && trying {
		l.note(several != nil, time.Since(start)/time.Duration(len(batch)))
	}
	return scores, err
}

// next is how a batch is to run: the session for several lanes, or nil for one;
// trying says that it is to be measured.
func (l *lanes) next(pictures int) (several *infer.Forward, trying bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	full := pictures >= max(l.model.Batch(), l.most)
	if full {
		l.batches++
	}
	if l.count == 1 || pictures < 2 || l.batches <= steady {
		return nil, false
	}
	if l.forward == nil {
		_, _ = l.model.jobs.Start(fmt.Sprintf("lanes %p", l), l.open)
		return nil, false
	}
	if l.count > 1 {
		return l.forward, false
	}
	if !full {
		return nil, false
	}
	if l.trial[1].batches > l.trial[0].batches {
		return nil, true
	}
	return l.forward, true
}

// open makes the session for the lanes.
func (l *lanes) open(ctx context.Context) error {
	m := l.model
	f := *m.forward()
	s, err := m.opener.Open(ctx, f.Source, infer.SessionOptions{Provider: infer.CPU, Threads: 1, Prepack: m.prepacks(), Use: infer.Lane})
	if err != nil {
		l.decide(1, 0)
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.count == 1 { // decided, or closed, in the meantime
		return s.Close()
	}
	f.Session = s
	l.forward = &f
	return nil
}

// note takes a measurement; with the last one the choice is made.
func (l *lanes) note(several bool, each time.Duration) {
	l.mu.Lock()
	way := 0
	if several {
		way = 1
	}
	s := &l.trial[way]
	if s.batches++; s.batches > 1 && (s.best == 0 || each < s.best) {
		s.best = each
	}
	one, many := l.trial[0], l.trial[1]
	done := one.batches >= stints && many.batches >= stints && l.count == 0
	l.mu.Unlock()
	if !done || many.best <= 0 {
		return
	}
	gain := float64(one.best) / float64(many.best)
	if gain < worthLanes {
		l.decide(1, gain)
		return
	}
	l.decide(l.most, gain)
}

// decide makes the choice, and remembers it where it was measured.
func (l *lanes) decide(count int, gain float64) {
	l.mu.Lock()
	l.count, l.gain = count, gain
	f := l.forward
	if count == 1 {
		l.forward = nil
	}
	l.mu.Unlock()
	if gain > 0 {
		l.model.tuning.remember(Tuned{l.model.SHA256, runtime.GOMAXPROCS(0), count, gain})
	}
	if count == 1 && f != nil {
		_ = f.Session.Close()
	}
}

// run scores a batch in several lanes.
func (l *lanes) run(ctx context.Context, f *infer.Forward, batch []infer.Tensor) ([]score.Scores, error) {
	n := min(l.most, len(batch))
	out := make([]score.Scores, len(batch))
	errs := make([]error, n)
	var wait sync.WaitGroup
	for k := range n {
		from, to := k*len(batch)/n, (k+1)*len(batch)/n
		wait.Go(func() { errs[k] = l.lane(ctx, f, batch[from:to], out[from:to]) })
	}
	wait.Wait()
	return out, cmp.Or(errs...)
}

// lane scores pictures one after the other: on one thread a batch gains
// nothing, and single pictures stay in the processor's cache.
func (l *lanes) lane(ctx context.Context, f *infer.Forward, pictures []infer.Tensor, out []score.Scores) error {
	for i := range pictures {
		s, err := l.model.predictOn(ctx, f, pictures[i:i+1])
		if err != nil {
			return err
		}
		out[i] = s[0]
	}
	return nil
}

// close ends the session of the lanes.
func (l *lanes) close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.count = 1
	if l.forward == nil {
		return nil
	}
	err := l.forward.Session.Close()
	l.forward = nil
	return err
}
