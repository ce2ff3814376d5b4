package perturb

import (
	"testing"

	"picasso/backend/score"
)

// TestScoreMemoryIsBounded: the oldest scores go first.
func TestScoreMemoryIsBounded(t *testing.T) {
	one := &remembered{scores: score.Scores{Probabilities: make([]float32, 100)}}
	m := newScoreMemory(10 * one.bytes())
	key := func(i int) memoryKey { return memoryKey{uint64(i)} }
	for i := range 1000 {
		m.put(key(i), score.Scores{Probabilities: make([]float32, 100)})
		m.get(key(0)) // what is used stays
	}
	if m.bytes > m.limit || len(m.byKey) != 10 || m.order.Len() != 10 {
		t.Errorf("%d bytes in %d entries, allowed are %d", m.bytes, len(m.byKey), m.limit)
	}
	for _, i := range []int{0, 999} {
		if _, ok := m.get(key(i)); !ok {
			t.Errorf("entry %d was forgotten", i)
		}
	}
	if _, ok := m.get(key(500)); ok {
		t.Error("entry 500 is still there")
	}
	m.put(key(1001), score.Scores{Probabilities: make([]float32, 1<<20)})
	if _, ok := m.get(key(1001)); ok {
		t.Error("an entry larger than the memory was kept")
	}
}
