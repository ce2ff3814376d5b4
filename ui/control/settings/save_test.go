package settings

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"picasso/backend/files"
	"picasso/ui/drawing"
)

// The test binary is another window with the same settings.
func TestMain(m *testing.M) {
	if len(os.Args) == 4 && os.Args[1] == "remember" {
		s, err := Load(os.Args[2])
		if err == nil {
			s.SetValues(os.Args[3], map[string]string{"size": os.Args[3]})
			err = s.Save()
		}
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func load(t *testing.T, path string) *Settings {
	t.Helper()
	s, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSeveralProcessesShareTheSettings(t *testing.T) {
	path := filepath.Join(t.TempDir(), "deep", "settings.json")
	const processes = 8
	var all sync.WaitGroup
	for i := range processes {
		all.Go(func() {
			if out, err := exec.Command(os.Args[0], "remember", path, fmt.Sprint("method", i)).CombinedOutput(); err != nil {
				t.Errorf("%v: %s", err, out)
			}
		})
	}
	all.Wait()
	s := load(t, path)
	for i := range processes {
		if id := fmt.Sprint("method", i); s.Values[id]["size"] != id {
			t.Errorf("what process %d remembers was lost: %v", i, s.Values)
		}
	}
}

// Of two windows each changes its own; what neither touches stays, what one
// takes back goes.
func TestOnlyWhatChangedIsWritten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "settings.json")
	write(t, path, `{"version": 1, "theme": "dark", "score": "logit", "values": {"a": {"x": "1", "y": "2"}, "gone": {"z": "3"}}}`)
	one, other := load(t, path), load(t, path)
	one.Theme = "light"
	one.SetValues("a", map[string]string{"x": "5", "y": "2"})
	one.SetValues("gone", nil)
	if err := one.Save(); err != nil {
		t.Fatal(err)
	}
	other.Score = ""
	other.Provider = "cpu"
	other.SetValues("a", map[string]string{"x": "1", "y": "6"})
	other.SetDisplay("b", drawing.Display{Opacity: 0.5})
	if err := other.Save(); err != nil {
		t.Fatal(err)
	}
	s := load(t, path)
	if s.Theme != "light" || s.Score != "" || s.Provider != "cpu" || s.Values["a"]["x"] != "5" || s.Values["a"]["y"] != "6" ||
		s.Values["gone"] != nil || s.Display["b"].Opacity != 0.5 {
		t.Errorf("%+v", s)
	}
	// Nor does what is older come back with the next change.
	one.Window.Width = 1000
	if err := one.Save(); err != nil {
		t.Fatal(err)
	}
	if s := load(t, path); s.Window.Width != 1000 || s.Provider != "cpu" || s.Score != "" || s.Values["a"]["y"] != "6" {
		t.Errorf("%+v", s)
	}
}

func TestTheNewestSnapshotStands(t *testing.T) {
	path := filepath.Join(t.TempDir(), "settings.json")
	s := New(path)
	take := func() func() error {
		t.Helper()
		write, err := s.Snapshot()
		if err != nil || write == nil {
			t.Fatalf("no snapshot: %v", err)
		}
		return write
	}
	s.Theme = "dark"
	first := take()
	s.Theme = "light"
	second := take()
	if write, err := s.Snapshot(); write != nil || err != nil {
		t.Errorf("a snapshot of nothing new: %v", err)
	}
	if err := errors.Join(second(), first()); err != nil {
		t.Fatal(err)
	}
	if got := load(t, path).Theme; got != "light" {
		t.Errorf("the theme is %q", got)
	}
}

// Whatever step fails, the old or the new settings stand, and the next save
// brings what could not be written.
func TestSettingsOnAFailingDisk(t *testing.T) {
	for n := 1; ; n++ {
		folder := t.TempDir()
		path := filepath.Join(folder, "settings.json")
		write(t, path, `{"version": 1, "theme": "dark"}`)
		s := load(t, path)
		s.Theme = "light"
		count := 0
		restore := files.Fail(func(files.Step, string) error {
			if count++; count == n {
				return syscall.ENOSPC
			}
			return nil
		})
		err := s.Save()
		restore()
		if got := load(t, path).Theme; got != "dark" && got != "light" {
			t.Errorf("step %d: the theme is %q", n, got)
		}
		entries, readErr := os.ReadDir(folder)
		if readErr != nil {
			t.Fatal(readErr)
		}
		for _, e := range entries {
			if e.Name() != "settings.json" && !strings.HasSuffix(e.Name(), ".lock") {
				t.Errorf("step %d leaves %s", n, e.Name())
			}
		}
		if count < n {
			if err != nil || n < 6 {
				t.Errorf("%d steps, %v", n, err)
			}
			return
		}
		if !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("step %d: %v", n, err)
		}
		write, err := s.Snapshot()
		if err != nil || write == nil {
			t.Fatalf("step %d: what failed is forgotten: %v", n, err)
		}
		if err := write(); err != nil || load(t, path).Theme != "light" {
			t.Errorf("step %d, once more: %v", n, err)
		}
	}
}

// What two windows opened is listed for both, the latest first, whoever writes last;
// what one opens again moves to the front, and a list that is emptied stays so.
func TestRecentModelsOfTwoWindowsAreMerged(t *testing.T) {
	path := filepath.Join(t.TempDir(), "settings.json")
	load := func() *Settings {
		t.Helper()
		s, err := Load(path)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	opened := func(s *Settings, models ...string) {
		t.Helper()
		for _, m := range models {
			s.Opened(m)
		}
		if err := s.Save(); err != nil {
			t.Fatal(err)
		}
	}
	opened(load(), "a", "b")
	one, other := load(), load()
	opened(one, "c")
	opened(other, "d", "e")
	if got := load().Recent; !slices.Equal(got, recent{"e", "d", "c", "b", "a"}) {
		t.Errorf("after both: %v", got)
	}
	opened(one, "a", "f")
	if got := load().Recent; !slices.Equal(got, recent{"f", "a", "e", "d", "c", "b"}) {
		t.Errorf("after one opened an old one again: %v", got)
	}
	opened(other, "1", "2", "3", "4", "5", "6", "7", "8")
	if got := load().Recent; len(got) != recentModels || !slices.Equal(got[7:], recent{"1", "f", "a"}) {
		t.Errorf("after many: %v", got)
	}
	one.Recent = nil
	opened(one)
	if got := load().Recent; len(got) != 0 {
		t.Errorf("emptied, it lists %v", got)
	}
}

func TestSince(t *testing.T) {
	for _, c := range []struct{ now, older, want recent }{
		{recent{"a"}, nil, recent{"a"}},
		{recent{"b", "a"}, recent{"b", "a"}, nil},
		{recent{"c", "b", "a"}, recent{"b", "a"}, recent{"c"}},
		{recent{"a", "b"}, recent{"b", "a"}, recent{"a"}},
		{recent{"d", "c", "b"}, recent{"c", "b", "a"}, recent{"d"}}, // the oldest fell off
		{recent{"x", "y"}, recent{"a"}, recent{"x", "y"}},
	} {
		if got := c.now.since(c.older); !slices.Equal(got, c.want) {
			t.Errorf("%v since %v: %v, want %v", c.now, c.older, got, c.want)
		}
	}
}
