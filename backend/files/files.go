// Package files reads small files from outside within a bound, and writes
// files that appear whole or not at all: [Write] for bytes at hand, [Create] for
// what comes bit by bit, [Update] for files that several processes share,
// [Folder] for files that belong together. What a
// run that was killed left behind is removed by the next that writes there.
// [Refuse] keeps outputs from overwriting inputs.
package files

import (
	"errors"
	"fmt"
	"io/fs"

	"picasso/backend/regular"
)

// Read reads an ordinary file of at most limit bytes. Errors do not repeat the
// path.
func Read(path string, limit int64) ([]byte, error) {
	data, err := regular.Read(path, limit)
	var e *regular.Error
	switch {
	case errors.Is(err, regular.ErrSpecial), errors.Is(err, regular.ErrFolder):
		return nil, errors.New("it is not a regular file")
	case errors.Is(err, regular.ErrTooLarge):
		return nil, fmt.Errorf("it is larger than the limit of %s", size(limit))
	case errors.As(err, &e):
		return nil, Innermost(e.Err)
	}
	return data, err
}

// size writes a number of bytes for people.
func size(bytes int64) string {
	if bytes < 1<<20 {
		return fmt.Sprintf("%d kB", bytes>>10)
	}
	return fmt.Sprintf("%d MB", bytes>>20)
}

// Innermost is a file error without the path.
func Innermost(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}
