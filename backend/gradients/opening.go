package gradients

import (
	"context"
	"fmt"
	"sync/atomic"

	"picasso/backend/infer"
)

// opening is a session that may still be on its way. It is safe for concurrent use.
type opening struct {
	open    func(ctx context.Context) (infer.Session, error)
	done    chan struct{} // closed once session and err stay as they are
	session infer.Session
	err     error
}

func newOpening(open func(ctx context.Context) (infer.Session, error)) *opening {
	return &opening{open: open, done: make(chan struct{})}
}

// opened is a session that is there already.
func opened(s infer.Session) *opening {
	o := &opening{done: make(chan struct{}), session: s}
	close(o.done)
	return o
}

// wait is the session once it is open, or why there is none.
func (o *opening) wait(ctx context.Context) (infer.Session, error) {
	select {
	case <-o.done:
		return o.session, o.err
	default:
	}
	select {
	case <-o.done:
		return o.session, o.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// failed tells whether it is known that there will be no session.
func (o *opening) failed() bool {
	select {
	case <-o.done:
		return o.err != nil
	default:
		return false
	}
}

// openInTurn opens sessions in the background, in their order, as many at a time as suit
// the model: the runtime opens a session on one thread. Who asked may go away meanwhile;
// what was begun serves the next one, and ends when the model is closed.
func (d *Differentiator) openInTurn(list []*opening) {
	var next atomic.Int64
	each := func(open func(*opening) (infer.Session, error)) {
		for i := int(next.Add(1)) - 1; i < len(list); i = int(next.Add(1)) - 1 {
			list[i].session, list[i].err = open(list[i])
			close(list[i].done)
		}
	}
	for k := range min(d.host.Openings(), len(list)) {
		_, err := d.jobs.Start(fmt.Sprintf("sessions %p, %d", &next, k), func(ctx context.Context) error {
			each(func(o *opening) (infer.Session, error) {
				s, err := o.open(ctx)
				if err != nil && ctx.Err() != nil { // nobody gave it up: the model was closed
					err = infer.ErrClosed
				}
				return s, err
			})
			return nil
		})
		if err != nil {
			each(func(*opening) (infer.Session, error) { return nil, err })
		}
	}
}

// opening is the session of a backward pass, still to be opened.
func (d *Differentiator) opening(b *backward) *opening {
	return newOpening(func(ctx context.Context) (infer.Session, error) {
		return d.openKept(ctx, b.Graph, b.key.lane, fmt.Sprintf("the backward pass of %s cannot be run", d.host.Name()))
	})
}

// broken tells whether a session of the plan could not be opened.
func (b *backward) broken() bool { return b.forward.failed() || b.session.failed() }

// cpu is the name of the provider that computes on the processor.
const cpu = "CPU"

// onCPU reports whether both passes run on the CPU.
func (d *Differentiator) onCPU(ctx context.Context, b *backward) (bool, error) {
	if d.host.Provider() == cpu {
		return true, nil
	}
	for _, o := range []*opening{b.forward.opening, b.session} {
		if s, err := o.wait(ctx); err != nil || s.Provider() != cpu {
			return false, err
		}
	}
	return true, nil
}
