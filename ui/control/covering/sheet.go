package covering

import (
	"crypto/subtle"
	"errors"
	"image"
	"slices"

	"picasso/backend/score"
	"picasso/ui/control/history"
)

// place is a slice of a volume of a picture of the list.
type place struct{ picture, slice, volume int }

// State is a state of what is covered, to go back to: what came of a stroke, or of
// another change.
type State struct {
	ID      int
	Did     string // what led to it, as it follows “Undo”
	Fill    string
	Share   float64     // of the model's input, 0…1
	Small   *image.RGBA // the covered picture, small; nil until it is made
	Value   float64     // of what is explained
	Flipped bool        // another class was the answer
	Known   bool        // Value is

	patch    Runs // from the state before, which it changes where it is not 0
	answered bool
	scores   score.Scores // of the model's answer
}

// Bounds of the states that are kept of a picture: what is older is forgotten.
const (
	mostStates = history.MostSteps
	mostBytes  = 40 << 20
)

// sheet is what is covered of one picture.
type sheet struct {
	mask   *mask
	fill   string
	states []State // the first one is how it was before the others
	at     int     // the one that the mask is in
	before []uint8 // while a stroke is drawn: the mask before it
	packed Runs    // the mask, while another picture is looked at
}

// errForgotten is a state that is not kept any more.
var errForgotten = errors.New("too much was covered since: that state is not kept any more")

func newSheet(height, width int, fill string, id int) *sheet {
	return &sheet{mask: newMask(height, width), fill: fill, states: []State{{ID: id, Fill: fill}}}
}

// empty reports whether nothing is covered.
func (s *sheet) empty() bool {
	return !slices.ContainsFunc(s.mask.share, func(v uint8) bool { return v != 0 })
}

// begin keeps the mask before it is changed.
func (s *sheet) begin() { s.before = slices.Clone(s.mask.share) }

// end makes a state of what has changed since begin; false where nothing has.
func (s *sheet) end(id int, did string) bool {
	patch := s.changed()
	s.before = nil
	if patch == "" && s.fill == s.states[s.at].Fill {
		return false
	}
	s.states = append(s.states[:s.at+1], State{ID: id, Did: did, Fill: s.fill, patch: patch})
	s.at++
	s.trim()
	return true
}

// changed is the mask against the one before, by exclusive or.
func (s *sheet) changed() Runs {
	subtle.XORBytes(s.before, s.before, s.mask.share)
	return (&mask{s.mask.height, s.mask.width, s.before}).runs()
}

// trim forgets the oldest states beyond the bounds, but never the present one.
func (s *sheet) trim() {
	drop := max(len(s.states)-mostStates, 0)
	bytes := 0
	for i := len(s.states) - 1; i > drop; i-- {
		if bytes += len(s.states[i].patch); bytes > mostBytes {
			drop = i
		}
	}
	drop = min(drop, s.at)
	s.states = slices.Delete(s.states, 0, drop)
	s.at -= drop
}

// find is where a state is, −1 where it is not kept.
func (s *sheet) find(id int) int {
	return slices.IndexFunc(s.states, func(one State) bool { return one.ID == id })
}

// move brings the mask into a state.
func (s *sheet) move(id int) error {
	to := s.find(id)
	if to < 0 {
		return errForgotten
	}
	s.apply(s.mask, to)
	s.at, s.fill = to, s.states[to].Fill
	return nil
}

// apply brings a mask from the present state into another.
func (s *sheet) apply(m *mask, to int) {
	for i := s.at; i > to; i-- {
		m.toggle(s.states[i].patch)
	}
	for i := s.at + 1; i <= to; i++ {
		m.toggle(s.states[i].patch)
	}
}

// in is the mask of a state.
func (s *sheet) in(i int) *mask {
	m := &mask{s.mask.height, s.mask.width, slices.Clone(s.mask.share)}
	s.apply(m, i)
	return m
}

// bytes is about what the states keep in memory.
func (s *sheet) bytes() int {
	n := 0
	for _, one := range s.states {
		n += len(one.patch) + 256
		if one.Small != nil {
			n += len(one.Small.Pix)
		}
	}
	return n
}

// sleep packs the mask, until wake.
func (s *sheet) sleep() {
	if s.mask.share != nil {
		s.packed, s.mask.share, s.before = s.mask.runs(), nil, nil
	}
}

// wake unpacks the mask.
func (s *sheet) wake() {
	if s.mask.share == nil {
		s.mask.share = make([]uint8, s.mask.height*s.mask.width)
		_ = s.packed.open(s.mask) // it was packed from a mask of this size
		s.packed = ""
	}
}

// forget leaves only the present state.
func (s *sheet) forget() {
	now := s.states[s.at]
	now.patch = ""
	s.states, s.at = []State{now}, 0
}
