//go:build cgo

package ort

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"picasso/backend/infer"
	"picasso/backend/onnx"
	"picasso/backend/regular"
)

// weights are the files of weights that a session maps into memory, guarded as
// far as the system lets: a mapped file that is cut ends the whole program at
// the next look at it, and one that is overwritten makes the model another.
//
// Where there is a guard, a file that somebody is about to write to is first
// brought into memory that is our own (Linux) or cannot be written to at all
// (Windows). Elsewhere a copy that shares its blocks with the file is mapped, where
// the file system makes such; else weights are read instead of mapped where they fit
// into the bytes of a model ([onnx.Model.Encode] bounds those at 2 GB). What is left
// is mapped without a guard, and looked at after every run.
type weights struct {
	mu     sync.Mutex
	files  []*weightFile
	folder string // of copies, removed once they are mapped; "" where there are none
	// partial says that a location leads nowhere, or where another one leads, so that
	// the files do not make up all of the weights by themselves.
	partial bool
}

// weightFile is one mapped file.
type weightFile struct {
	path     string // its real path
	location string // as the graph refers to it
	file     *os.File
	info     os.FileInfo // when it was opened; of no use for copies
	guard    guard
}

// guard keeps a file as it is while it is mapped.
type guard interface {
	// settled says that the session has been made, so that everything is mapped.
	settled()
	// holds tells whether the content that the session sees is still the one it
	// was made with, whatever became of the file.
	holds() bool
	release()
}

// openWeights opens and guards the files that the tensors of a graph refer to, at
// locations below folder.
func openWeights(m *onnx.Model, folder string) (*weights, error) {
	w := &weights{}
	seen := map[string]bool{}
	for _, location := range m.External() {
		real, err := filepath.EvalSymlinks(filepath.Join(folder, filepath.FromSlash(location)))
		if err != nil || seen[real] {
			w.partial = true
			continue // what is missing is for the library to say
		}
		seen[real] = true
		f, info, err := regular.Open(real, regular.Unbounded)
		if err != nil {
			w.release()
			return nil, err
		}
		w.files = append(w.files, &weightFile{path: real, location: filepath.FromSlash(location), file: f, info: info, guard: newGuard(real, f)})
	}
	return w, nil
}

// guarded tells whether every file has a guard.
func (w *weights) guarded() bool {
	for _, f := range w.files {
		if f.guard == nil {
			return false
		}
	}
	return true
}

// settled says that the session has been made.
func (w *weights) settled() {
	if w == nil {
		return
	}
	for _, f := range w.files {
		if f.guard != nil {
			f.guard.settled()
		}
	}
	w.removeCopies()
}

// removeCopies takes the names of copies away. What is mapped stays until it is
// released.
func (w *weights) removeCopies() {
	if w.folder != "" {
		_ = os.RemoveAll(w.folder)
		w.folder = ""
	}
}

// changed reports a file whose content is no longer the one that the session
// was made with.
func (w *weights) changed() error {
	if w == nil {
		return nil
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, f := range w.files {
		if f.guard != nil && f.guard.holds() {
			continue
		}
		info, err := f.file.Stat()
		if err != nil || info.Size() != f.info.Size() || !info.ModTime().Equal(f.info.ModTime()) {
			return &infer.ChangedError{Path: f.path}
		}
	}
	return nil
}

// release gives the files free. The session is closed by then.
func (w *weights) release() {
	if w == nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, f := range w.files {
		if f.guard != nil {
			f.guard.release()
		}
		_ = f.file.Close()
	}
	w.files = nil
	w.removeCopies()
}

// maxRead is the size of a model with its weights, in bytes, up to which it can
// be handed over in memory.
const maxRead = 2<<30 - 1<<20

// guardWeights opens the files that the graph still refers to. Where one cannot
// be guarded, copies take their place, or all are read into the graph, if either is
// possible.
func (g *graph) guardWeights(m *onnx.Model) error {
	w, err := openWeights(m, g.folder)
	if err != nil {
		return &Refused{Model: g.name, Fault: err.Error(), cause: err}
	}
	if w.guarded() {
		g.weights = w
		return nil
	}
	if copies, err := w.copied(); err == nil {
		w.release()
		g.weights, g.folder = copies, copies.folder
		return nil
	}
	total := int64(len(g.data))
	for _, f := range w.files {
		total += f.info.Size()
	}
	if total > maxRead {
		g.weights = w
		return nil
	}
	w.release()
	data, err := withWeights(g.data, g.folder, maxRead)
	if err != nil {
		return fmt.Errorf("%s cannot be prepared: %w", g.name, err)
	}
	g.data = data
	return nil
}
