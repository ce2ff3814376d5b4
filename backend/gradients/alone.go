package gradients

import (
	"context"
	"slices"

	"picasso/backend/infer"
)

// sight is what the probe showed of one picture.
type sight struct {
	probe infer.Session
	shown []infer.Tensor
}

// alone lends a differentiator whose shapes were observed on the picture: the
// latest one, where the probe shows the same of this picture as of that one's,
// else a new one. Along a path of pictures, as integrated gradients go, masks
// change seldom.
func (d *Differentiator) alone(ctx context.Context, x infer.Tensor, use func(*Differentiator) error) error {
	d.aloneMu.Lock()
	defer d.aloneMu.Unlock()
	one, err := d.like(ctx, x)
	if err != nil {
		return err
	}
	if err := use(one); err != nil {
		return err
	}
	for _, note := range one.Notes() {
		d.note(note)
	}
	return nil
}

// like is a differentiator for pictures of which the probe shows the same as of
// x. d.aloneMu is held.
func (d *Differentiator) like(ctx context.Context, x infer.Tensor) (*Differentiator, error) {
	d.sessionsMu.Lock()
	last, closed := d.last, d.closed
	d.sessionsMu.Unlock()
	if closed {
		return nil, infer.ErrClosed
	}
	if last != nil && last.seen != nil && last.fits(ctx, x) {
		return last, nil
	}
	m, err := d.inlined()
	if err != nil {
		return nil, err
	}
	one, own := New(d.host), x.Clone() // the caller may write to x later
	one.only = &own
	one.once.Do(func() { one.plain = m })
	d.mu.Lock()
	one.chain = d.chain
	d.mu.Unlock()
	d.sessionsMu.Lock()
	closed = d.closed
	if !closed {
		d.last = one
	}
	d.sessionsMu.Unlock()
	if closed {
		return nil, infer.ErrClosed
	}
	if last != nil {
		_ = last.Close()
	}
	return one, nil
}

// fits reports whether the probe shows the same of x as of the picture that was
// observed.
func (d *Differentiator) fits(ctx context.Context, x infer.Tensor) bool {
	in, err := d.host.Input().Feed([]infer.Tensor{x})
	if err != nil {
		return false
	}
	shown, err := d.seen.probe.Run(ctx, []infer.Tensor{in})
	return err == nil && slices.EqualFunc(shown, d.seen.shown, func(a, b infer.Tensor) bool {
		return slices.Equal(a.Data, b.Data)
	})
}
