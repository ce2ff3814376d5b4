package perturb

import (
	"container/list"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash"
	"image"
	"math"
	"sync"

	"picasso/backend/infer"
	"picasso/backend/score"
)

// rememberedBytes bounds the scores that a model remembers.
const rememberedBytes = 24 << 20

// memoryKey stands for one copy of one picture under one reading of the
// outputs: a hash of everything that the scores depend on.
type memoryKey [sha256.Size]byte

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
}

// remembered is the model's memory for copies of a picture. What the scores
// are made of (the picture, the reading of the outputs) goes into the keys, so
// nothing has to be forgotten when any of it changes.
func (s *Scorer) remembered(base infer.Tensor) memory {
	h := sha256.New()
	fmt.Fprintf(h, "%+v\n%v\n", s.host.Reader(), base.Shape)
	writeFloats(h, base.Data)
	return memory{s.memory, memoryKey(h.Sum(nil))}
}

// fingerprint stands for a picture.
func fingerprint(t infer.Tensor) memoryKey {
	h := sha256.New()
	fmt.Fprintf(h, "%v\n", t.Shape)
	writeFloats(h, t.Data)
	return memoryKey(h.Sum(nil))
}

// key stands for a copy that differs from the picture inside a rectangle.
func (m memory) key(t infer.Tensor, changed image.Rectangle) memoryKey {
	if m.scoreMemory == nil {
		return memoryKey{}
	}
	h := sha256.New()
	h.Write(m.prefix[:])
	changed = changed.Intersect(image.Rect(0, 0, t.Shape[2], t.Shape[1]))
	fmt.Fprintf(h, "%v\n", changed)
	for c := range t.Shape[0] {
		for y := changed.Min.Y; y < changed.Max.Y; y++ {
			row := (c*t.Shape[1] + y) * t.Shape[2]
			writeFloats(h, t.Data[row+changed.Min.X:row+changed.Max.X])
		}
	}
	return memoryKey(h.Sum(nil))
}

// writeFloats hashes numbers by their bits.
func writeFloats(h hash.Hash, values []float32) {
	var buffer [4096]byte
	for len(values) > 0 {
		n := min(len(values), len(buffer)/4)
		for i, v := range values[:n] {
			binary.LittleEndian.PutUint32(buffer[4*i:], math.Float32bits(v))
		}
		h.Write(buffer[:4*n])
		values = values[n:]
	}
}

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
