package instance

import (
	"bytes"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// socket is an address short enough for every system.
func socket(t *testing.T) string {
	t.Helper()
	folder, err := os.MkdirTemp("", "pi")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(folder) })
	return filepath.Join(folder, "s")
}

func TestFilesReachTheOpenWindow(t *testing.T) {
	address := socket(t)
	if err := Hand(address, []string{"a"}); err == nil {
		t.Fatal("files were handed to nobody")
	}
	l, err := Listen(address)
	if err != nil {
		t.Skipf("this system has no such sockets: %v", err)
	}
	got := make(chan []string, 2)
	done := make(chan struct{})
	go func() { l.Serve(func(p []string) { got <- p }); close(done) }()
	if err := Hand(address, []string{"größe x.onnx", "b.png"}); err != nil {
		t.Fatal(err)
	}
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	if p := <-got; !slices.Equal(p, []string{filepath.Join(here, "größe x.onnx"), filepath.Join(here, "b.png")}) {
		t.Errorf("%q arrived", p)
	}
	if err := Hand(address, nil); err != nil || len(<-got) != 0 {
		t.Errorf("a start without files: %v", err)
	}
	if _, err := Listen(address); err == nil {
		t.Error("two programs listen at one address")
	}
	if err := l.Close(); err != nil {
		t.Error(err)
	}
	<-done
}

func TestNonsenseDoesNotEndTheService(t *testing.T) {
	address := socket(t)
	l, err := Listen(address)
	if err != nil {
		t.Skipf("this system has no such sockets: %v", err)
	}
	defer l.Close()
	got := make(chan []string, 1)
	go l.Serve(func(p []string) { got <- p })
	for _, nonsense := range []string{"GET / HTTP/1.1\r\n\r\n", "\x00\x00\x00\x05hello", "", "\x00\x00\x00\x08[\"rel\"]\n"} {
		conn, err := net.Dial("unix", address)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := conn.Write([]byte(nonsense)); err != nil {
			t.Fatal(err)
		}
		conn.Close()
	}
	if err := Hand(address, []string{"x"}); err != nil {
		t.Fatal(err)
	}
	if p := <-got; len(p) != 1 || filepath.Base(p[0]) != "x" {
		t.Errorf("%q arrived", p)
	}
}

func TestASocketLeftByACrashIsTakenOver(t *testing.T) {
	address := socket(t)
	old, err := net.ListenUnix("unix", &net.UnixAddr{Name: address, Net: "unix"})
	if err != nil {
		t.Skipf("this system has no such sockets: %v", err)
	}
	old.SetUnlinkOnClose(false)
	old.Close()
	l, err := Listen(address)
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
}

func TestAddressLiesInAFolderOfTheUsersOwn(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("access lists, not modes, guard the folders of Windows")
	}
	open := t.TempDir()
	if err := os.Chmod(open, 0o777); err != nil {
		t.Fatal(err)
	}
	t.Setenv("XDG_RUNTIME_DIR", open)
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	t.Setenv("HOME", t.TempDir())
	a, err := Address(":0")
	if err != nil {
		t.Fatal(err)
	}
	if strings.HasPrefix(a, open) {
		t.Errorf("%s lies where everybody may write", a)
	}
	if b, err := Address(":1"); err != nil || b == a {
		t.Errorf("two screens share %s: %v", a, err)
	}
	if err := os.Chmod(filepath.Dir(a), 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := Address(":0"); err == nil {
		t.Error("a folder that others can enter was taken")
	}
}

func FuzzDecode(f *testing.F) {
	good, err := encode([]string{"/a/b.onnx", "/c.png"})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add([]byte("\xff\xff\xff\xff"))
	f.Add([]byte("\x00\x00\x00\x04null"))
	f.Fuzz(func(t *testing.T, data []byte) {
		paths, err := decode(bytes.NewReader(data))
		if err != nil {
			return
		}
		again, err := encode(paths)
		if err != nil {
			t.Fatalf("%q cannot be written again: %v", paths, err)
		}
		if back, err := decode(bytes.NewReader(again)); err != nil || !slices.Equal(back, paths) {
			t.Fatalf("%q became %q, %v", paths, back, err)
		}
	})
}
