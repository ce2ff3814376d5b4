package instance

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"picasso/backend/bounded"
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

// join makes this program the one that listens.
func join(t *testing.T, address string) *Listener {
	t.Helper()
	l, handed, err := Join(address, nil)
	if err != nil {
		t.Skipf("this system has no such sockets: %v", err)
	}
	if handed {
		t.Fatal("handed to nobody")
	}
	t.Cleanup(func() { l.Close() })
	return l
}

// serve collects what later starts bring.
func serve(l *Listener) (got chan []string, done chan struct{}) {
	got, done = make(chan []string, 16), make(chan struct{})
	go func() {
		defer close(done)
		l.Serve(func(p []string) { got <- p })
	}()
	return got, done
}

func TestFilesReachTheOpenWindow(t *testing.T) {
	address := socket(t)
	if err := Hand(address, []string{"a"}); err == nil {
		t.Fatal("files were handed to nobody")
	}
	l := join(t, address)
	// The window is not there yet, but files are taken.
	if other, handed, err := Join(address, []string{"größe x.onnx", "b.png"}); err != nil || !handed || other != nil {
		t.Fatal(other, handed, err)
	}
	got, done := serve(l)
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	if p := <-got; !slices.Equal(p, []string{filepath.Join(here, "größe x.onnx"), filepath.Join(here, "b.png")}) {
		t.Errorf("%q arrived", p)
	}
	if _, handed, err := Join(address, nil); err != nil || !handed || len(<-got) != 0 {
		t.Errorf("a start without files: %v", err)
	}
	if err := l.Close(); err != nil {
		t.Error(err)
	}
	<-done
	next, handed, err := Join(address, nil)
	if err != nil || handed {
		t.Fatalf("after the window was closed: %v, %v", handed, err)
	}
	next.Close()
}

// Peers that say nothing, or nonsense, neither end the service nor hold it up.
func TestSilentPeersHoldUpNobody(t *testing.T) {
	address := socket(t)
	got, _ := serve(join(t, address))
	for _, words := range []string{"", "", "", "\x00", "GET / HTTP/1.1\r\n\r\n", "\x00\x00\x00\x05hello", "\x00\x00\x00\x08[\"rel\"]\n", "\xff\xff\xff\xff"} {
		conn, err := net.Dial("unix", address)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close() // they stay
		if _, err := conn.Write([]byte(words)); err != nil {
			t.Fatal(err)
		}
	}
	began := time.Now()
	if err := Hand(address, []string{"x"}); err != nil {
		t.Fatal(err)
	}
	if p := <-got; len(p) != 1 || filepath.Base(p[0]) != "x" {
		t.Errorf("%q arrived", p)
	}
	if took := time.Since(began); took > attention {
		t.Errorf("the silent held up another start for %v", took)
	}
}

// However many connect, one program takes bounded many, and hears the next when
// they have gone.
func TestACrowdIsBounded(t *testing.T) {
	address := socket(t)
	got, _ := serve(join(t, address))
	var crowd []net.Conn
	for range 3 * maxPeers {
		conn, err := net.Dial("unix", address)
		if err != nil {
			break
		}
		crowd = append(crowd, conn)
	}
	for _, c := range crowd {
		c.Close()
	}
	if _, handed, err := Join(address, []string{"x"}); err != nil || !handed || len(<-got) != 1 {
		t.Errorf("%v, %v", handed, err)
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
	join(t, address)
}

// Of starts that come at the same time one opens a window, and it gets the files
// of the others.
func TestStartsAtTheSameTimeOpenOneWindow(t *testing.T) {
	const starts = 4
	for range 5 {
		address := socket(t)
		said := make(chan string, starts)
		var all sync.WaitGroup
		var programs []*exec.Cmd
		for i := range starts {
			cmd := exec.Command(os.Args[0], start, address, fmt.Sprint("/file", i))
			out, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			programs = append(programs, cmd)
			all.Go(func() {
				for lines := bufio.NewScanner(out); lines.Scan(); {
					said <- lines.Text()
				}
			})
		}
		windows, arrived, handed := 0, 0, 0
		for windows+arrived+handed < 1+2*(starts-1) {
			switch line := <-said; line {
			case "window":
				windows++
			case "handed":
				handed++
			case "arrived":
				arrived++
			default:
				t.Fatal(line)
			}
		}
		if windows != 1 || handed != starts-1 {
			t.Errorf("%d windows, %d handed their files on, %d arrived", windows, handed, arrived)
		}
		for _, p := range programs {
			_ = p.Process.Kill() // most have ended
			_ = p.Wait()
		}
		all.Wait()
	}
}

// start makes the test binary a program that is started.
const start = "start"

func TestMain(m *testing.M) {
	if len(os.Args) == 4 && os.Args[1] == start {
		l, handed, err := Join(os.Args[2], os.Args[3:])
		switch {
		case err != nil:
			fmt.Println(err)
		case handed:
			fmt.Println("handed")
		default:
			fmt.Println("window")
			l.Serve(func([]string) { fmt.Println("arrived") })
		}
		return
	}
	os.Exit(m.Run())
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
		bounded.Run(t, bounded.Small(len(data)), func() {
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
	})
}
