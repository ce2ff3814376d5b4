package script

import (
	"hash/maphash"
	"slices"
	"unsafe"

	"picasso/backend/score"
	"picasso/visualizers"
)

// memory keeps what the model answered, by the image, so that a script which
// runs once for every target does not make the model work as often.
type memory struct {
	seed   maphash.Seed
	scores map[uint64]score.Scores
	left   int // numbers that may still be kept
}

// maxKept bounds the numbers kept: 64 MB.
const maxKept = 1 << 24

func newMemory(in visualizers.Input) *memory {
	m := &memory{seed: maphash.MakeSeed(), scores: map[uint64]score.Scores{}, left: maxKept}
	m.keep(m.key(in.Tensor.Data), in.Base)
	return m
}

// key is a 64-bit hash of the values; two images of a run meet with a
// probability around 2⁻⁴⁰ for thousands of them.
func (m *memory) key(values []float32) uint64 {
	return maphash.Bytes(m.seed, unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(values))), 4*len(values)))
}

func (m *memory) keep(key uint64, s score.Scores) {
	if n := len(s.Probabilities) + len(s.Logits); n <= m.left {
		m.left -= n
		m.scores[key] = s
	}
}

// merge adds parts that are not there already: a table of all classes is the
// same for every target.
func merge(have, more []visualizers.Part) []visualizers.Part {
	for _, p := range more {
		if !slices.ContainsFunc(have, func(q visualizers.Part) bool { return samePart(p, q) }) {
			have = append(have, p)
		}
	}
	return have
}

func samePart(p, q visualizers.Part) bool {
	switch {
	case p.Title != q.Title || p.Text != q.Text:
		return false
	case p.Table != nil && q.Table != nil:
		return slices.Equal(p.Table.Columns, q.Table.Columns) && slices.EqualFunc(p.Table.Rows, q.Table.Rows, func(a, b []any) bool { return slices.Equal(a, b) })
	case p.Picture != nil && q.Picture != nil:
		return p.Picture.Width == q.Picture.Width && slices.Equal(p.Picture.Values, q.Picture.Values)
	}
	return p.Text != "" && p.Table == nil && q.Table == nil && p.Picture == nil && q.Picture == nil && p.Map == nil && q.Map == nil
}
