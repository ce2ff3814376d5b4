package files

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// WriteNew writes a file that is not there yet, whole or not at all. Of several
// processes that do so at once, one succeeds; the others, and whoever comes later,
// get an error that wraps [fs.ErrExist].
func WriteNew(path string, data []byte, perm fs.FileMode) error {
	if perm == Ordinary {
		perm = 0o666
	}
	file, err := unfinished(filepath.Dir(path), perm)
	if err != nil {
		return unwritten(path, err)
	}
	defer os.Remove(file.Name())
	_, err = stepped{file}.Write(data)
	if err == nil {
		err = step(Sync, path)
	}
	if err == nil {
		err = file.Sync()
	}
	if closed := file.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = step(Rename, path)
	}
	if err == nil {
		err = place(file.Name(), path)
	}
	if err != nil {
		return unwritten(path, err)
	}
	return nil
}

// place gives a file a second name, which must be free. Where a file can have one
// name only it is moved, unless something is there.
func place(from, to string) error {
	err := os.Link(from, to)
	if err == nil || errors.Is(err, fs.ErrExist) {
		return linkCause(err)
	}
	if _, there := os.Lstat(to); there == nil {
		return fs.ErrExist
	}
	return os.Rename(from, to)
}

// linkCause is an error of [os.Link] without the two paths.
func linkCause(err error) error {
	var l *os.LinkError
	if errors.As(err, &l) {
		return fmt.Errorf("%w", l.Err)
	}
	return err
}
