package cli

import (
	"context"
	"iter"
	"runtime"
	"sync"

	"picasso/backend"
	"picasso/ui/cli/named"
)

// reading is an item that was read, or why it was not.
type reading struct {
	subject subject
	err     error
}

const (
	// mostBeside bounds the picture that is held while the next one is read, in
	// bytes: beside a larger one none is, so that both together take little more
	// memory than --max-memory allows for one.
	mostBeside = 64 << 20
	// mostAhead bounds what is taken beside these two, by all pictures together that
	// are read before it is their turn to be the next.
	mostAhead = 96 << 20
	// mostReaders bounds how many are read beside each other.
	mostReaders = 8
)

// readAhead reads items in their order, each while the ones before it are worked on:
// the next one, and small pictures beside it, one on each core.
func readAhead(ctx context.Context, m *backend.Model, items []named.Item) iter.Seq2[named.Item, reading] {
	return func(yield func(named.Item, reading) bool) {
		ctx, stop := context.WithCancel(ctx)
		var readers sync.WaitGroup
		defer readers.Wait() // the model is in use until then
		defer stop()
		ahead := min(runtime.GOMAXPROCS(0), mostReaders)
		if m.Input.OwnSize { // it is fitted to each picture
			ahead = 0
		}
		turns := make([]*turn, 0, len(items))
		for i, it := range items {
			for len(turns) < min(i+1+ahead, len(items)) {
				t := &turn{may: make(chan struct{}), read: make(chan reading, 1)}
				item := items[len(turns)]
				turns = append(turns, t)
				readers.Go(func() { t.read <- t.take(ctx, m, item, mostAhead/mostReaders) })
			}
			turns[i].come()
			r := <-turns[i].read
			turns[i] = nil
			if i+1 < len(turns) && r.subject.bytes() <= mostBeside {
				turns[i+1].come()
			}
			if !yield(it, r) {
				return
			}
		}
	}
}

// inLanes works on readings, up to so many small ones beside each other, and gives what becomes
// of them in their order. One lane, and a large reading, is worked on before the next
// one is asked for: that may take its memory, or fit the model to another size. work must be
// safe for concurrent use.
func inLanes[T any](lanes int, readings iter.Seq2[named.Item, reading], work func(reading) T) iter.Seq2[named.Item, T] {
	type lane struct {
		item named.Item
		done chan T
	}
	most := min(lanes, mostReaders)
	return func(yield func(named.Item, T) bool) {
		var busy []lane
		defer func() { // the model is in use until then
			for _, l := range busy {
				<-l.done
			}
		}()
		leave := func(n int) bool { // but n of them
			for len(busy) > n {
				l := busy[0]
				busy = busy[1:]
				if !yield(l.item, <-l.done) {
					return false
				}
			}
			return true
		}
		for it, r := range readings {
			if most < 2 || r.subject.bytes() > mostAhead/mostReaders {
				if !leave(0) || !yield(it, work(r)) {
					return
				}
				continue
			}
			if !leave(most - 1) {
				return
			}
			l := lane{it, make(chan T, 1)}
			busy = append(busy, l)
			go func() { l.done <- work(r) }()
		}
		leave(0)
	}
}

// turn is one item on its way.
type turn struct {
	may  chan struct{} // closed once it may take as much memory as --max-memory allows
	came bool
	read chan reading
}

func (t *turn) come() {
	if !t.came {
		t.came = true
		close(t.may)
	}
}

// take reads an item at once if that takes few bytes, else when its turn comes.
func (t *turn) take(ctx context.Context, m *backend.Model, it named.Item, bytes int64) reading {
	s, ok := readEarly(ctx, m, it, bytes)
	var err error
	if !ok {
		select {
		case <-t.may:
			s, err = read(ctx, m, it)
		case <-ctx.Done():
			err = ctx.Err()
		}
	}
	s.Item = it
	return reading{s, err}
}

// bytes is about what the picture and its tensor hold.
func (s subject) bytes() int64 {
	n := int64(len(s.tensor.Data))
	if s.picture != nil {
		n += int64(s.picture.Width) * int64(s.picture.Height) * int64(s.picture.Channels)
	}
	return 4 * n
}
