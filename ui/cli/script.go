package cli

import (
	"context"
	"path/filepath"
	"strings"

	"picasso/backend/regular"
	"picasso/visualizers/script"
)

// scripts is the command for visualizers of the user's own.
func scripts(ctx context.Context, env Env, args []string) error {
	var from string
	fs := flags("script")
	fs.StringVar(&from, "from", "", "start from this `example`; picasso script examples lists them")
	var words texts
	if err := parse(env, fs, args, &words); err != nil {
		return err
	}
	// Flags may also follow the words.
	if len(words) > 1 {
		rest := words[1:]
		words = words[:1]
		if err := parse(env, fs, rest, &words); err != nil {
			return err
		}
	}
	l, err := library(env)
	if err != nil {
		return err
	}
	switch {
	case len(words) == 1 && words[0] == "examples":
		return printExamples(env)
	case len(words) == 2 && words[0] == "new":
		return newScript(env, l, words[1], from)
	case len(words) == 2 && words[0] == "check":
		return checkScript(ctx, env, l, words[1])
	case len(words) == 2 && words[0] == "trust":
		return trustScript(env, l, words[1])
	case len(words) == 2 && words[0] == "revoke":
		return revoke(env, l, words[1])
	}
	return wrong("use `picasso script` with `new NAME [--from EXAMPLE]`, `examples`, `check FILE`, `trust FILE` or `revoke FILE`")
}

func printExamples(env Env) error {
	all, err := script.Examples()
	if err != nil {
		return err
	}
	for _, e := range all {
		about, _, _ := strings.Cut(strings.TrimPrefix(e.Text, "# "), "\n")
		printLine(env.Stdout, "%-20s %s", strings.TrimSuffix(e.Name, script.Extension), about)
	}
	return nil
}

// newScript writes a script to start from and prints its path.
func newScript(env Env, l *script.Library, id, from string) error {
	text := script.Starter(id)
	if from != "" {
		var err error
		if text, err = script.Export(from, id); err != nil {
			return wrong("%w", err)
		}
	}
	path, err := l.Create(id, text)
	if err != nil {
		return wrong("%w", err)
	}
	err = printLine(env.Stdout, "%s", path)
	return err
}

// checkScript loads a script without running it.
func checkScript(ctx context.Context, env Env, l *script.Library, path string) error {
	s, err := l.Host.Open(ctx, path)
	if err != nil {
		return &failure{SomeFailed, err}
	}
	return printLine(env.Stdout, "%s: %q is a valid visualizer; settings: %d; returns: %s",
		path, s.Info().ID, len(s.Settings()), strings.Join(s.Returns(), ", "))
}

// trustScript copies a script into the user's folder, unless it is there, and
// switches its present text on.
func trustScript(env Env, l *script.Library, path string) error {
	if filepath.Dir(path) != filepath.Clean(l.Folder) {
		var err error
		if path, err = l.Add(path); err != nil {
			return wrong("%w", err)
		}
	}
	text, err := regular.Read(path, maxScript)
	if err != nil {
		return wrong("%w", err)
	}
	if err := l.Trust.Allow(filepath.Base(path), string(text)); err != nil {
		return unusable(err)
	}
	err = printLine(env.Stdout, "%s is switched on", path)
	return err
}

// maxScript bounds what is read of a file that should be a script; the text itself
// has a smaller bound.
const maxScript = 1 << 20

// revoke switches the present text of a script off.
func revoke(env Env, l *script.Library, path string) error {
	if filepath.Base(path) == path {
		path = filepath.Join(l.Folder, path)
	}
	text, err := regular.Read(path, maxScript)
	if err != nil {
		return wrong("%w", err)
	}
	if err := l.Trust.Revoke(string(text)); err != nil {
		return unusable(err)
	}
	err = printLine(env.Stdout, "%s is switched off", path)
	return err
}
