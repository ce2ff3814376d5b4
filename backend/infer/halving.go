package infer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
)

// HalvingOptions say what to do when a device runs out of memory.
type HalvingOptions struct {
	// Fallback opens the session to use once not even one image fits; nil when
	// there is none.
	Fallback func(ctx context.Context) (Session, error)
	// Notice receives a sentence for the user; nil drops it.
	Notice func(text string)
}

// Halving runs a batch in parts when the device has no memory for the whole,
// halving until the parts fit, and remembers the size that did. When not even
// one image fits, or the outputs are not one row per image, the fallback takes
// over for good. The numbers are those of
// the whole batch as long as the model treats images independently.
//
// Only models whose first axis is free can be split; others go to the fallback
// at once.
func Halving(s Session, opt HalvingOptions) Session {
	return &halving{Session: s, opt: opt}
}

type halving struct {
	Session
	opt HalvingOptions

	mu    sync.Mutex
	limit int     // images per run; 0 while none is known
	other Session // the fallback once it took over
}

// Unwrap is the session inside.
func (h *halving) Unwrap() Session { return h.Session }

// Provider names what runs the next batch.
func (h *halving) Provider() string {
	if other := h.fallback(); other != nil {
		return other.Provider()
	}
	return h.Session.Provider()
}

// Close closes the session and the fallback.
func (h *halving) Close() error {
	err := h.Session.Close()
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.other != nil {
		err = errors.Join(err, h.other.Close())
	}
	return err
}

func (h *halving) fallback() Session {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.other
}

// Run implements [Session].
func (h *halving) Run(ctx context.Context, inputs []Tensor) ([]Tensor, error) {
	if other := h.fallback(); other != nil {
		return other.Run(ctx, inputs)
	}
	n := batchOf(h.Session.Inputs(), inputs)
	if size := h.size(n); size < n {
		out, err := h.parts(ctx, inputs, n, size)
		if errors.Is(err, errWhole) {
			return h.giveUp(ctx, inputs, err)
		}
		return out, err
	}
	out, err := h.Session.Run(ctx, inputs)
	if !errors.Is(err, ErrOutOfMemory) {
		return out, err
	}
	if n < 2 {
		return h.giveUp(ctx, inputs, err)
	}
	h.lower((n + 1) / 2)
	return h.Run(ctx, inputs)
}

// size is how many of n images to run at once.
func (h *halving) size(n int) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.limit == 0 {
		return n
	}
	return min(n, h.limit)
}

// lower remembers that only size images fit.
func (h *halving) lower(size int) {
	h.mu.Lock()
	known := h.limit != 0 && h.limit <= size // another run found out already
	if !known {
		h.limit = size
	}
	h.mu.Unlock()
	if known {
		return
	}
	h.say(fmt.Sprintf("%s does not have enough memory; continuing with batches of %d", h.Session.Provider(), size))
}

func (h *halving) say(text string) {
	if h.opt.Notice != nil {
		h.opt.Notice(text)
	}
}

// parts runs at most size images at a time and joins what comes out. A part
// that does not fit either lowers the limit for the rest.
func (h *halving) parts(ctx context.Context, inputs []Tensor, n, size int) ([]Tensor, error) {
	var joined []Tensor
	for from := 0; from < n; from += size {
		to := min(from+size, n)
		out, err := h.Run(ctx, cut(h.Session.Inputs(), inputs, n, from, to))
		if err != nil {
			return nil, err
		}
		if joined, err = join(joined, out, to-from); err != nil {
			return nil, err
		}
	}
	return joined, nil
}

// giveUp hands over to the fallback, opening it on first need.
func (h *halving) giveUp(ctx context.Context, inputs []Tensor, cause error) ([]Tensor, error) {
	if h.opt.Fallback == nil {
		return nil, cause
	}
	other, fresh, err := h.takeOver(ctx)
	if err != nil {
		return nil, errors.Join(cause, err)
	}
	if fresh {
		h.say(fmt.Sprintf("%s does not have enough memory for this model; continuing with %s", h.Session.Provider(), other.Provider()))
	}
	return other.Run(ctx, inputs)
}

// takeOver opens the fallback, unless another run did so already.
func (h *halving) takeOver(ctx context.Context) (other Session, fresh bool, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.other == nil {
		if h.other, err = h.opt.Fallback(ctx); err != nil {
			h.other = nil
			return nil, false, err
		}
		fresh = true
	}
	return h.other, fresh, nil
}

// batchOf is the number of images in a batch that can be split, or 1.
func batchOf(ports []Port, inputs []Tensor) int {
	n := 1
	for i, t := range inputs {
		if i >= len(ports) || len(t.Shape) == 0 || len(ports[i].Shape) == 0 || ports[i].Shape[0] >= 0 {
			continue
		}
		n = max(n, t.Shape[0])
	}
	return n
}

// cut takes images from…to of every input that has all n of them.
func cut(ports []Port, inputs []Tensor, n, from, to int) []Tensor {
	part := make([]Tensor, len(inputs))
	for i, t := range inputs {
		part[i] = t
		if len(t.Shape) == 0 || t.Shape[0] != n || len(ports[i].Shape) == 0 || ports[i].Shape[0] >= 0 {
			continue
		}
		each := Elements(t.Shape[1:])
		part[i] = Tensor{Shape: append([]int{to - from}, t.Shape[1:]...), Data: t.Data[from*each : to*each]}
	}
	return part
}

// errWhole says that a model's outputs do not follow the batch.
var errWhole = fmt.Errorf("the batch cannot be split, because an output of the model does not have one row per picture: %w", ErrOutOfMemory)

// join appends the outputs of a part of n images.
func join(joined, part []Tensor, n int) ([]Tensor, error) {
	for i, t := range part {
		if len(t.Shape) == 0 || t.Shape[0] != n {
			return nil, errWhole
		}
		if len(joined) < len(part) {
			joined = append(joined, t.Clone())
			continue
		}
		if !slices.Equal(joined[i].Shape[1:], t.Shape[1:]) {
			return nil, errWhole
		}
		joined[i].Shape[0] += n
		joined[i].Data = append(joined[i].Data, t.Data...)
	}
	return joined, nil
}
