// Package history keeps what the user changed, so that it can be taken back and
// done again. It knows nothing of what a change is: whoever makes one adds a
// [Step] with the two functions that undo and redo it.
//
// A [History] belongs to one goroutine, that of its owner.
package history

import (
	"slices"
	"time"
)

// Step is one change.
type Step struct {
	Name string // what was done, as it follows “Undo”: "Remove all pictures"
	// Key joins what belongs together: of steps with the same one that follow
	// each other within [Together], such as those of a slider that is dragged,
	// one remains. Steps without a key stand alone.
	Key string
	// Scope is what the step belongs to, such as the open model; see
	// [History.Forget]. Nil for what never ends.
	Scope any
	Bytes int // about as much memory as the step keeps in use
	// Undo brings back what there was, Redo what was changed. Both are called
	// in turns, on the owner's goroutine. A step that fails is forgotten.
	Undo, Redo func() error
}

// Bounds of a history: what is older than these is forgotten.
const (
	MostSteps = 200
	MostBytes = 64 << 20
)

// Together is how soon a step must follow one of its key to become one with it.
const Together = time.Second

// History is a list of steps, some of them undone. Its zero value is empty.
type History struct {
	steps  []Step
	undone int       // how many at the end of steps are
	last   time.Time // when a step was added
	busy   bool      // a step is being undone or redone
}

// Add appends a step that was just done, and forgets those that were undone
// before. What an undo or redo does itself is no step, and left out.
func (h *History) Add(s Step) {
	if h.busy {
		return
	}
	now := time.Now()
	near := now.Sub(h.last) < Together
	h.last = now
	joined := h.undone == 0 && near && s.Key != "" && len(h.steps) > 0 && h.steps[len(h.steps)-1].Key == s.Key
	if joined {
		s.Undo = h.steps[len(h.steps)-1].Undo
	}
	h.steps = h.steps[:len(h.steps)-h.undone]
	h.undone = 0
	if joined {
		h.steps = h.steps[:len(h.steps)-1]
	}
	h.steps = append(h.steps, s)
	h.trim()
}

// trim forgets the oldest steps beyond the bounds; the newest always stays,
// unless it is too large by itself.
func (h *History) trim() {
	bytes, keep := 0, 0
	for keep < len(h.steps) && keep < MostSteps {
		if bytes += h.steps[len(h.steps)-1-keep].Bytes; bytes > MostBytes {
			break
		}
		keep++
	}
	h.steps = slices.Delete(h.steps, 0, len(h.steps)-keep)
}

// Undo takes back the newest step that is not undone. It returns the step's
// name, "" where there is none, and the error of its function.
func (h *History) Undo() (name string, err error) {
	i := len(h.steps) - h.undone - 1
	if i < 0 || h.busy {
		return "", nil
	}
	h.undone++
	return h.run(i, h.steps[i].Undo)
}

// Redo does again what was undone last. It returns what [History.Undo] does.
func (h *History) Redo() (name string, err error) {
	i := len(h.steps) - h.undone
	if h.undone == 0 || h.busy {
		return "", nil
	}
	h.undone--
	return h.run(i, h.steps[i].Redo)
}

// run calls a function of step i and forgets the step where that fails.
func (h *History) run(i int, f func() error) (string, error) {
	name := h.steps[i].Name
	h.last = time.Time{}
	h.busy = true
	err := f()
	h.busy = false
	if err != nil {
		if i >= len(h.steps)-h.undone {
			h.undone--
		}
		h.steps = slices.Delete(h.steps, i, i+1)
	}
	return name, err
}

// Names are those of the steps that Undo and Redo would take next, "" for none.
func (h *History) Names() (undo, redo string) {
	i := len(h.steps) - h.undone
	if i > 0 {
		undo = h.steps[i-1].Name
	}
	if h.undone > 0 {
		redo = h.steps[i].Name
	}
	return undo, redo
}

// Forget removes all steps of a scope, such as those of a model that is closed.
func (h *History) Forget(scope any) {
	for i := len(h.steps) - 1; i >= 0; i-- {
		if h.steps[i].Scope != scope {
			continue
		}
		if i >= len(h.steps)-h.undone {
			h.undone--
		}
		h.steps = slices.Delete(h.steps, i, i+1)
	}
}
