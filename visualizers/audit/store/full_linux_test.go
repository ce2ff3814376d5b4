package store_test

import (
	"errors"
	"os/signal"
	"syscall"
	"testing"
	"time"

	"picasso/visualizers/audit/store"
)

// A pack that finds no room keeps the rows before it whole, and the audit goes on in
// another pack once there is room. The room is bounded by the size that a file may
// have: the kernel writes what fits, as on a full disk.
func TestPacksOnFullDisks(t *testing.T) {
	const n, room = store.PackAbove + 1, 64 << 10
	folder := t.TempDir()
	s, err := store.Begin(folder, manifest(), list(n), nil)
	if err != nil {
		t.Fatal(err)
	}
	signal.Ignore(syscall.SIGXFSZ)
	defer signal.Reset(syscall.SIGXFSZ)
	var before syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &before); err != nil {
		t.Fatal(err)
	}
	limit := func(most uint64) {
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: most, Max: before.Max}); err != nil {
			t.Fatal(err)
		}
	}
	limit(room)
	put := 0
	for ; err == nil && put < 100; put++ {
		row, cells := rowOf(put, s.Items[put])
		err = s.Put(put, row, cells)
	}
	limit(before.Cur)
	put-- // the last one failed
	if !errors.Is(err, syscall.EFBIG) || put < 1 {
		t.Fatalf("without room after %d rows: %v", put, err)
	}
	done := func() int {
		again, err := store.Open(folder)
		if err != nil {
			t.Fatal(err)
		}
		c, err := again.Load(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return c.Count(store.Done)
	}
	if got := done(); got != put {
		t.Errorf("%d rows of %d are there", got, put)
	}
	for j := put; j < put+3; j++ { // with room again
		row, cells := rowOf(j, s.Items[j])
		if err := s.Put(j, row, cells); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Tell(store.Whole, store.Report{}, time.Now()); err != nil {
		t.Fatal(err)
	}
	if got := done(); got != put+3 {
		t.Errorf("gone on: %d rows of %d are there", got, put+3)
	}
}
