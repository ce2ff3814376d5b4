//go:build unix

package regular

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// Each of these would hold up or never end a reader that just opens it.
func TestPipesDevicesAndSocketsAreRefused(t *testing.T) {
	folder := t.TempDir()
	pipe, socket, link := filepath.Join(folder, "pipe"), filepath.Join(folder, "socket"), filepath.Join(folder, "link")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("unix", socket)
	if err != nil {
		t.Skipf("no sockets here: %v", err)
	}
	defer l.Close()
	if err := os.Symlink(pipe, link); err != nil {
		t.Fatal(err)
	}
	for path, says := range map[string]string{pipe: "is a pipe", link: "is a pipe", socket: "is a socket", "/dev/zero": "is a device"} {
		_, err := Head(path, 16)
		if !errors.Is(err, ErrSpecial) || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v, want one that says %q", path, err, says)
		}
	}
}
