package backend

import (
	"encoding/json"
	"os"
	"path/filepath"
	"picasso/backend/files"
	"slices"
	"sync"
)

// Tuning remembers what was measured of models on this machine, in a file of
// the user's cache: losing it costs another measurement. A nil Tuning
// remembers nothing. It is safe for concurrent use.
type Tuning struct {
	path string

	mu    sync.Mutex
	known []Tuned // latest first
	read  bool
}

// Tuned is how a model is run fastest.
type Tuned struct {
	Model string  `json:"model"` // SHA-256 of the file
	Cores int     `json:"cores"` // that were there
	Lanes int     `json:"lanes"` // see [Lanes]
	Gain  float64 `json:"gain"`  // time of one lane over that of several
}

// Bounds of the file.
const (
	maxTuned      = 1000
	maxTuningFile = 1 << 20
)

// NewTuning remembers in the file at path, which need not exist yet.
func NewTuning(path string) *Tuning { return &Tuning{path: path} }

// find is what is known of a model on as many cores.
func (t *Tuning) find(model string, cores int) (Tuned, bool) {
	if t == nil || model == "" {
		return Tuned{}, false
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.load()
	i := slices.IndexFunc(t.known, func(k Tuned) bool { return k.Model == model && k.Cores == cores })
	if i < 0 {
		return Tuned{}, false
	}
	return t.known[i], true
}

// remember keeps what was measured. A file that cannot be written is no loss.
func (t *Tuning) remember(found Tuned) {
	if t == nil || found.Model == "" {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.read = false // another window may have written
	t.load()
	t.known = slices.DeleteFunc(t.known, func(k Tuned) bool { return k.Model == found.Model && k.Cores == found.Cores })
	t.known = slices.Insert(t.known, 0, found)
	t.known = t.known[:min(len(t.known), maxTuned)]
	data, err := json.Marshal(t.known)
	if err == nil && os.MkdirAll(filepath.Dir(t.path), 0o700) == nil {
		_ = files.Write(t.path, data, 0o644)
	}
}

// load reads the file; what makes no sense in it is left out. t.mu is held.
func (t *Tuning) load() {
	if t.read {
		return
	}
	t.read = true
	data, err := files.Read(t.path, maxTuningFile)
	if err != nil {
		return
	}
	var list []Tuned
	if json.Unmarshal(data, &list) != nil {
		return
	}
	t.known = slices.DeleteFunc(list, func(k Tuned) bool {
		return len(k.Model) != 64 || k.Cores < 1 || k.Lanes < 1 || k.Lanes > k.Cores
	})
	t.known = t.known[:min(len(t.known), maxTuned)]
}
