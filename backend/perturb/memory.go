package perturb

import (
	"container/list"
	"encoding/binary"
	"fmt"
	"hash/maphash"
	"math"
	"sync"

	"picasso/backend/infer"
	"picasso/backend/score"
)

// rememberedBytes bounds the scores that a model remembers.
const rememberedBytes = 24 << 20

// memoryKey stands for one copy of one picture under one reading of the
// outputs: a hash of everything that the scores depend on, of 128 bits.
type memoryKey [2]uint64

// scoreMemory remembers scores by what was asked, the latest ones. It is safe
// for concurrent use.
type scoreMemory struct {
	mu    sync.Mutex
	limit int
	bytes int
	order *list.List // of *remembered, latest first
	byKey map[memoryKey]*list.Element
}

type remembered struct {
	key    memoryKey
	scores score.Scores
}

func (r *remembered) bytes() int {
	const overhead = 200
	return overhead + 4*(len(r.scores.Probabilities)+len(r.scores.Logits))
}

func newScoreMemory(limit int) *scoreMemory {
	return &scoreMemory{limit: limit, order: list.New(), byKey: map[memoryKey]*list.Element{}}
}

// memory is a score memory for copies of one picture. The zero value remembers
// nothing.
type memory struct {
	*scoreMemory
	prefix memoryKey
	sides  Size // of the picture
}

// remembered is the model's memory for copies of a picture. What the scores
// are made of (the picture, the reading of the outputs) goes into the keys, so
// nothing has to be forgotten when any of it changes.
func (s *Scorer) remembered(base infer.Tensor) memory {
	depth := sidesOf(s.host.Input())[0]
	h := newHasher()
	h.text(fmt.Sprintf("%+v\n%v\n", s.host.Reader(), base.Shape))
	h.floats(base.Data)
	return memory{s.memory, h.sum(), Size{depth, base.Shape[1] / depth, base.Shape[2]}}
}

// fingerprint stands for a picture.
func fingerprint(t infer.Tensor) memoryKey {
	h := newHasher()
	h.text(fmt.Sprintln(t.Shape))
	h.floats(t.Data)
	return h.sum()
}

// key stands for a copy that differs from the picture inside a box.
func (m memory) key(t infer.Tensor, changed Box) memoryKey {
	if m.scoreMemory == nil {
		return memoryKey{}
	}
	h := newHasher()
	changed = changed.within(m.sides)
	h.number(m.prefix[0])
	h.number(m.prefix[1])
	for k := range changed.From {
		h.number(uint64(changed.From[k]))
		h.number(uint64(changed.To[k]))
	}
	changed.Lines(t.Shape[0], m.sides, func(from, to int) { h.floats(t.Data[from:to]) })
	return h.sum()
}

// seeds make two hashes independent of each other.
var seeds = [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()}

// hasher hashes within this process, at about the speed of reading: of a small
// model the copies are scored within microseconds.
type hasher struct {
	halves [2]maphash.Hash
	buffer [4096]byte
}

func newHasher() *hasher {
	h := &hasher{}
	for i := range h.halves {
		h.halves[i].SetSeed(seeds[i])
	}
	return h
}

func (h *hasher) text(s string) {
	for i := range h.halves {
		h.halves[i].WriteString(s) // takes all of it
	}
}

func (h *hasher) number(n uint64) {
	binary.LittleEndian.PutUint64(h.buffer[:8], n)
	h.write(8)
}

// floats hashes numbers by their bits.
func (h *hasher) floats(values []float32) {
	for len(values) > 0 {
		n := min(len(values), len(h.buffer)/4)
		for i, v := range values[:n] {
			binary.LittleEndian.PutUint32(h.buffer[4*i:4*i+4], math.Float32bits(v))
		}
		h.write(4 * n)
		values = values[n:]
	}
}

// write hashes the first n bytes of the buffer.
func (h *hasher) write(n int) {
	for i := range h.halves {
		h.halves[i].Write(h.buffer[:n]) // takes all of it
	}
}

func (h *hasher) sum() memoryKey { return memoryKey{h.halves[0].Sum64(), h.halves[1].Sum64()} }

func (s *scoreMemory) get(key memoryKey) (score.Scores, bool) {
	if s == nil {
		return score.Scores{}, false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	e, ok := s.byKey[key]
	if !ok {
		return score.Scores{}, false
	}
	s.order.MoveToFront(e)
	return e.Value.(*remembered).scores, true
}

func (s *scoreMemory) put(key memoryKey, scores score.Scores) {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	r := &remembered{key, scores}
	if _, known := s.byKey[key]; known || r.bytes() > s.limit {
		return
	}
	s.byKey[key] = s.order.PushFront(r)
	s.bytes += r.bytes()
	for s.bytes > s.limit {
		last := s.order.Back()
		old := s.order.Remove(last).(*remembered)
		delete(s.byKey, old.key)
		s.bytes -= old.bytes()
	}
}
