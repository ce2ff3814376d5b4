package settings

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"reflect"
	"sync"
	"sync/atomic"

	"picasso/backend/files"
)

// file is the settings file as this process knows it.
type file struct {
	mu     sync.Mutex
	base   json.RawMessage // what it held of ours when it was last read or written
	begun  bool            // base is known
	latest int             // number of the newest snapshot that was written
	failed atomic.Bool     // the newest one could not be

	taken int             // snapshots so far; of the owner's goroutine
	last  json.RawMessage // the newest one, of the owner's goroutine
}

// Save writes the file now, after whatever is being written. See
// [Settings.Snapshot].
func (s *Settings) Save() error {
	if s.file != nil {
		s.file.last = nil
	}
	write, err := s.Snapshot()
	if err != nil || write == nil {
		return err
	}
	return write()
}

// Begin writes the file where there is none, off the caller's goroutine: whatever ends
// a first start, the next one finds settings.
func (s *Settings) Begin() {
	if _, err := os.Stat(s.path); s.path == "" || !errors.Is(err, fs.ErrNotExist) {
		return
	}
	if write, err := s.Snapshot(); err == nil && write != nil {
		go func() { _ = write() }() // the next one tells what is wrong
	}
}

// Snapshot takes what there is to remember now and gives the function that
// writes it, on any goroutine; nil where nothing changed since the last one.
//
// The file appears whole or not at all, and is on the disk afterwards. Several
// processes may share it: it is locked and read again, and only what changed in
// this one is changed there. Of several snapshots the newest stands, whatever
// the order in which they are written; one that could not be written is part of
// the next.
func (s *Settings) Snapshot() (write func() error, err error) {
	if s.path == "" {
		return nil, nil
	}
	own, err := json.Marshal(s)
	if err != nil {
		return nil, fmt.Errorf("save the settings: %w", err)
	}
	if s.file == nil {
		s.file = &file{}
	}
	f := s.file
	if bytes.Equal(own, f.last) && !f.failed.Load() {
		return nil, nil
	}
	f.last = own
	f.taken++
	number, path, read := f.taken, s.path, s.read
	return func() error {
		if err := f.write(path, number, own, read); err != nil {
			return fmt.Errorf("save the settings: %w", err)
		}
		return nil
	}, nil
}

// write puts a snapshot into the file.
func (f *file) write(path string, number int, own, read json.RawMessage) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if number < f.latest {
		return nil
	}
	if !f.begun {
		f.base, f.begun = read, true
	}
	if f.latest > 0 && bytes.Equal(own, f.base) {
		return nil
	}
	err := files.Update(path, maxSettings, 0o600, func(theirs []byte) ([]byte, error) {
		if theirs == nil {
			theirs = f.base // it was taken away: all of ours is written again
			return merged(nil, own, theirs)
		}
		return merged(f.base, own, theirs)
	})
	f.failed.Store(err != nil)
	if err != nil {
		return err
	}
	f.base, f.latest = own, number
	return nil
}

// errTooLarge is settings that could not be read again.
var errTooLarge = errors.New("there is more to remember than the file may hold")

func merged(before, own, theirs json.RawMessage) ([]byte, error) {
	all, err := merge(before, own, theirs, reflect.TypeFor[Settings]())
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := json.Indent(&b, all, "", "  "); err != nil {
		return nil, err
	}
	if b.Len() > maxSettings {
		return nil, errTooLarge
	}
	return b.Bytes(), nil
}
