// Command watch tries an installed program's window on a virtual screen:
//
//	watch -shot OUT.png [-title TEXT] [-welcome] [-drop FILE -then TEXT] [-kill] PROGRAM ARGS…
//
// It starts the program with its own DISPLAY, waits for a window whose title
// holds the text, closes the welcome where one is expected, waits until a map
// lies on the picture (hiding it changes what is seen), drops a file and waits
// for the other title, keeps a picture of the screen and ends the program. Exit
// code 0 means that all of it happened; the times are printed.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"image"
	"image/png"
	"log"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jezek/xgb/xproto"

	"picasso/ui/xtest"
)

// screenSize is that of a small laptop.
var screenSize = image.Pt(1280, 800)

func main() {
	log.SetFlags(0)
	var w watch
	flag.StringVar(&w.shot, "shot", "", "the `file` for a picture of the screen")
	flag.StringVar(&w.title, "title", ".onnx", "what the window's title holds once a model is open")
	flag.StringVar(&w.drop, "drop", "", "a `file` to drop on the window, as the program names it")
	flag.StringVar(&w.then, "then", "", "what the title holds after that")
	flag.BoolVar(&w.welcome, "welcome", false, "it is a first start: a welcome has to be closed")
	flag.BoolVar(&w.kill, "kill", false, "end the program by force: under wine there is no asking")
	limit := flag.Duration("limit", 2*time.Minute, "how long it may take")
	flag.Parse()
	ctx, cancel := context.WithTimeout(context.Background(), *limit)
	defer cancel()
	if err := w.run(ctx, flag.Args()); err != nil {
		log.Fatal("watch: ", err)
	}
}

type watch struct {
	shot, title, drop, then string
	welcome, kill           bool

	*xtest.Display
	started time.Time
	pid     int
}

func (w *watch) run(ctx context.Context, command []string) error {
	if len(command) == 0 {
		return errors.New("name the program to start")
	}
	display, err := xtest.Open(ctx, screenSize.X, screenSize.Y)
	if err != nil {
		return err
	}
	defer display.Close()
	w.Display = display
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Env = append(os.Environ(), "DISPLAY="+display.Name, "WAYLAND_DISPLAY=")
	cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr
	w.started = time.Now()
	if err := cmd.Start(); err != nil {
		return err
	}
	w.pid = cmd.Process.Pid
	seen := w.look(ctx)
	if err := w.keep(); err != nil {
		seen = errors.Join(seen, err)
	}
	ended := end(cmd, w.kill)
	if seen != nil {
		return seen
	}
	if ended != nil {
		return fmt.Errorf("%s did not end well: %w", command[0], ended)
	}
	return nil
}

// end asks the program to end and returns how it did, or ends it.
func end(cmd *exec.Cmd, kill bool) error {
	if kill {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // says that it was killed
		return nil
	}
	_ = cmd.Process.Signal(syscall.SIGTERM) // Wait tells when it has ended before
	return cmd.Wait()
}

// look waits for everything that should be seen.
func (w *watch) look(ctx context.Context) error {
	if err := w.awaitTitle(ctx, w.title); err != nil {
		return err
	}
	if err := w.awaitFirstMap(ctx); err != nil {
		return err
	}
	if w.drop == "" {
		return nil
	}
	if err := w.Drop(screenSize.Div(2), w.drop); err != nil {
		return err
	}
	if err := w.awaitTitle(ctx, w.then); err != nil {
		return err
	}
	if _, _, err := w.awaitMap(ctx); err != nil {
		return err
	}
	w.say(time.Now(), "a map lies over the dropped picture")
	return nil
}

func (w *watch) awaitTitle(ctx context.Context, part string) error {
	err := xtest.Await(ctx, "a title with "+part, func() (bool, error) {
		window, _, ok := w.Window("Picasso")
		return ok && strings.Contains(w.Title(window), part), nil
	})
	if err != nil {
		return err
	}
	w.say(time.Now(), "the title says "+part)
	window, _, _ := w.Window("Picasso")
	return w.Focus(window)
}

// awaitFirstMap waits until the first picture is explained, below the welcome
// where there is one, and tells when that was.
func (w *watch) awaitFirstMap(ctx context.Context) error {
	seen, err := w.rest(ctx)
	if err != nil {
		return err
	}
	cost := w.burnt()
	if w.welcome {
		if err := w.closeWelcome(ctx, seen.last()); err != nil {
			return err
		}
	}
	with, without, err := w.awaitMap(ctx)
	if err != nil {
		return err
	}
	w.say(seen.since(with, without), "a map lies over the picture"+cost)
	window, _, _ := w.Window("Picasso")
	return w.Resize(window, screenSize.X, screenSize.Y)
}

// closeWelcome closes the card that greets at the first start.
func (w *watch) closeWelcome(ctx context.Context, with *image.RGBA) error {
	if err := w.Key(xtest.Escape); err != nil {
		return err
	}
	err := xtest.Await(ctx, "Esc to close the welcome", func() (bool, error) {
		m, err := w.Screenshot()
		return err == nil && changed(with, m) > 0.3, err
	})
	if err == nil {
		w.say(time.Now(), "the welcome is closed")
	}
	return err
}

// awaitMap waits until the screen is at rest and the key that hides or shows
// the map changes what is seen: at rest, nothing but a map does that. It
// returns the screen with the map and without.
func (w *watch) awaitMap(ctx context.Context) (with, without *image.RGBA, err error) {
	defer func() {
		if err == nil {
			_, err = w.rest(ctx) // the map is back
		}
	}()
	err = xtest.Await(ctx, "a map over the picture", func() (bool, error) {
		before, err := w.rest(ctx)
		if err != nil {
			return false, err
		}
		if err := w.Key(xproto.Keysym('h')); err != nil {
			return false, err
		}
		after, err := w.rest(ctx)
		if err != nil {
			return false, err
		}
		with, without = before.last(), after.last()
		return changed(with, without) > 0.05, w.Key(xproto.Keysym('h'))
	})
	return with, without, err
}

func (w *watch) say(at time.Time, what string) {
	fmt.Printf("%5.2f s: %s\n", at.Sub(w.started).Seconds(), what)
}

// burnt tells the processor time that the program has taken so far, where the
// system says it: other work on the machine falsifies it less.
func (w *watch) burnt() string {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", w.pid))
	if err != nil {
		return ""
	}
	_, after, _ := strings.Cut(string(stat), ") ") // the name may hold anything
	fields := strings.Fields(after)
	if len(fields) < 13 {
		return ""
	}
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	load, _ := os.ReadFile("/proc/loadavg")
	one, _, _ := strings.Cut(string(load), " ")
	const perSecond = 100 // of the clock that Linux counts in
	return fmt.Sprintf(" (%.2f s of processor time until at rest, load %s)", float64(user+system)/perSecond, one)
}

func (w *watch) keep() error {
	if w.shot == "" {
		return nil
	}
	m, err := w.Screenshot()
	if err != nil {
		return err
	}
	f, err := os.Create(w.shot)
	if err != nil {
		return err
	}
	return errors.Join(png.Encode(f, m), f.Close())
}
