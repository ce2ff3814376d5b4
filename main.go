// Picasso shows why an image classifier decides as it does.
//
// Without a subcommand the window opens; see package ui/cli for the rest.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"picasso/visualizers/methods"
	"syscall"
	"time"

	"picasso/assets"
	"picasso/backend"
	"picasso/backend/infer"
	"picasso/backend/ort"
	"picasso/backend/quarantine"
	"picasso/ui/cli"
	"picasso/visualizers/script"
)

// version is set by the linker.
var version = "unreleased"

func main() {
	serve()
	args := os.Args[1:]
	if cli.Knows(args) || !hasWindow {
		os.Exit(cli.RunAlone(stopping(cli.StoppedCode(args), grace), args, environment()))
	}
	os.Exit(window(stopping(cli.Done, patience), args))
}

// How long work may take to stop. Afterwards the program ends without it: a
// single operator of a model cannot be interrupted.
const (
	grace    = 2 * time.Second
	patience = 10 * time.Second // the window's own bound is shorter
)

// stopping is done at the first signal to end. The second one ends the program
// at once; so does the time that work may take to stop, with code.
func stopping(code int, most time.Duration) context.Context {
	ctx, stop := context.WithCancel(context.Background())
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-signals
		stop()
		select {
		case s := <-signals:
			os.Exit(killed(s))
		case <-time.After(most):
			fmt.Fprintln(os.Stderr, "picasso: stopped without waiting for the model to finish")
			os.Exit(code)
		}
	}()
	return ctx
}

// killed is the exit code of a program that a signal ended, as shells count.
func killed(s os.Signal) int {
	if number, ok := s.(syscall.Signal); ok {
		return 128 + int(number)
	}
	return 128 + int(syscall.SIGINT)
}

// serve is the program as a child of its own, which does one thing behind walls
// and ends; it returns where this is not a child.
func serve() {
	if len(os.Args) < 2 {
		return
	}
	switch os.Args[1] {
	case script.Command:
		os.Exit(script.Serve(os.Stdin, os.Stdout, os.Stderr))
	case quarantine.Command:
		os.Exit(quarantine.Serve(os.Args[2:], os.Stdin, os.Stdout, os.Stderr, func(library string) (infer.Opener, string, error) {
			r, err := ort.Load(ort.Config{Library: library})
			return r, r.Library(), err
		}))
	}
}

// trials is what tries models never seen before in a process of their own; without
// a cache they are tried each time. It is nil where the system does not tell where
// this program lies.
func trials() *quarantine.Host {
	host, err := quarantine.New(cached("known-models.json"), assets.Embedded)
	if err != nil {
		return nil
	}
	return host
}

// guarded is a runtime around which there is a quarantine, if there is one. Without
// a library there is nothing to run models with.
func guarded(r *ort.Runtime, q *quarantine.Host) infer.Runtime {
	if q == nil || r.Library() == "" {
		return r
	}
	return q.Around(r, r.Library())
}

func environment() cli.Env {
	return cli.Env{
		Stdout: os.Stdout, Stderr: os.Stderr, Progress: isTerminal(os.Stderr),
		Runtime: func(library, model string) infer.Runtime {
			q := trials()
			if q != nil && model != "" {
				q.Expect(library, model)
			}
			// Without a library the runtime explains itself wherever it is used.
			r, _ := ort.Load(ort.Config{Library: library, Brief: true})
			return guarded(r, q)
		},
		Visualizers: methods.All(), Scripts: script.OpenLibrary, Version: version, Tuning: tuning(), Environment: os.Getenv, Asked: asked(),
	}
}

// tuning is what was measured of models on this machine, nil where the user has
// no cache.
func tuning() *backend.Tuning {
	path := cached("tuning.json")
	if path == "" {
		return nil
	}
	return backend.NewTuning(path)
}

// cached is the place of a file in the program's cache, "" where the user has
// none.
func cached(name string) string {
	cache, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(cache, "picasso", name)
}

func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
