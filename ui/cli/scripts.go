package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"picasso/backend/visible"
	"picasso/visualizers"
	"picasso/visualizers/script"
)

// library opens the user's scripts; what they print goes to standard error.
func library(env Env) (*script.Library, error) {
	if env.Scripts == nil {
		return nil, unusable(errors.New("scripts cannot be used here"))
	}
	l, err := env.Scripts()
	if err != nil {
		return nil, unusable(err)
	}
	l.Host.Log = func(id, text string) {
		fmt.Fprintf(env.Stderr, "picasso: %s: %s\n", visible.Text(id), visible.Text(text))
	}
	return l, nil
}

// ownMethods are the trusted scripts of the user's folder. What is wrong with
// others is said on standard error; no script keeps the rest from working.
func ownMethods(ctx context.Context, env Env) []visualizers.Visualizer {
	if env.Scripts == nil {
		return nil
	}
	l, err := library(env)
	var entries []script.Entry
	if err == nil {
		entries, err = l.Scan(ctx)
	}
	if err != nil {
		note(env.Stderr, err.Error())
	}
	for _, e := range entries {
		switch {
		case e.Err != nil:
			note(env.Stderr, e.Err.Error())
		case e.Waits():
			note(env.Stderr, fmt.Sprintf("%s is switched off; read it, then switch it on with: picasso script trust %q", filepath.Base(e.Path), e.Path))
		}
	}
	return script.Visualizers(entries)
}

// findMethod looks among the built-in methods first, so that scripts are
// loaded only when one is asked for.
func findMethod(ctx context.Context, env Env, id string) (visualizers.Visualizer, error) {
	named := func(v visualizers.Visualizer) bool { return v.Info().ID == id }
	if i := slices.IndexFunc(env.Visualizers, named); i >= 0 {
		return env.Visualizers[i], nil
	}
	own := ownMethods(ctx, env)
	if i := slices.IndexFunc(own, named); i >= 0 {
		return own[i], nil
	}
	var known []string
	for _, v := range append(slices.Clone(env.Visualizers), own...) {
		known = append(known, v.Info().ID)
	}
	return nil, fmt.Errorf("there is no visualizer %q%schoose one of %s", id, meant(id, known), strings.Join(known, ", "))
}

// openScripts loads the files named on the command line; naming one is
// consent to run it.
func openScripts(ctx context.Context, env Env, paths []string) ([]*script.Script, error) {
	if len(paths) == 0 {
		return nil, nil
	}
	l, err := library(env)
	if err != nil {
		return nil, err
	}
	var out []*script.Script
	for _, path := range paths {
		s, err := l.Host.Open(ctx, path)
		if err != nil {
			return nil, wrong("%w", err)
		}
		out = append(out, s)
	}
	return out, nil
}
