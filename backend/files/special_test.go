//go:build unix

package files

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// A pipe, a device behind a link or a folder as an output is refused at once:
// nothing waits, and what was there still is.
func TestOutputsThatAreNoFilesAreRefused(t *testing.T) {
	folder := t.TempDir()
	at := func(name string) string { return filepath.Join(folder, name) }
	if err := syscall.Mkfifo(at("pipe"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("/dev/null", at("device")); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(at("folder"), 0o700); err != nil {
		t.Fatal(err)
	}
	before := names(t, folder)
	for _, name := range strings.Fields("pipe device folder") {
		if err := Write(at(name), []byte("x"), 0o600); err == nil || !strings.Contains(err.Error(), name+" cannot be written") || !strings.Contains(err.Error(), "choose another name") {
			t.Errorf("%s: %v", name, err)
		}
		f, err := NewFolder(filepath.Dir(folder), filepath.Base(folder), nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := f.Put(name, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := f.Publish(); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s in a folder: %v", name, err)
		}
		f.Discard()
	}
	if got := names(t, folder); got != before {
		t.Errorf("%s became %s", before, got)
	}
}
