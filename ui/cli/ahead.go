package cli

import (
	"context"
	"iter"

	"picasso/backend"
	"picasso/ui/cli/named"
)

// reading is an item that was read, or why it was not.
type reading struct {
	subject subject
	err     error
}

// mostBeside bounds the picture that is held while the next one is read, in
// bytes: beside a larger one none is, so that both together take little more
// memory than --max-memory allows for one.
const mostBeside = 64 << 20

// readAhead reads items in their order, each while the one before it is worked on.
func readAhead(ctx context.Context, m *backend.Model, items []named.Item) iter.Seq2[named.Item, reading] {
	return func(yield func(named.Item, reading) bool) {
		next := make(chan reading, 1)
		start := func(i int) {
			if i < len(items) {
				go func() {
					s, err := read(ctx, m, items[i])
					s.Item = items[i]
					next <- reading{s, err}
				}()
			}
		}
		start(0)
		for i, it := range items {
			r := <-next
			beside := r.subject.bytes() <= mostBeside
			if beside {
				start(i + 1)
			}
			if !yield(it, r) {
				if beside && i+1 < len(items) {
					<-next // the model is in use until then
				}
				return
			}
			if !beside {
				start(i + 1)
			}
		}
	}
}

// bytes is about what the picture and its tensor hold.
func (s subject) bytes() int64 {
	n := int64(len(s.tensor.Data))
	if s.picture != nil {
		n += int64(s.picture.Width) * int64(s.picture.Height) * int64(s.picture.Channels)
	}
	return 4 * n
}
