package infer

import (
	"container/list"
	"context"
	"sync"
)

// Pool is the one owner of sessions that can be made again, such as those of
// parts of a model. They stay open while they are used, and unused up to a
// number and a size; the least recently used are closed first, and opened again
// when they are run. It is safe for concurrent use.
type Pool struct {
	most  int
	limit int64

	mu     sync.Mutex
	open   *list.List // of *pooled, latest used first
	bytes  int64      // that those hold
	closed bool
}

// NewPool makes a pool without sessions. Unused ones are closed as long as more
// than most are open, or as they hold more than limit bytes.
func NewPool(most int, limit int64) *Pool {
	return &Pool{most: most, limit: limit, open: list.New()}
}

// Holder is a session that tells how much memory it holds.
type Holder interface {
	// Held is about the number of bytes that the session holds between two runs:
	// weights and what is kept for the next run. Weights that lie in a mapped file
	// do not count.
	Held() int64
}

// Holding is what the sessions of one use hold.
type Holding struct {
	Use      Use   `json:"use"`
	Sessions int   `json:"sessions"`
	Bytes    int64 `json:"bytes"`
}

// Maker opens a session, the same one each time.
type Maker func(ctx context.Context) (Session, error)

// Open makes a session that belongs to the pool.
func (p *Pool) Open(ctx context.Context, make Maker) (Session, error) {
	s := &pooled{pool: p, make: make, turn: newTurn()}
	inner, err := s.acquire(ctx)
	if err != nil {
		return nil, err
	}
	s.inputs, s.outputs, s.provider = inner.Inputs(), inner.Outputs(), inner.Provider()
	s.release()
	return s, nil
}

// Stats tells how many sessions are open, and how many bytes they hold.
func (p *Pool) Stats() (open int, bytes int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.open.Len(), p.bytes
}

// Close ends all sessions; runs in progress stop with an error.
func (p *Pool) Close() error {
	p.mu.Lock()
	p.closed = true
	var all []Session
	for e := p.open.Front(); e != nil; e = p.open.Front() {
		all = append(all, p.remove(e.Value.(*pooled)))
	}
	p.mu.Unlock()
	return closeAll(all)
}

// crowd takes away unused sessions beyond the bounds. p.mu is held.
func (p *Pool) crowd() []Session {
	var out []Session
	for e := p.open.Back(); e != nil && (p.open.Len() > p.most || p.bytes > p.limit); {
		s := e.Value.(*pooled)
		e = e.Prev()
		if s.users == 0 {
			out = append(out, p.remove(s))
		}
	}
	return out
}

// remove takes a session away from the pool. p.mu is held.
func (p *Pool) remove(s *pooled) Session {
	inner := s.inner
	p.open.Remove(s.place)
	p.bytes -= s.bytes
	s.inner, s.place, s.bytes = nil, nil, 0
	return inner
}

func closeAll(sessions []Session) error {
	var first error
	for _, s := range sessions {
		if err := s.Close(); err != nil && first == nil {
			first = err
		}
	}
	return first
}

// pooled is a session of a pool.
type pooled struct {
	pool            *Pool
	make            Maker
	inputs, outputs []Port
	provider        string
	turn            turn // of whoever opens it

	// Of pool.mu:
	inner Session       // nil while it is closed
	place *list.Element // in pool.open
	bytes int64
	users int
	ended bool
}

var (
	_ Recycler = (*pooled)(nil)
	_ Writer   = (*pooled)(nil)
)

// turn lets one at a time pass.
type turn chan struct{}

func newTurn() turn { return make(turn, 1) }

// acquire opens the session unless it is open, and keeps it so until release.
func (s *pooled) acquire(ctx context.Context) (Session, error) {
	if inner, err := s.take(); inner != nil || err != nil {
		return inner, err
	}
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if inner, err := s.take(); inner != nil || err != nil {
		return inner, err
	}
	inner, err := s.make(ctx)
	if err != nil {
		return nil, err
	}
	p := s.pool
	p.mu.Lock()
	if s.ended || p.closed {
		p.mu.Unlock()
		_ = inner.Close()
		return nil, ErrClosed
	}
	s.inner, s.users, s.place = inner, s.users+1, p.open.PushFront(s)
	s.weigh()
	away := p.crowd()
	p.mu.Unlock()
	_ = closeAll(away)
	return inner, nil
}

// take is the session in use, nil while it is closed.
func (s *pooled) take() (Session, error) {
	p := s.pool
	p.mu.Lock()
	defer p.mu.Unlock()
	if s.ended || p.closed {
		return nil, ErrClosed
	}
	if s.inner != nil {
		s.users++
		p.open.MoveToFront(s.place)
	}
	return s.inner, nil
}

// release ends one use.
func (s *pooled) release() {
	p := s.pool
	p.mu.Lock()
	s.users--
	var away []Session
	if s.inner != nil {
		s.weigh()
		away = p.crowd()
	}
	p.mu.Unlock()
	_ = closeAll(away)
}

// weigh brings the session's share of the pool up to date. pool.mu is held.
func (s *pooled) weigh() {
	h, ok := Innermost(s.inner).(Holder)
	if !ok {
		return
	}
	held := h.Held()
	s.pool.bytes += held - s.bytes
	s.bytes = held
}

func (s *pooled) Inputs() []Port  { return s.inputs }
func (s *pooled) Outputs() []Port { return s.outputs }

// Provider implements [Session]. It may have changed since the session was
// opened: see [Halving].
func (s *pooled) Provider() string {
	s.pool.mu.Lock()
	defer s.pool.mu.Unlock()
	if s.inner != nil {
		s.provider = s.inner.Provider()
	}
	return s.provider
}

// Run implements [Session].
func (s *pooled) Run(ctx context.Context, inputs []Tensor) ([]Tensor, error) {
	inner, err := s.acquire(ctx)
	if err != nil {
		return nil, err
	}
	defer s.release()
	return inner.Run(ctx, inputs)
}

// RunInto implements [Writer].
func (s *pooled) RunInto(ctx context.Context, inputs, outputs []Tensor) error {
	inner, err := s.acquire(ctx)
	if err != nil {
		return err
	}
	defer s.release()
	return RunInto(ctx, inner, inputs, outputs)
}

// RunKeep implements [Keeper]. The session stays open until what it returns is
// recycled.
func (s *pooled) RunKeep(ctx context.Context, inputs []Value) ([]Value, error) {
	inner, err := s.acquire(ctx)
	if err != nil {
		return nil, err
	}
	outputs, err := RunKeep(ctx, inner, inputs)
	if err != nil {
		s.release()
	}
	return outputs, err
}

// Recycle implements [Recycler].
func (s *pooled) Recycle(outputs []Value) {
	s.pool.mu.Lock()
	inner := s.inner
	s.pool.mu.Unlock()
	if inner != nil {
		Recycle(inner, outputs)
	} else {
		closeValues(outputs)
	}
	s.release()
}

// Close implements [Session].
func (s *pooled) Close() error {
	p := s.pool
	p.mu.Lock()
	s.ended = true
	var inner Session
	if s.inner != nil {
		inner = p.remove(s)
	}
	p.mu.Unlock()
	if inner == nil {
		return nil
	}
	return inner.Close()
}
