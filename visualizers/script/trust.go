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

	"picasso/backend/files"
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
	text, err := files.Read(path, maxTrust)
	if errors.Is(err, fs.ErrNotExist) {
		return t, nil
	}
	if err != nil {
		return t, fmt.Errorf("%s: the list of trusted scripts cannot be read: %w", path, err)
	}
	t.on, err = t.parse(text)
	return t, err
}

// parse reads the list's text. The map is never nil.
func (t *Trust) parse(text []byte) (map[string]string, error) {
	on := map[string]string{}
	if err := json.Unmarshal(text, &on); err != nil || on == nil {
		return map[string]string{}, fmt.Errorf("%s: the list of trusted scripts is damaged; delete it and switch the scripts on again", t.path)
	}
	return on, nil
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
	return t.change(func(on map[string]string) { on[Fingerprint(text)] = name })
}

// Revoke switches a text off.
func (t *Trust) Revoke(text string) error {
	return t.change(func(on map[string]string) { delete(on, Fingerprint(text)) })
}

// change edits the list and saves it, beside what other processes have changed
// meanwhile. Where it cannot be saved, it holds for this process.
func (t *Trust) change(edit func(on map[string]string)) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	edit(t.on)
	if t.path == "" {
		return nil
	}
	err := files.Update(t.path, maxTrust, 0o600, func(old []byte) ([]byte, error) {
		on := map[string]string{}
		if old != nil {
			var err error
			if on, err = t.parse(old); err != nil {
				return nil, err
			}
		}
		edit(on)
		t.on = on
		text, err := json.MarshalIndent(on, "", "  ")
		return append(text, '\n'), err
	})
	if err != nil {
		return fmt.Errorf("the list of trusted scripts cannot be saved: %w", err)
	}
	return nil
}

// writeWhole replaces a file at once, and makes its folder.
func writeWhole(path string, text []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	return files.Write(path, text, 0o600)
}
