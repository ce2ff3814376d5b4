package backend

import (
	"encoding/json"
	"runtime"
	"slices"
	"sync"

	"picasso/backend/files"
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

// Known lists what was measured on as many cores as there are, the latest first.
func (t *Tuning) Known() []Tuned {
	if t == nil {
		return nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.load()
	cores := runtime.GOMAXPROCS(0)
	return slices.DeleteFunc(slices.Clone(t.known), func(k Tuned) bool { return k.Cores != cores })
}

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

// remember keeps what was measured, beside what other processes have measured
// meanwhile. A file that cannot be written is no loss.
func (t *Tuning) remember(found Tuned) {
	if t == nil || found.Model == "" {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	_ = files.Update(t.path, maxTuningFile, 0o644, func(old []byte) ([]byte, error) {
		list := slices.DeleteFunc(readTuned(old), func(k Tuned) bool { return k.Model == found.Model && k.Cores == found.Cores })
		t.known, t.read = slices.Insert(list, 0, found), true
		t.known = t.known[:min(len(t.known), maxTuned)]
		return json.Marshal(t.known)
	})
}

// load reads the file. t.mu is held.
func (t *Tuning) load() {
	if t.read {
		return
	}
	t.read = true
	if data, err := files.Read(t.path, maxTuningFile); err == nil {
		t.known = readTuned(data)
	}
}

// readTuned reads the file's content; what makes no sense in it is left out.
func readTuned(data []byte) []Tuned {
	var list []Tuned
	if json.Unmarshal(data, &list) != nil {
		return nil
	}
	list = slices.DeleteFunc(list, func(k Tuned) bool {
		return len(k.Model) != 64 || k.Cores < 1 || k.Lanes < 1 || k.Lanes > k.Cores
	})
	return list[:min(len(list), maxTuned)]
}
