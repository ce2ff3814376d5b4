//go:build !cli

package main

import (
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"picasso/backend/ort"
	"picasso/ui/xtest"
)

func TestOnlyTheClosedQueueIsForgiven(t *testing.T) {
	caught := func(f func()) (p any) {
		defer func() { p = recover() }()
		f()
		return nil
	}
	gone := make(chan int)
	close(gone)
	if p := caught(func() { gone <- 1 }); !closedQueue(p) {
		t.Errorf("%v is not known", p)
	}
	for _, p := range []any{"send on closed channel", errors.New("other"), caught(func() { close(gone) })} {
		if closedQueue(p) {
			t.Errorf("%v is forgiven", p)
		}
	}
}

// TestQuit starts the real window and quits it, idle or at work, by key, by its
// button and by signal: it always ends with exit code 0, and what it remembers
// is whole. So it is when it was killed before. PICASSO_QUITS is how often, with a few runs at a time.
func TestQuit(t *testing.T) {
	times, atOnce := 4, 1
	if n, err := strconv.Atoi(os.Getenv("PICASSO_QUITS")); err == nil {
		times, atOnce = n, 4
	}
	engine, err := ort.Load(ort.Config{})
	if err != nil {
		t.Skipf("the window cannot be at work: %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Duration(times)*time.Minute)
	defer cancel()
	binary := build(ctx, t)
	once := func(*xtest.Display, *exec.Cmd) error { return nil } // a second signal kills
	ways := map[string]func(d *xtest.Display, cmd *exec.Cmd) error{
		"signal": func(_ *xtest.Display, cmd *exec.Cmd) error { return cmd.Process.Signal(syscall.SIGTERM) },
		"key": func(d *xtest.Display, _ *exec.Cmd) error {
			w, _, _ := d.Window("Picasso")
			return errors.Join(d.Focus(w), d.KeyWith(xtest.Control, 'q'))
		},
		"button": func(d *xtest.Display, _ *exec.Cmd) error {
			w, _, _ := d.Window("Picasso")
			return d.AskToClose(w)
		},
	}
	killed := func(_ *xtest.Display, cmd *exec.Cmd) error { return cmd.Process.Kill() }
	names := []string{"signal", "key", "button", "kill"}
	slots := make(chan bool, atOnce)
	var lock sync.Mutex
	var took []time.Duration
	t.Run("all", func(t *testing.T) {
		for i := range times {
			way := names[i%len(names)]
			t.Run(strconv.Itoa(i)+" "+way, func(t *testing.T) {
				t.Parallel()
				slots <- true
				defer func() { <-slots }()
				home := t.TempDir()
				again := ways[way]
				switch way {
				case "signal":
					again = once
				case "kill": // whatever moment it was, the next start finds all in order
					quitOnce(ctx, t, binary, engine.Library(), home, killed, once)
					again, way = once, "signal"
				}
				span := quitOnce(ctx, t, binary, engine.Library(), home, ways[way], again)
				lock.Lock()
				defer lock.Unlock()
				took = append(took, span)
			})
		}
	})
	if len(took) > 0 {
		slices.Sort(took)
		t.Logf("from the wish to the end: half within %v, nine of ten within %v",
			took[len(took)/2].Round(time.Millisecond), took[len(took)*9/10].Round(time.Millisecond))
	}
}

// quitOnce starts the program and ends it, and returns how long it took from the
// last time it was asked to; 0 where it was killed.
func quitOnce(ctx context.Context, t *testing.T, binary, library, home string, quit, again func(*xtest.Display, *exec.Cmd) error) time.Duration {
	display, err := xtest.Open(ctx, screen.X, screen.Y)
	if errors.Is(err, xtest.ErrNoServer) {
		t.Skip("no virtual screen: install Xvfb (`make smoke` does)")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer display.Close()
	cmd := exec.CommandContext(ctx, binary)
	cmd.Env = surroundings(display, home, library)
	var said strings.Builder
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	err = xtest.Await(ctx, "the window", func() (bool, error) {
		_, _, ok := display.Window("Picasso")
		return ok, nil
	})
	if err != nil {
		cmd.Process.Kill()
		t.Fatal(err)
	}
	// From the first moment to the first map and beyond: any time will do.
	time.Sleep(rand.N(4 * time.Second))
	for left := 20; ; left-- {
		asked := time.Now()
		if err := quit(display, cmd); err != nil && left == 0 {
			t.Fatal(err)
		}
		quit = again
		select {
		case err := <-ended:
			if cmd.ProcessState.Sys().(syscall.WaitStatus).Signal() == syscall.SIGKILL && ctx.Err() == nil {
				return 0
			}
			if err != nil {
				t.Errorf("%v; it said:\n%s", err, said.String())
			}
			sane(t, home, said.String())
			return time.Since(asked)
		case <-time.After(10 * time.Second): // a key that came before the window listened
			if left == 0 {
				cmd.Process.Kill()
				t.Fatalf("it does not end; it said:\n%s", said.String())
			}
		}
	}
}

// sane checks what a window leaves: settings that are whole, no debris, no
// complaints.
func sane(t *testing.T, home, said string) {
	t.Helper()
	path := filepath.Join(home, ".config", "picasso", "settings.json")
	if data, err := os.ReadFile(path); err != nil || !json.Valid(data) {
		t.Errorf("settings: %v, %.200s; it said:\n%s", err, data, said)
	}
	if found, _ := filepath.Glob(filepath.Join(home, ".config", "picasso", ".unfinished-*")); found != nil {
		t.Errorf("left behind: %v", found)
	}
	for _, bad := range []string{"panic", "Preferences load error", "Error in Fyne call thread"} {
		if strings.Contains(said, bad) {
			t.Errorf("it said:\n%s", said)
		}
	}
}
