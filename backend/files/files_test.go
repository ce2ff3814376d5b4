package files

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// The test binary is another process that changes a shared file, or that is
// killed while it writes.
func TestMain(m *testing.M) {
	if len(os.Args) == 4 && os.Args[1] == "append" {
		err := Update(os.Args[2], 1<<20, 0o600, func(old []byte) ([]byte, error) {
			return append(old, os.Args[3]+"\n"...), nil
		})
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	if len(os.Args) == 3 && os.Args[1] == "churn" {
		for i := 0; ; i++ {
			err := Update(os.Args[2], 1<<20, 0o600, func([]byte) ([]byte, error) { return churned(i), nil })
			if err != nil {
				fmt.Println(err)
				os.Exit(1)
			}
			if i == 0 {
				fmt.Println("begun")
			}
		}
	}
	if len(os.Args) == 3 && os.Args[1] == "hang" {
		p, err := Create(os.Args[2], 0o600)
		if err == nil {
			_, err = p.Write(make([]byte, 1<<20))
		}
		if err == nil {
			_, err = UnfinishedFolder(filepath.Dir(os.Args[2]))
		}
		fmt.Println(err)
		select {}
	}
	os.Exit(m.Run())
}

func content(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// names lists a folder.
func names(t *testing.T, folder string) string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, e := range entries {
		list = append(list, e.Name())
	}
	return strings.Join(list, " ")
}

var errDisk = fmt.Errorf("write: %w", syscall.ENOSPC)

// Whatever step fails, for every step in turn, the old content or the new one
// stands, whole, and nothing else is left.
func TestEveryStepMayFail(t *testing.T) {
	old, fresh := strings.Repeat("old ", 100_000), strings.Repeat("new, and longer ", 50_000)
	writers := map[string]func(path string) error{
		"write": func(path string) error { return Write(path, []byte(fresh), 0o600) },
		"update": func(path string) error {
			return Update(path, 1<<22, 0o600, func([]byte) ([]byte, error) { return []byte(fresh), nil })
		},
		"stream": func(path string) error {
			p, err := Create(path, 0o600)
			if err != nil {
				return err
			}
			defer p.Discard()
			for i := 0; i < len(fresh); i += 1000 {
				if _, err := p.Write([]byte(fresh[i : i+1000])); err != nil {
					return err
				}
			}
			return p.Commit()
		},
	}
	writers["folder"] = func(path string) error {
		f, err := NewFolder(filepath.Dir(filepath.Dir(path)), filepath.Base(filepath.Dir(path)), nil)
		if err != nil {
			return err
		}
		defer f.Discard()
		if err := f.Put("file", []byte(fresh), 0o600); err != nil {
			return err
		}
		return f.Publish()
	}
	for name, write := range writers {
		failed := 0
		for n := 1; ; n++ {
			folder := t.TempDir()
			path := filepath.Join(folder, "file")
			if err := os.WriteFile(path, []byte(old), 0o600); err != nil {
				t.Fatal(err)
			}
			step := 0
			restore := Fail(func(Step, string) error {
				if step++; step == n {
					return errDisk
				}
				return nil
			})
			err := write(path)
			restore()
			if step < n { // there are no more steps
				if err != nil || content(t, path) != fresh {
					t.Errorf("%s without a fault: %v", name, err)
				}
				break
			}
			failed++
			if err == nil || !errors.Is(err, syscall.ENOSPC) || name != "folder" && !strings.Contains(err.Error(), "file") && !strings.Contains(err.Error(), filepath.Base(folder)) {
				t.Errorf("%s, step %d: %v", name, n, err)
			}
			if got := content(t, path); got != old && got != fresh {
				t.Errorf("%s, step %d: %d bytes stand", name, n, len(got))
			}
			if got := names(t, filepath.Dir(folder)); strings.Contains(got, unfinishedPrefix) {
				t.Errorf("%s, step %d leaves %s", name, n, got)
			}
			if got := names(t, folder); got != "file" && got != ".file.lock file" {
				t.Errorf("%s, step %d leaves %s", name, n, got)
			}
		}
		if failed < 4 {
			t.Errorf("%s has only %d steps", name, failed)
		}
	}
}

func TestChangesOfSeveralProcessesAreAllKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sub", "shared")
	const processes = 8
	var all sync.WaitGroup
	for i := range processes {
		all.Go(func() {
			out, err := exec.Command(os.Args[0], "append", path, fmt.Sprint("line", i)).CombinedOutput()
			if err != nil {
				t.Errorf("%v: %s", err, out)
			}
		})
	}
	all.Wait()
	got := content(t, path)
	for i := range processes {
		if !strings.Contains(got, fmt.Sprint("line", i, "\n")) {
			t.Errorf("line %d was lost: %q", i, got)
		}
	}
}

func TestWhatAKilledRunLeftIsRemoved(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "file")
	other := exec.Command(os.Args[0], "hang", path)
	out, err := other.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	said := make([]byte, len("<nil>"))
	if _, err := out.Read(said); err != nil || string(said) != "<nil>" {
		t.Fatal(string(said), err)
	}
	mine, err := Create(path, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	if got := names(t, folder); strings.Count(got, unfinishedPrefix) != 3 {
		t.Errorf("while the other process lives: %s", got)
	}
	if err := other.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = other.Wait()
	swept.Clear() // as another process of ours would
	if err := Write(filepath.Join(folder, "second"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := names(t, folder); strings.Count(got, unfinishedPrefix) != 1 {
		t.Errorf("after the other process was killed: %s", got)
	}
	mine.Discard()
	if got := names(t, folder); got != "second" {
		t.Errorf("in the end: %s", got)
	}
}

// churned is one of two contents that a file is changed between.
func churned(i int) []byte { return []byte(strings.Repeat(fmt.Sprint(i%2), 300_000)) }

// A process that is killed at any moment of writing leaves one content or the
// other, and a lock that the next can have.
func TestKilledAtAnyMoment(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	for kill := range 40 {
		cmd := exec.Command(os.Args[0], "churn", path)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		said := make([]byte, len("begun"))
		if _, err := io.ReadFull(out, said); err != nil || string(said) != "begun" {
			t.Fatalf("kill %d: %q, %v", kill, said, err)
		}
		<-time.After(rand.N(20 * time.Millisecond))
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait()
		if got := content(t, path); got != string(churned(0)) && got != string(churned(1)) {
			t.Fatalf("kill %d leaves %d bytes", kill, len(got))
		}
	}
	swept.Clear() // as another process of ours would
	if err := Write(path, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := names(t, filepath.Dir(path)); got != ".file.lock file" {
		t.Errorf("%s are left", got)
	}
}

func TestOutputsThatAreInputsAreRefused(t *testing.T) {
	folder := t.TempDir()
	at := func(name string) string { return filepath.Join(folder, name) }
	for _, name := range []string{"in.png", "other.png"} {
		if err := os.WriteFile(at(name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(os.Symlink(at("in.png"), at("link.png")), os.Symlink(folder, at("again")), os.Link(at("in.png"), at("hard.png")), os.Symlink(at("new.png"), at("ahead.png")), os.Symlink(at("loop.png"), at("loop.png"))); err != nil {
		t.Skip("no links here")
	}
	var clash *OverwriteError
	for _, out := range []string{"in.png", "./in.png", "link.png", "hard.png", "again/in.png", "again/again/link.png", "new.png", "again/new.png", "ahead.png"} {
		if err := Refuse([]string{at("fresh.png"), at(out)}, []string{at("in.png"), at("new.png")}); !errors.As(err, &clash) {
			t.Errorf("%s: %v", out, err)
		}
	}
	if err := Refuse([]string{at("other.png"), at("fresh.png"), at("loop.png"), folder}, []string{at("in.png"), folder}); err != nil {
		t.Error(err)
	}
	if err := Write(at("link.png"), []byte("through"), 0o600); err != nil || content(t, at("in.png")) != "through" {
		t.Errorf("a link was replaced: %v", err)
	}
}

func TestOrdinaryFilesKeepTheirPermissions(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	plain := filepath.Join(filepath.Dir(path), "plain") // as the system makes files here
	if err := os.WriteFile(plain, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	mode := func(path string) os.FileMode {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		return info.Mode()
	}
	if err := Write(path, nil, Ordinary); err != nil || mode(path) != mode(plain) {
		t.Errorf("a new file has %v, want %v; %v", mode(path), mode(plain), err)
	}
	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}
	before := mode(path)
	if err := Write(path, nil, Ordinary); err != nil || mode(path) != before {
		t.Errorf("a replaced file has %v, want %v; %v", mode(path), before, err)
	}
}

// A file that turns out to be impossible on the way leaves nothing of itself behind.
func TestAFileThatIsGivenUpIsNotThere(t *testing.T) {
	parent, given := t.TempDir(), errors.New("given up")
	f, err := NewFolder(parent, "out", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Discard()
	err = f.PutBy("large", 0o600, func(w io.Writer) error {
		if _, err := w.Write(make([]byte, 200_000)); err != nil {
			return err
		}
		return given
	})
	if err != given {
		t.Errorf("%v", err)
	}
	if err := errors.Join(f.Put("small", []byte("x"), 0o600), f.Publish()); err != nil {
		t.Fatal(err)
	}
	if got := names(t, filepath.Join(parent, "out")) + names(t, parent); !strings.Contains(got, "small") || strings.Contains(got, "large") || strings.Contains(got, "unfinished") {
		t.Errorf("there is %q", got)
	}
}
