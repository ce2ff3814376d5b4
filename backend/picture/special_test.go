//go:build unix

package picture

import (
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// A pipe that nobody writes to holds up nobody, wherever it is named.
func TestPipesAreRefused(t *testing.T) {
	folder := t.TempDir()
	pipe := filepath.Join(folder, "scan.dcm")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{pipe, "/dev/zero"} {
		if _, err := Open(path); err == nil || !strings.Contains(err.Error(), "not an ordinary file") {
			t.Errorf("%s: %v", path, err)
		}
		if _, err := OpenSeries(t.Context(), path); err == nil {
			t.Errorf("%s is a series", path)
		}
		if Sliced(path) {
			t.Errorf("%s is a scan", path)
		}
	}
	if _, err := OpenSeries(t.Context(), folder); err == nil || !strings.Contains(err.Error(), "holds no") {
		t.Errorf("the folder: %v", err)
	}
	header := written(t, "v.mhd", []byte("NDims = 2\nDimSize = 2 2\nElementType = MET_UCHAR\nElementDataFile = v.raw\n"))
	if err := syscall.Mkfifo(filepath.Join(filepath.Dir(header), "v.raw"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(header); err == nil || !strings.Contains(err.Error(), "is a pipe") {
		t.Errorf("pixels in a pipe: %v", err)
	}
}
