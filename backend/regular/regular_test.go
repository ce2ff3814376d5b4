package regular

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestFilesAreReadWithinTheirBounds(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	want := []byte("twelve bytes")
	if err := os.WriteFile(path, want, 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := Read(path, int64(len(want))); err != nil || !bytes.Equal(got, want) {
		t.Errorf("%q, %v", got, err)
	}
	if got, err := Head(path, 6); err != nil || string(got) != "twelve" {
		t.Errorf("%q, %v", got, err)
	}
	if got, err := Head(path, 100); err != nil || !bytes.Equal(got, want) {
		t.Errorf("%q, %v", got, err)
	}
	var e *Error
	if _, err := Read(path, int64(len(want))-1); !errors.As(err, &e) || !errors.Is(err, ErrTooLarge) || e.Path != path {
		t.Errorf("one byte over the bound: %v", err)
	}
}

func TestWhatIsNoFileIsRefusedInWords(t *testing.T) {
	folder := t.TempDir()
	for path, c := range map[string]struct {
		kind error
		says string
	}{
		folder:                          {ErrFolder, "choose a file in it"},
		filepath.Join(folder, "absent"): {fs.ErrNotExist, "check the name"},
	} {
		_, _, err := Open(path, 1)
		if !errors.Is(err, c.kind) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want one that says %q", path, err, c.says)
		}
	}
}
