package cli

import (
	"iter"
	"slices"
	"strconv"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"picasso/backend/infer"
	"picasso/ui/cli/named"
)

// small are so many readings of little memory, the large ones apart.
func small(n int, large ...int) iter.Seq2[named.Item, reading] {
	return func(yield func(named.Item, reading) bool) {
		for i := range n {
			r := reading{subject: subject{Item: named.Item{Label: strconv.Itoa(i)}}}
			if slices.Contains(large, i) {
				r.subject.tensor = infer.Tensor{Data: make([]float32, mostAhead/mostReaders/4+1)}
			}
			if !yield(r.subject.Item, r) {
				return
			}
		}
	}
}

// TestLanesKeepTheOrder: results come in the order of the readings, however long each takes,
// so many are worked on beside each other and no more, and a large one by itself.
func TestLanesKeepTheOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var busy, most atomic.Int32
		work := func(r reading) string {
			n := busy.Add(1)
			defer busy.Add(-1)
			most.Store(max(most.Load(), n))
			i, _ := strconv.Atoi(r.subject.Label)
			time.Sleep(time.Duration(1+i*7%5) * time.Millisecond)
			if large := len(r.subject.tensor.Data) > 0; large && busy.Load() != 1 {
				t.Errorf("%d others beside a large picture", busy.Load()-1)
			}
			return r.subject.Label
		}
		next := 0
		for it, got := range inLanes(3, small(40, 7, 20), work) {
			if got != it.Label || got != strconv.Itoa(next) {
				t.Fatalf("result %d is %q, of %q", next, got, it.Label)
			}
			next++
		}
		if next != 40 || most.Load() != 3 {
			t.Errorf("%d results, %d beside each other", next, most.Load())
		}
	})
}

// TestLanesAskForTheNextAfterwards: what is read while a model works may change its size, so
// that one lane asks for the next reading once the one before is done with, and a large reading
// holds the next one back however many lanes there are.
func TestLanesAskForTheNextAfterwards(t *testing.T) {
	for lanes, large := range map[int][]int{1: nil, 3: {0, 1, 2, 3, 4}} {
		given := 0
		readings := func(yield func(named.Item, reading) bool) {
			asked := 0
			for it, r := range small(5, large...) {
				if given != asked {
					t.Errorf("%d lanes: reading %d is asked for after %d results", lanes, asked, given)
				}
				asked++
				if !yield(it, r) {
					return
				}
			}
		}
		for range inLanes(lanes, readings, func(reading) int { return 0 }) {
			given++
		}
		if given != 5 {
			t.Errorf("%d lanes: %d results", lanes, given)
		}
	}
}

// TestLanesEndTogether: who looks at no more results waits for what is worked on, for the
// model may be closed then.
func TestLanesEndTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var done atomic.Int32
		work := func(reading) int {
			time.Sleep(time.Millisecond)
			return int(done.Add(1))
		}
		for range inLanes(4, small(40), work) {
			break
		}
		if n := done.Load(); n != 4 {
			t.Errorf("%d of 4 are done", n)
		}
	})
}
