package confine

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// The test binary is its own child: with a name of attempts it makes that
// attempt behind the walls and says how it went.
func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == "attempt" {
		attempt(os.Args[2], os.Args[3:])
		os.Exit(0)
	}
	os.Exit(m.Run())
}

const megabyte = 1 << 20

// spun is what a busy child counts.
var spun int

// attempts are what a child may try; an error is a wall.
var attempts = map[string]func(args []string) error{
	"open a file":       func([]string) error { _, err := os.Open("/etc/passwd"); return err },
	"write a file":      func(a []string) error { return os.WriteFile(a[0], []byte("x"), 0o600) },
	"see a file":        func([]string) error { _, err := os.Stat("/etc/passwd"); return err },
	"connect":           func([]string) error { _, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0); return err },
	"run a program":     func([]string) error { return unix.Exec("/bin/true", []string{"true"}, nil) },
	"fork":              func([]string) error { return exec.Command("/bin/true").Run() },
	"trace the parent":  func([]string) error { return unix.PtraceAttach(os.Getppid()) },
	"kill the parent":   func([]string) error { return unix.Kill(os.Getppid(), 0) },
	"signal its thread": func([]string) error { return unix.Tgkill(os.Getppid(), os.Getppid(), 0) },
	"gain code": func([]string) error {
		_, err := unix.Mmap(-1, 0, 4096, unix.PROT_READ|unix.PROT_WRITE|unix.PROT_EXEC, unix.MAP_ANON|unix.MAP_PRIVATE)
		return err
	},
	"gain rights":     func([]string) error { _, err := unix.PrctlRetInt(unix.PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0); return err },
	"raise a limit":   func([]string) error { return unix.Setrlimit(unix.RLIMIT_NOFILE, &unix.Rlimit{Cur: 9, Max: 9}) },
	"raise the uring": func([]string) error { _, _, e := unix.Syscall(unix.SYS_IO_URING_SETUP, 1, 0, 0); return known(e) },
	"compute":         compute,
}

func known(e unix.Errno) error {
	if e == 0 {
		return nil
	}
	return e
}

// compute uses threads, timers and the collector.
func compute([]string) error {
	done := make(chan int)
	for range 8 {
		go func() {
			runtime.LockOSThread() // a thread of its own
			sum := 0
			for i := range 1000 {
				sum += len(make([]byte, 10_000)) + i
			}
			time.Sleep(time.Millisecond)
			done <- sum
		}()
	}
	for range 8 {
		<-done
	}
	runtime.GC()
	return nil
}

func attempt(name string, args []string) {
	switch name {
	case "descriptors":
		entries, err := os.ReadDir("/proc/self/fd")
		for _, e := range entries {
			target, _ := os.Readlink("/proc/self/fd/" + e.Name())
			fmt.Println(e.Name(), target)
		}
		fmt.Println(err)
		return
	case "start a child":
		cmd := exec.Command(os.Args[0], "attempt", "spin")
		cmd.Stdout = os.Stdout
		if _, err := Start(cmd, 0); err != nil {
			fmt.Println("start:", err)
		}
		select {}
	}
	policy, limits := Compute, Limits{}
	if rest, reads := strings.CutPrefix(name, "reading: "); reads {
		policy, name = ReadFiles, rest
	}
	switch name {
	case "take memory":
		limits.Memory = 64 * megabyte
		go Watch(limits.Memory)
	case "take memory at once":
		limits.Memory = 64 * megabyte
	case "take time":
		limits.CPU = time.Second
	}
	if err := Enter(policy, limits); err != nil {
		fmt.Println("enter:", err)
		return
	}
	switch name {
	case "spin", "take time":
		fmt.Println(os.Getpid())
		for i := 0; ; i++ {
			spun += i
		}
	case "take memory":
		var held [][]byte
		for {
			b := make([]byte, megabyte)
			for i := range b {
				b[i] = 1
			}
			held = append(held, b)
			runtime.KeepAlive(held)
		}
	case "take memory at once":
		_, err := unix.Mmap(-1, 0, 1<<30, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_ANON|unix.MAP_PRIVATE)
		fmt.Println(err)
		return
	}
	fmt.Println(attempts[name](args))
}

// try makes an attempt in a child and returns its last line and how it ended.
func try(t *testing.T, name string, args ...string) (string, *os.ProcessState) {
	t.Helper()
	cmd := exec.Command(os.Args[0], append([]string{"attempt", name}, args...)...)
	var out strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &out
	release, err := Start(cmd, 0)
	if err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // the state says how it ended
	release()
	return strings.TrimSpace(out.String()), cmd.ProcessState
}

func TestComputingIsAllThatIsLeft(t *testing.T) {
	file := t.TempDir() + "/new"
	for name := range attempts {
		got, state := try(t, name, file)
		if name == "compute" {
			if got != "<nil>" {
				t.Errorf("computing: %s", got)
			}
			continue
		}
		if got == "<nil>" || !strings.Contains(got, "permitted") && !strings.Contains(got, "permission denied") {
			t.Errorf("%s: %s (%v)", name, got, state)
		}
	}
}

func TestReadingIsAllThatIsAdded(t *testing.T) {
	file := t.TempDir() + "/new"
	for name := range attempts {
		got, state := try(t, "reading: "+name, file)
		free := name == "compute" || name == "open a file" || name == "see a file"
		if free != (got == "<nil>") {
			t.Errorf("%s: %s (%v)", name, got, state)
		}
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("a file was written")
	}
}

func TestMemoryAndTimeAreBounded(t *testing.T) {
	got, state := try(t, "take memory")
	if state.ExitCode() != MemoryExit && !strings.Contains(got, "out of memory") {
		t.Errorf("memory: %s (%v)", got, state)
	}
	if had := peak(state); had < 48*megabyte || had > 256*megabyte || !Starved(state, "", 64*megabyte) {
		t.Errorf("of 64 MB it had %d", had)
	}
	if got, _ := try(t, "take memory at once"); !strings.Contains(got, "cannot allocate") {
		t.Errorf("memory at once: %s", got)
	}
	began := time.Now()
	_, state = try(t, "take time")
	if status := state.Sys().(syscall.WaitStatus); !status.Signaled() || time.Since(began) > 20*time.Second {
		t.Errorf("time: %v after %v", state, time.Since(began))
	}
}

// What the program itself was given by whoever started it is not handed on.
func TestDescriptorsAreNotInherited(t *testing.T) {
	leaked, err := os.CreateTemp(t.TempDir(), "leaked")
	if err != nil {
		t.Fatal(err)
	}
	defer leaked.Close()
	fd, err := unix.Dup(int(leaked.Fd())) // without close-on-exec
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd)
	if got, _ := try(t, "descriptors"); strings.Contains(got, "leaked") || !strings.HasSuffix(got, "<nil>") {
		t.Errorf("the child holds\n%s", got)
	}
}

// Killing the parent ends the child within a second, whatever it computes.
func TestTheChildEndsWithItsParent(t *testing.T) {
	parent := exec.Command(os.Args[0], "attempt", "start a child")
	out, err := parent.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	child, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil {
		t.Fatal(line, err)
	}
	if err := parent.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = parent.Wait()
	for deadline := time.Now().Add(time.Second); alive(child); {
		if time.Now().After(deadline) {
			_ = unix.Kill(child, unix.SIGKILL)
			t.Fatal("the child goes on a second after its parent")
		}
		runtime.Gosched()
	}
}

// alive tells whether a process computes: one that ended stays a zombie until
// somebody waits for it.
func alive(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return false
	}
	_, state, _ := strings.Cut(string(stat), ") ")
	return !strings.HasPrefix(state, "Z") && !strings.HasPrefix(state, "X")
}
