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
		h.spare.child, _ = h.start(h.Library, leastMemory)
	}
}

// Expect starts a child for a model that is about to be opened, unless its file is
// known: the child loads the library while this process does, from the place that
// the user names, "" for the usual ones. It is called before Around.
func (h *Host) Expect(library, model string) {
	if h.known.seen(stampOf(model)) {
		return
	}
	h.spare.mu.Lock()
	defer h.spare.mu.Unlock()
	if h.spare.child == nil {
		h.spare.child, _ = h.start(library, allowance(fileSize(model)))
	}
}

// waiting tells whether there is a child that may be asked for a model that takes up
// to memory bytes.
func (s *spare) waiting(memory int64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.child != nil && memory <= s.child.memory
}

// some is the spare child, or a new one, for a model that takes up to memory bytes.
func (h *Host) some(memory int64) (*child, error) {
	h.spare.mu.Lock()
	c := h.spare.child
	fits := c != nil && memory <= c.memory
	if fits {
		h.spare.child = nil
	}
	h.spare.mu.Unlock()
	if fits {
		if c.waits(h.Library) {
			return c, nil
		}
		c.end()
	}
	return h.start(h.Library, memory)
}

// waits tells whether a child that was asked nothing yet lives, with a library if it
// has loaded one.
func (c *child) waits(library string) bool {
	select {
	case r, ok := <-c.reports:
		return ok && r.Stage == ready && r.Library == library
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
