//go:build !cli && linux

package main

import (
	"bufio"
	"context"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"picasso/ui/xtest"
)

// What strace writes of a call, whichever process and thread made it:
//
//	1234 connect(5, {sa_family=AF_UNIX, sun_path=@"/tmp/.X11-unix/X1"}, 21) = 0
var (
	callLine   = regexp.MustCompile(`^\d+ +([a-z]\w*)\(`)
	familyOf   = regexp.MustCompile(`(?:^\d+ +socket(?:pair)?\(|sa_family=)(AF_\w+|\d+)`)
	socketPath = regexp.MustCompile(`^\d+ +(?:connect|bind)\(.*sun_path=@?"([^"]*)"`)
)

// TestNoNetwork traces the system calls of a session in the real window and of its
// children: a sample, a model never seen before, keys, a slider. Its sockets are those
// of the screen, of other starts of the program, and of the system's list of users;
// none reaches a network.
func TestNoNetwork(t *testing.T) {
	if os.Getenv("PICASSO_STRACE") == "" {
		t.Skip("make strace-test runs it")
	}
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Skip("strace is not installed")
	}
	if out, err := exec.Command(strace, "-f", "true").CombinedOutput(); err != nil {
		t.Skipf("strace may not trace here: %v, %s", err, out)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	trace := filepath.Join(t.TempDir(), "trace")
	p := startOn(ctx, t, screen, strace, "-f", "-qq", "-o", trace)
	p.awaitTitle("tanks-biased.onnx")
	p.awaitOverlay("the sample is explained")
	folder := p.samples("tanks-fair")
	model := filepath.Join(folder, "tanks-fair.onnx")
	p.must(p.Drop(middle, neverSeen(t, model), filepath.Join(folder, "5-tank-clear.png")))
	p.awaitTitle("unseen.onnx")
	p.awaitOverlay("the dropped model is explained")
	knob := p.findKnob(p.look())
	p.must(p.Drag(knob, knob.Add(screen.Div(20))))
	p.must(p.Key('.'))
	p.must(p.Key('g'))
	p.settle()
	w, _, _ := p.Window("Picasso")
	p.must(p.Focus(w))
	p.must(p.KeyWith(xtest.Control, 'q'))
	if err := p.cmd.Wait(); err != nil {
		t.Errorf("the program did not end well: %v", err)
	}

	calls, families, sockets := readTrace(t, trace)
	for _, name := range []string{"execve", "socket", "openat", "prctl", "recvmsg"} {
		if calls[name] == 0 {
			t.Errorf("no %s was traced", name)
		}
	}
	if families["AF_UNIX"] == 0 {
		t.Error("no sockets were traced")
	}
	delete(families, "AF_UNIX")
	if len(families) > 0 {
		t.Errorf("addresses of other families than AF_UNIX: %v", families)
	}
	for path := range sockets {
		if !strings.HasPrefix(path, "/tmp/.X11-unix/") && !strings.HasSuffix(path, ".sock") && path != "/var/run/nscd/socket" {
			t.Errorf("a socket at %s", path)
		}
	}
	t.Logf("calls: %s", counts(calls))
	t.Logf("sockets: %s", counts(sockets))
}

func TestCallsAreReadFromATrace(t *testing.T) {
	path := filepath.Join(t.TempDir(), "trace")
	if err := os.WriteFile(path, []byte(`12 socket(AF_UNIX, SOCK_STREAM|SOCK_CLOEXEC, 0) = 5
12 connect(5, {sa_family=AF_UNIX, sun_path=@"/tmp/.X11-unix/X1"}, 21 <unfinished ...>
13 read(7, "connect(AF_INET", 15) = 15
12 <... connect resumed>) = 0
13 socket(AF_INET6, SOCK_DGRAM, 0) = 6
13 sendto(6, "x", 1, 0, {sa_family=AF_INET, sin_port=htons(53)}, 16) = 1
`), 0o600); err != nil {
		t.Fatal(err)
	}
	calls, families, sockets := readTrace(t, path)
	if !maps.Equal(calls, map[string]int{"socket": 2, "connect": 1, "read": 1, "sendto": 1}) ||
		!maps.Equal(families, map[string]int{"AF_UNIX": 2, "AF_INET6": 1, "AF_INET": 1}) || !maps.Equal(sockets, map[string]int{"/tmp/.X11-unix/X1": 1}) {
		t.Errorf("%v, %v, %v", calls, families, sockets)
	}
}

// neverSeen is a copy of a model that is another file to whoever looks at its bytes.
func neverSeen(t *testing.T, model string) string {
	t.Helper()
	data, err := os.ReadFile(model)
	if err != nil {
		t.Fatal(err)
	}
	const documentation = 6<<3 | 2 // field 6 of a model, text
	path := filepath.Join(filepath.Dir(model), "unseen.onnx")
	if err := os.WriteFile(path, append(data, documentation, 1, 'x'), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// readTrace counts system calls by name, families of addresses, and paths of sockets.
func readTrace(t *testing.T, path string) (calls, families, sockets map[string]int) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	calls, families, sockets = map[string]int{}, map[string]int{}, map[string]int{}
	lines := bufio.NewScanner(f)
	for lines.Buffer(nil, 1<<20); lines.Scan(); {
		line := lines.Text()
		if m := callLine.FindStringSubmatch(line); m != nil {
			calls[m[1]]++
		}
		for _, m := range familyOf.FindAllStringSubmatch(line, -1) {
			families[m[1]]++
		}
		if m := socketPath.FindStringSubmatch(line); m != nil {
			sockets[m[1]]++
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return calls, families, sockets
}

// counts lists numbers, the largest first.
func counts(of map[string]int) string {
	names := slices.SortedFunc(maps.Keys(of), func(a, b string) int { return of[b] - of[a] })
	for i, name := range names {
		names[i] = fmt.Sprintf("%s %d", name, of[name])
	}
	return strings.Join(names, ", ")
}
