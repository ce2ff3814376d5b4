// Package labelfile reads the names of classes from files of every usual form.
package labelfile

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"picasso/backend/files"
)

// Bounds of label files.
const (
	maxBytes = 16 << 20
	Max      = 1 << 20
	maxText  = 1000 // characters of one label
)

// Error is a label file that cannot be used.
type Error struct {
	Path  string
	Fault string // a clause: "is no text"
	Err   error
}

func (e *Error) Error() string {
	return fmt.Sprintf("%s %s; a label file has one label per line, or is a JSON list or a CSV table", filepath.Base(e.Path), e.Fault)
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Read reads a label file of any known form: one label per line (with
// WordNet ids or numbers in front, which are dropped), a JSON list or object
// by index (also Keras' imagenet_class_index.json and Hugging Face's
// id2label), or CSV.
func Read(path string) ([]string, error) {
	data, err := files.Read(path, maxBytes)
	if err != nil {
		return nil, &Error{path, "cannot be read (" + err.Error() + ")", err}
	}
	names, err := Parse(path, data)
	if err != nil {
		return nil, &Error{path, err.Error(), err}
	}
	return names, nil
}

// Check bounds what a file may hold and trims it.
func Check(names []string) ([]string, error) {
	for len(names) > 0 && strings.TrimSpace(names[len(names)-1]) == "" {
		names = names[:len(names)-1]
	}
	if len(names) == 0 {
		return nil, errors.New("contains no labels")
	}
	if len(names) > Max {
		return nil, fmt.Errorf("contains more than %d labels", Max)
	}
	for i, n := range names {
		n = strings.TrimSpace(n)
		if r := []rune(n); len(r) > maxText {
			n = string(r[:maxText]) + "…"
		}
		names[i] = n
	}
	return names, nil
}
