package files

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

func TestOfSeveralWhoWriteANewFileOneSucceeds(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "manifest")
	var won atomic.Int32
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			switch err := WriteNew(path, []byte(strings.Repeat(fmt.Sprint(i), 10_000)), Ordinary); {
			case err == nil:
				won.Add(1)
			case !errors.Is(err, fs.ErrExist):
				t.Error(err)
			}
		})
	}
	all.Wait()
	got := content(t, path)
	if won.Load() != 1 || got != strings.Repeat(got[:1], 10_000) {
		t.Errorf("%d wrote the file, which holds %d bytes", won.Load(), len(got))
	}
	if names(t, folder) != "manifest" {
		t.Errorf("the folder holds %s", names(t, folder))
	}
	defer Fail(func(Step, string) error { return errDisk })()
	if err := WriteNew(filepath.Join(folder, "other"), nil, Ordinary); !errors.Is(err, errDisk) && (err == nil || !strings.Contains(err.Error(), "no space")) {
		t.Errorf("on a full disk: %v", err)
	}
	if names(t, folder) != "manifest" {
		t.Errorf("a full disk leaves %s", names(t, folder))
	}
}
