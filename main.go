// Picasso shows why an image classifier decides as it does.
//
// Without a subcommand the window opens; see package ui/cli for the rest.
package main

import (
	"context"
	"os"
	"os/signal"
	"path/filepath"
	"picasso/visualizers/methods"
	"syscall"

	"picasso/backend"
	"picasso/backend/infer"
	"picasso/backend/ort"
	"picasso/ui/cli"
	"picasso/visualizers/script"
)

// version is set by the linker.
var version = "unreleased"

func main() {
	if len(os.Args) > 1 && os.Args[1] == script.Command {
		os.Exit(script.Serve(os.Stdin, os.Stdout, os.Stderr))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	args := os.Args[1:]
	if cli.Knows(args) || !hasWindow {
		os.Exit(cli.Run(ctx, args, environment()))
	}
	os.Exit(window(ctx, args))
}

func environment() cli.Env {
	return cli.Env{
		Stdout: os.Stdout, Stderr: os.Stderr, Progress: isTerminal(os.Stderr),
		Runtime: func(library string) infer.Runtime {
			// Without a library the runtime explains itself wherever it is used.
			r, _ := ort.Load(ort.Config{Library: library})
			return r
		},
		Visualizers: methods.All(), Scripts: script.OpenLibrary, Version: version, Tuning: tuning(),
	}
}

// tuning is what was measured of models on this machine, nil where the user has
// no cache.
func tuning() *backend.Tuning {
	cache, err := os.UserCacheDir()
	if err != nil {
		return nil
	}
	return backend.NewTuning(filepath.Join(cache, "picasso", "tuning.json"))
}

func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
