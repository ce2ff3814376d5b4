// Package files reads small files from outside within a bound, and writes
// files that appear whole or not at all.
package files

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

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
		return nil, fmt.Errorf("it is larger than the limit of %d MB", limit>>20)
	case errors.As(err, &e):
		return nil, Innermost(e.Err)
	}
	return data, err
}

// Write writes a file that appears whole or not at all: it is written beside
// its place, brought to the disk and renamed. perm are its permissions.
func Write(path string, data []byte, perm fs.FileMode) error {
	temp, err := os.CreateTemp(filepath.Dir(path), ".unfinished-*")
	if err != nil {
		return fmt.Errorf("%s cannot be written: %w", filepath.Base(path), Innermost(err))
	}
	defer os.Remove(temp.Name())
	_, err = temp.Write(data)
	if err == nil {
		err = temp.Sync()
	}
	if errClose := temp.Close(); err == nil {
		err = errClose
	}
	if err == nil {
		err = os.Chmod(temp.Name(), perm)
	}
	if err == nil {
		err = os.Rename(temp.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("%s cannot be written: %w", filepath.Base(path), Innermost(err))
	}
	return nil
}

// Innermost is a file error without the path.
func Innermost(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}
