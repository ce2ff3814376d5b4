// Command watch tries an installed program's window on a virtual screen:
//
//	watch -shot OUT.png [-title TEXT] [-drop FILE -then TEXT] [-kill] PROGRAM ARGS…
//
// It starts the program with its own DISPLAY, waits for a window whose title
// holds the text, then until a map lies on the picture (hiding it changes what
// is seen), drops a file and waits for the other title, keeps a picture of the
// screen and ends the program. Exit code 0 means that all of it happened; the
// times are printed.
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
	kill                    bool

	*xtest.Display
	started time.Time
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
	if err := w.awaitMap(ctx); err != nil {
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
	return w.awaitMap(ctx)
}

func (w *watch) awaitTitle(ctx context.Context, part string) error {
	err := xtest.Await(ctx, "a title with "+part, func() (bool, error) {
		window, _, ok := w.Window("Picasso")
		return ok && strings.Contains(w.Title(window), part), nil
	})
	if err != nil {
		return err
	}
	w.say("the title says " + part)
	window, _, _ := w.Window("Picasso")
	if err := w.Resize(window, screenSize.X, screenSize.Y); err != nil {
		return err
	}
	return w.Focus(window)
}

// awaitMap waits until the screen is at rest and the key that hides or shows
// the map changes what is seen: at rest, nothing but a map does that.
func (w *watch) awaitMap(ctx context.Context) error {
	err := xtest.Await(ctx, "a map over the picture", func() (bool, error) {
		before, err := w.rest(ctx)
		if err != nil {
			return false, err
		}
		if err := w.Key(xproto.Keysym('h')); err != nil {
			return false, err
		}
		short, cancel := context.WithTimeout(ctx, 2*time.Second)
		defer cancel()
		return xtest.Await(short, "a change", func() (bool, error) {
			m, err := w.Screenshot()
			return err == nil && changed(before, m) > 0.05, err
		}) == nil, nil
	})
	if err != nil {
		return err
	}
	w.say("a map lies over the picture")
	return w.Key(xproto.Keysym('h'))
}

// rest waits until the screen has stayed the same for a while, and returns it.
func (w *watch) rest(ctx context.Context) (*image.RGBA, error) {
	var last *image.RGBA
	since := time.Now()
	err := xtest.Await(ctx, "a screen at rest", func() (bool, error) {
		m, err := w.Screenshot()
		if err != nil {
			return false, err
		}
		if last == nil || changed(last, m) > 0 {
			last, since = m, time.Now()
		}
		return time.Since(since) > 700*time.Millisecond, nil
	})
	return last, err
}

// changed is the share of pixels that differ.
func changed(a, b *image.RGBA) float64 {
	n := 0
	for i := 0; i < len(a.Pix) && i < len(b.Pix); i += 4 {
		if a.Pix[i] != b.Pix[i] || a.Pix[i+1] != b.Pix[i+1] || a.Pix[i+2] != b.Pix[i+2] {
			n++
		}
	}
	return float64(n) / float64(len(a.Pix)/4)
}

func (w *watch) say(what string) {
	fmt.Printf("%5.2f s: %s\n", time.Since(w.started).Seconds(), what)
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
