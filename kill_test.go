//go:build !cli

package main

import (
	"context"
	"errors"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jezek/xgb/xproto"

	"picasso/backend/ort"
	"picasso/ui/control/settings"
	"picasso/ui/xtest"
)

// longestSession is how long a session lasts at most before it is killed: the first
// seconds are those of its start, then it moves.
const longestSession = 8 * time.Second

// TestKills kills real windows at random moments, PICASSO_KILLS of them: while they
// start, and while their size, pictures, tabs and values change, which is remembered
// every two seconds. After every kill the settings are whole, and have not gone once
// they were there; in the end nothing is left that a killed session was writing.
func TestKills(t *testing.T) {
	kills, err := strconv.Atoi(os.Getenv("PICASSO_KILLS"))
	if err != nil {
		t.Skip("make kill-test runs it")
	}
	engine, err := ort.Load(ort.Config{})
	if err != nil {
		t.Skipf("the window cannot be at work: %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Duration(kills)*time.Minute)
	defer cancel()
	binary := build(ctx, t)
	var early, moving atomic.Int64
	const homes = 2 // at a time
	t.Run("all", func(t *testing.T) {
		for i := range homes {
			t.Run(strconv.Itoa(i), func(t *testing.T) {
				t.Parallel()
				v := &victim{t: t, ctx: ctx, binary: binary, library: engine.Library(), home: t.TempDir()}
				v.open()
				for range (kills + i) / homes {
					if v.kill(rand.N(longestSession)) {
						moving.Add(1)
					} else {
						early.Add(1)
					}
				}
				quitOnce(ctx, t, binary, v.library, v.home, func(_ *xtest.Display, cmd *exec.Cmd) error {
					return cmd.Process.Signal(syscall.SIGTERM)
				}, func(*xtest.Display, *exec.Cmd) error { return nil })
				v.tidy()
			})
		}
	})
	t.Logf("%d kills: %d before there was a window, %d while it moved", early.Load()+moving.Load(), early.Load(), moving.Load())
}

// victim is a home folder whose sessions are killed.
type victim struct {
	t       *testing.T
	ctx     context.Context
	binary  string
	library string
	home    string
	display *xtest.Display
	kept    bool // the settings were there
	used    bool // and held the size of a window
}

func (v *victim) open() {
	d, err := xtest.Open(v.ctx, screen.X, screen.Y)
	if errors.Is(err, xtest.ErrNoServer) {
		v.t.Skip("no virtual screen: install Xvfb (`make smoke` does)")
	}
	if err != nil {
		v.t.Fatal(err)
	}
	v.display = d
	v.t.Cleanup(d.Close)
}

// kill starts a session, uses it, and kills it after a while; it tells whether there
// was a window by then.
func (v *victim) kill(after time.Duration) (moved bool) {
	v.t.Helper()
	cmd := exec.CommandContext(v.ctx, v.binary)
	cmd.Env = surroundings(v.display, v.home, v.library)
	var said strings.Builder
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		v.t.Fatal(err)
	}
	end := time.After(after)
	next := time.NewTicker(50 * time.Millisecond)
	defer next.Stop()
	for moves := 0; ; {
		select {
		case <-end:
			_ = cmd.Process.Kill()
			_ = cmd.Wait() // says that it was killed
			if s := cmd.ProcessState.Sys().(syscall.WaitStatus); s.Signal() != syscall.SIGKILL {
				v.t.Errorf("after %v it ended by itself, with %v; it said:\n%s", after, cmd.ProcessState, said.String())
			}
			v.whole(after)
			return moved
		case <-next.C:
			if w, _, ok := v.display.Window("Picasso"); ok {
				moved = true
				_ = v.display.Focus(w)
				_ = v.display.Resize(w, 900+rand.N(300), 600+rand.N(150))
				_ = v.display.Key(xproto.Keysym("n.b,g1234"[moves%9]))
				moves++
			}
		}
	}
}

// whole checks that the settings are there and can be read.
func (v *victim) whole(after time.Duration) {
	v.t.Helper()
	path := filepath.Join(v.home, ".config", "picasso", "settings.json")
	if _, err := os.Stat(path); err != nil {
		if v.kept {
			v.t.Errorf("killed after %v, the settings are gone: %v", after, err)
		}
		return
	}
	v.kept = true
	s, err := settings.Load(path)
	if err != nil || s.Version == 0 {
		v.t.Errorf("killed after %v: %+v, %v", after, s, err)
		return
	}
	used := s.Window.Width > 0 // those of a first start's beginning say nothing yet
	if v.used && !used {
		v.t.Errorf("killed after %v, what was remembered is gone: %+v", after, s)
	}
	v.used = v.used || used
}

// tidy checks that nothing unfinished is left anywhere.
func (v *victim) tidy() {
	v.t.Helper()
	err := filepath.WalkDir(v.home, func(path string, d fs.DirEntry, err error) error {
		if err == nil && strings.HasPrefix(d.Name(), ".unfinished-") {
			v.t.Errorf("left behind: %s", path)
		}
		return err
	})
	if err != nil {
		v.t.Error(err)
	}
}
