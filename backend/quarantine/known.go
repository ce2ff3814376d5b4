package quarantine

import (
	"encoding/json"
	"slices"
	"sync"

	"picasso/backend/files"
)

// known is the list of models that passed, in a file that processes share. It
// is safe for concurrent use. Losing it costs another trial.
type known struct {
	path    string
	runtime string // version of the library that the models are tried with

	mu   sync.Mutex
	read bool
	list []passed // latest first
}

// passed is one model. It tells nothing of where the file lies.
type passed struct {
	Model   string `json:"model"`   // SHA-256 of the file
	Runtime string `json:"runtime"` // version of the library
	Stamp   string `json:"stamp"`   // of the file where it was last seen, "" where the system has none
}

// Bounds of the list.
const (
	maxKnown     = 5000
	maxKnownFile = 4 << 20
)

// stamped tells whether a file of this stamp has passed, and which model it is.
func (k *known) stamped(stamp string) (model string, ok bool) {
	if stamp == "" {
		return "", false
	}
	return k.find(func(p passed) bool { return p.Stamp == stamp })
}

// seen tells whether a file of this stamp has passed with the library of any
// version.
func (k *known) seen(stamp string) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return stamp != "" && slices.ContainsFunc(k.all(), func(p passed) bool { return p.Stamp == stamp })
}

// has tells whether a model has passed.
func (k *known) has(model string) bool {
	_, ok := k.find(func(p passed) bool { return p.Model == model })
	return ok
}

func (k *known) find(is func(passed) bool) (string, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	i := slices.IndexFunc(k.all(), func(p passed) bool { return p.Runtime == k.runtime && is(p) })
	if i < 0 {
		return "", false
	}
	return k.list[i].Model, true
}

// all is the list, read when it is needed first; mu is locked.
func (k *known) all() []passed {
	if !k.read {
		k.read = true
		if data, err := files.Read(k.path, maxKnownFile); err == nil {
			k.list = parse(data)
		}
	}
	return k.list
}

// add remembers a model. A list that cannot be written is no loss.
func (k *known) add(model, stamp string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	own := passed{Model: model, Runtime: k.runtime, Stamp: stamp}
	with := func(list []passed) []passed {
		list = slices.DeleteFunc(list, func(p passed) bool { return p == own || p.Model == model && p.Runtime == k.runtime && p.Stamp == "" })
		list = slices.Insert(list, 0, own)
		return list[:min(len(list), maxKnown)]
	}
	k.list = with(k.list)
	if k.path == "" {
		return
	}
	_ = files.Update(k.path, maxKnownFile, 0o600, func(old []byte) ([]byte, error) {
		k.list, k.read = with(parse(old)), true
		return json.Marshal(k.list)
	})
}

// parse reads the list; what makes no sense in it is left out.
func parse(data []byte) []passed {
	var list []passed
	if json.Unmarshal(data, &list) != nil {
		return nil
	}
	const digits, longest = 64, 200
	list = slices.DeleteFunc(list, func(p passed) bool {
		return len(p.Model) != digits || len(p.Runtime) > longest || len(p.Stamp) > longest
	})
	return list[:min(len(list), maxKnown)]
}
