package backend

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"picasso/backend/files"
)

// Several windows that measure at once keep all they found, and a disk that
// fails at any step leaves the old file or the new one.
func TestTuningIsShared(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cache", "tuning.json")
	key := func(i int) string { return strings.Repeat(fmt.Sprint(i), 64) }
	const windows = 8
	var all sync.WaitGroup
	for i := range windows {
		all.Go(func() {
			own := NewTuning(path)
			own.find(key(i), 4) // read before the others write
			own.remember(Tuned{Model: key(i), Cores: 4, Lanes: 2, Gain: 1.5})
		})
	}
	all.Wait()
	kept := func() int {
		n := 0
		for i := range windows {
			if _, ok := NewTuning(path).find(key(i), 4); ok {
				n++
			}
		}
		return n
	}
	if n := kept(); n != windows {
		t.Errorf("%d of %d are kept", n, windows)
	}
	for n := 1; n < 10; n++ {
		step := 0
		restore := files.Fail(func(files.Step, string) error {
			if step++; step == n {
				return errors.New("the disk is full")
			}
			return nil
		})
		NewTuning(path).remember(Tuned{Model: key(9), Cores: 4, Lanes: 1, Gain: 1})
		restore()
		if got := kept(); got != windows {
			t.Errorf("after step %d failed %d of %d are kept", n, got, windows)
		}
	}
}
