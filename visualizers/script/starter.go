package script

import (
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

//go:embed starter.txt
var starter string

// Starter is the commented text of a new visualization with the given id; it
// runs as it is.
func Starter(id string) string { return strings.ReplaceAll(starter, "NAME", id) }

// Create writes a new script into the library's folder and returns its path:
// the starter, or the text of an example under another id. The script is
// switched on, since the program wrote it, and followed, since the user is about
// to change it.
func (l *Library) Create(id, text string) (string, error) {
	if !validID.MatchString(id) {
		return "", fmt.Errorf("the name %q must consist of lower-case letters, digits and hyphens, like \"my-method\"", id)
	}
	path := filepath.Join(l.Folder, id+Extension)
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("%s: there is already a script with this name", path)
	}
	if err := writeWhole(path, []byte(text)); err != nil {
		return "", fmt.Errorf("the new script cannot be written: %w", err)
	}
	l.Follow(path)
	return path, l.Trust.Allow(filepath.Base(path), text)
}

// Export is a shipped example as a start for an own script: the same text
// under another id.
func Export(example, id string) (string, error) {
	all, err := Examples()
	if err != nil {
		return "", err
	}
	var names []string
	for _, e := range all {
		name := strings.TrimSuffix(e.Name, Extension)
		names = append(names, name)
		if name == strings.ReplaceAll(example, "-", "_") {
			return renamed(e.Text, id), nil
		}
	}
	return "", fmt.Errorf("there is no example %q; choose %s", example, strings.Join(names, ", "))
}

// renamed puts another id into a script's declaration.
func renamed(text, id string) string {
	before, rest, found := strings.Cut(text, "id = \"")
	_, after, closed := strings.Cut(rest, "\"")
	if !found || !closed {
		return text
	}
	return before + "id = \"" + id + "\"" + after
}
