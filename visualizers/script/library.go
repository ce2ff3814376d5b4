package script

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"picasso/visualizers"
)

// Extension is that of script files.
const Extension = ".star"

// maxFiles bounds how many files of the folder are looked at.
const maxFiles = 200

// Library is the user's folder of scripts.
type Library struct {
	Host   *Host
	Trust  *Trust
	Folder string
	// Taken are ids that scripts must not use: those of the built-in ones.
	Taken []string

	mu       sync.Mutex
	loaded   map[string]Entry // by path, as last read
	followed map[string]bool  // by path
}

// Entry is one file of the folder. Either it is a visualizer, or it waits to
// be switched on (Text is to be shown), or Err says what is wrong with it.
type Entry struct {
	Path   string
	Text   string
	Script *Script // nil unless trusted and sound
	Err    error
}

// Waits reports whether the file must be switched on before it can be used.
func (e Entry) Waits() bool { return e.Script == nil && e.Err == nil }

// Folders are the user's place for scripts and the file that remembers which
// are trusted.
func Folders() (scripts, trust string, err error) {
	config, err := os.UserConfigDir()
	if err != nil {
		return "", "", fmt.Errorf("there is no folder for scripts: %w", err)
	}
	base := filepath.Join(config, "picasso")
	return filepath.Join(base, "visualizers"), filepath.Join(base, "trusted-scripts.json"), nil
}

// OpenLibrary is the library in the user's own folder, which need not exist.
func OpenLibrary() (*Library, error) {
	host, err := NewHost()
	if err != nil {
		return nil, err
	}
	folder, list, err := Folders()
	if err != nil {
		return nil, err
	}
	trust, err := OpenTrust(list)
	l := &Library{Host: host, Trust: trust, Folder: folder}
	for _, v := range visualizers.All() {
		l.Taken = append(l.Taken, v.Info().ID)
	}
	return l, err
}

// Scan reads the folder. Files that have not changed keep their visualizer;
// untrusted ones are read but not interpreted. Entries come by name.
func (l *Library) Scan(ctx context.Context) ([]Entry, error) {
	paths, err := l.paths()
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	fresh := map[string]Entry{}
	taken := slices.Clone(l.Taken)
	var out []Entry
	for _, path := range paths {
		e := l.entry(ctx, path)
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		fresh[path] = e
		if e.Script != nil {
			id := e.Script.Info().ID
			if slices.Contains(taken, id) {
				e.Script, e.Err = nil, &Error{File: filepath.Base(path), Message: fmt.Sprintf("the id %q is already in use; choose another", id)}
			}
			taken = append(taken, id)
		}
		out = append(out, e)
	}
	l.loaded = fresh
	return out, nil
}

// entry reads one file; l.mu is held.
func (l *Library) entry(ctx context.Context, path string) Entry {
	e := Entry{Path: path}
	if e.Text, e.Err = readSource(path); e.Err != nil {
		return e
	}
	if !l.Trust.Trusts(e.Text) {
		if !l.followed[path] {
			return e
		}
		if e.Err = l.Trust.Allow(filepath.Base(path), e.Text); e.Err != nil {
			return e
		}
	}
	if old, ok := l.loaded[path]; ok && old.Text == e.Text && !old.Waits() {
		return old
	}
	e.Script, e.Err = l.Host.Load(ctx, filepath.Base(path), e.Text)
	return e
}

func (l *Library) paths() ([]string, error) {
	entries, err := os.ReadDir(l.Folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("the scripts folder cannot be read: %w", err)
	}
	var out []string
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), Extension) && !strings.HasPrefix(e.Name(), ".") && !e.IsDir() && len(out) < maxFiles {
			out = append(out, filepath.Join(l.Folder, e.Name()))
		}
	}
	return out, nil
}

// Follow switches on every text that a file of the folder takes from now on,
// until the program ends: for a file that its user is writing, so that saving
// it runs it.
func (l *Library) Follow(path string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.followed == nil {
		l.followed = map[string]bool{}
	}
	l.followed[path] = true
}

// Visualizers are the scripts of a scan that can be used.
func Visualizers(entries []Entry) []visualizers.Visualizer {
	var out []visualizers.Visualizer
	for _, e := range entries {
		if e.Script != nil {
			out = append(out, e.Script)
		}
	}
	return out
}

// Add copies a script file into the folder, for one that is dropped on the
// window, and returns its place there. It is not switched on by that. A file
// of the same name is replaced.
func (l *Library) Add(path string) (string, error) {
	text, err := readSource(path)
	if err != nil {
		return "", err
	}
	name := strings.TrimSuffix(filepath.Base(path), filepath.Ext(path)) + Extension
	return filepath.Join(l.Folder, name), writeWhole(filepath.Join(l.Folder, name), []byte(text))
}
