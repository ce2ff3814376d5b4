package ui

import (
	"context"
	"path/filepath"

	"picasso/visualizers"
	"picasso/visualizers/script"
)

// Scripts is the user's folder of visualizers. Its methods but Folder and Log
// may take a while and are called off the window's goroutine.
type Scripts interface {
	Folder() string
	// Watch calls changed at once and whenever the folder is different, until
	// ctx ends.
	Watch(ctx context.Context, changed func([]ScriptFile, error))
	// Log makes to the receiver of what scripts print, on any goroutine. It is
	// called once, before Watch.
	Log(to func(id, text string))
	// Allow switches on the text that the user was shown, and follow all later
	// texts of the same file until the program ends.
	Allow(f ScriptFile, follow bool) error
	// Add copies a file into the folder and returns its place there.
	Add(path string) (string, error)
	// Create writes a new script, which is switched on and followed.
	Create(id, text string) (string, error)
}

// ScriptFile is one file of the folder: a visualizer, a fault, or neither while
// it waits to be switched on.
type ScriptFile struct {
	Path, Text string
	Visualizer visualizers.Visualizer
	Err        error
}

// Waits reports whether the user must switch the file on.
func (f ScriptFile) Waits() bool { return f.Visualizer == nil && f.Err == nil }

// Name is the base name of the file.
func (f ScriptFile) Name() string { return filepath.Base(f.Path) }

// Library lets a window use a folder of scripts.
func Library(l *script.Library) Scripts { return library{l} }

type library struct{ l *script.Library }

func (s library) Folder() string               { return s.l.Folder }
func (s library) Log(to func(id, text string)) { s.l.Host.Log = to }

func (s library) Add(path string) (string, error)        { return s.l.Add(path) }
func (s library) Create(id, text string) (string, error) { return s.l.Create(id, text) }

func (s library) Allow(f ScriptFile, follow bool) error {
	if follow {
		s.l.Follow(f.Path)
	}
	return s.l.Trust.Allow(f.Name(), f.Text)
}

func (s library) Watch(ctx context.Context, changed func([]ScriptFile, error)) {
	s.l.Watch(ctx, script.WatchEvery, func(entries []script.Entry, err error) {
		files := make([]ScriptFile, len(entries))
		for i, e := range entries {
			files[i] = ScriptFile{Path: e.Path, Text: e.Text, Err: e.Err}
			if e.Script != nil {
				files[i].Visualizer = e.Script
			}
		}
		changed(files, err)
	})
}
