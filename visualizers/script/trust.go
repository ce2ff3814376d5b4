package script

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
)

// Trust remembers which scripts the user has switched on, by the SHA-256 of
// their text: another text in the same file is another script. It may be used
// by several goroutines.
type Trust struct {
	path string // "" keeps nothing
	mu   sync.Mutex
	on   map[string]string // sha256 → name of the file, for people
}

// Fingerprint is the hexadecimal SHA-256 of a script's text.
func Fingerprint(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// maxTrust bounds the file that remembers the trust.
const maxTrust = 1 << 20

// OpenTrust reads what was switched on; a missing file is nothing. A damaged
// one is an error, and nothing counts as switched on.
func OpenTrust(path string) (*Trust, error) {
	t := &Trust{path: path, on: map[string]string{}}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return t, nil
	case err != nil:
		return t, fmt.Errorf("the list of trusted scripts cannot be read: %w", err)
	case info.Size() > maxTrust:
		return t, fmt.Errorf("%s: the list of trusted scripts is damaged; delete it and switch the scripts on again", path)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return t, fmt.Errorf("the list of trusted scripts cannot be read: %w", err)
	}
	if err := json.Unmarshal(text, &t.on); err != nil {
		t.on = map[string]string{}
		return t, fmt.Errorf("%s: the list of trusted scripts is damaged; delete it and switch the scripts on again: %w", path, err)
	}
	return t, nil
}

// Trusts reports whether exactly this text was switched on.
func (t *Trust) Trusts(text string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	_, ok := t.on[Fingerprint(text)]
	return ok
}

// Allow switches a text on. The caller has shown it to the user.
func (t *Trust) Allow(name, text string) error {
	return t.change(func() { t.on[Fingerprint(text)] = name })
}

// Revoke switches a text off.
func (t *Trust) Revoke(text string) error {
	return t.change(func() { delete(t.on, Fingerprint(text)) })
}

// change edits the list and saves it, whole or not at all.
func (t *Trust) change(edit func()) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	edit()
	if t.path == "" {
		return nil
	}
	text, err := json.MarshalIndent(t.on, "", "  ")
	if err != nil {
		return err
	}
	if err := writeWhole(t.path, append(text, '\n')); err != nil {
		return fmt.Errorf("the list of trusted scripts cannot be saved: %w", err)
	}
	return nil
}

// writeWhole replaces a file at once.
func writeWhole(path string, text []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".unfinished-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(text)
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
