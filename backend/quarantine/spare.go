package quarantine

import (
	"sync"
	"time"
)

// spare is a child that has loaded the library and waits for a model, so that
// opening one for the first time need not wait for a process to start.
type spare struct {
	mu     sync.Mutex
	wanted bool
	child  *child // nil where there is none
}

// replacing is how long after a trial the next child is started: the opening of
// that model has the processors first.
const replacing = 2 * time.Second

// Prepare keeps a child waiting for the next unknown model, from now on until
// [Host.Close]. It returns once the child has been started.
func (h *Host) Prepare() {
	h.spare.mu.Lock()
	h.spare.wanted = true
	h.spare.mu.Unlock()
	h.replaceSpare()
}

// replaceSpare starts a spare child where one is wanted and there is none. Where
// that fails, one is started when it is needed, and its error told.
func (h *Host) replaceSpare() {
	h.spare.mu.Lock()
	defer h.spare.mu.Unlock()
	if h.spare.wanted && h.spare.child == nil {
		h.spare.child, _ = h.start(leastMemory)
	}
}

// some is the spare child, or a new one, for a model that takes up to memory bytes.
func (h *Host) some(memory int64) (*child, error) {
	h.spare.mu.Lock()
	c := h.spare.child
	if c != nil && memory <= leastMemory {
		h.spare.child = nil
	}
	h.spare.mu.Unlock()
	if c != nil && memory <= leastMemory {
		if c.waits() {
			return c, nil
		}
		c.end()
	}
	return h.start(memory)
}

// waits tells whether a child that was asked nothing yet lives.
func (c *child) waits() bool {
	select {
	case r, ok := <-c.reports:
		return ok && r.Stage == ready
	default:
		return true // it is still starting
	}
}

// Close ends the spare child; models can still be tried.
func (h *Host) Close() {
	h.spare.mu.Lock()
	c := h.spare.child
	h.spare.wanted, h.spare.child = false, nil
	h.spare.mu.Unlock()
	if c != nil {
		c.end()
	}
}
