// Package regular opens paths that come from outside: ordinary files of bounded
// size, and nothing that waits for ever or never ends.
//
// A pipe without a writer holds up whoever opens it, a device such as /dev/zero
// never ends, and neither can be interrupted. Every path that a user, a script or
// another file names is opened here.
package regular

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// What an [Error] may wrap, beside [fs.ErrNotExist] and [fs.ErrPermission].
var (
	ErrFolder   = errors.New("a folder")
	ErrSpecial  = errors.New("not an ordinary file")
	ErrTooLarge = errors.New("too large")
)

// Error is a path that cannot be used: what is wrong, told so that it follows
// the path, and what to do.
type Error struct {
	Path   string
	Fault  string
	Remedy string
	Err    error
}

func (e *Error) Error() string { return e.Path + ": " + e.Fault + "; " + e.Remedy }

// Unwrap gives the kind of error, or the system's own.
func (e *Error) Unwrap() error { return e.Err }

// Open opens an ordinary file of at most limit bytes for reading, through links.
// It never waits: what is no ordinary file is refused before it is opened, and
// once more afterwards, in case the path changed in between. Errors are of type
// *[Error].
func Open(path string, limit int64) (*os.File, fs.FileInfo, error) {
	info, err := os.Stat(path)
	if err == nil {
		err = check(info, limit)
	}
	if err != nil {
		return nil, nil, explain(path, info, err)
	}
	f, err := os.OpenFile(path, os.O_RDONLY|unwaiting, 0)
	if err != nil {
		return nil, nil, explain(path, nil, err)
	}
	if info, err = f.Stat(); err == nil {
		err = check(info, limit)
	}
	if err != nil {
		f.Close()
		return nil, nil, explain(path, info, err)
	}
	return f, info, nil
}

// Read reads an ordinary file of at most limit bytes, into a buffer of its size.
// Errors are of type *[Error].
func Read(path string, limit int64) ([]byte, error) {
	f, info, err := Open(path, limit)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data := make([]byte, info.Size())
	n, err := io.ReadFull(f, data)
	if err != nil && err != io.ErrUnexpectedEOF && err != io.EOF { // a file may shrink
		return nil, explain(path, nil, err)
	}
	return data[:n], nil
}

// Head reads the first bytes of an ordinary file of any size, at most n.
func Head(path string, n int) ([]byte, error) {
	f, _, err := Open(path, Unbounded)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	head := make([]byte, n)
	got, err := io.ReadFull(f, head)
	if err != nil && err != io.ErrUnexpectedEOF && err != io.EOF {
		return nil, explain(path, nil, err)
	}
	return head[:got], nil
}

// Unbounded is the limit of files that are read piece by piece.
const Unbounded = 1<<63 - 1

func check(info fs.FileInfo, limit int64) error {
	switch {
	case info.IsDir():
		return ErrFolder
	case !info.Mode().IsRegular():
		return ErrSpecial
	case info.Size() > limit:
		return ErrTooLarge
	}
	return nil
}

// explain gives an error its words.
func explain(path string, info fs.FileInfo, err error) *Error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return &Error{path, "does not exist", "check the name", err}
	case errors.Is(err, ErrFolder):
		return &Error{path, "is a folder", "choose a file in it", err}
	case errors.Is(err, ErrSpecial):
		return &Error{path, "is " + special(info.Mode()) + ", not an ordinary file", "choose a file", err}
	case errors.Is(err, ErrTooLarge):
		return &Error{path, fmt.Sprintf("has %d MB, more than the program takes", info.Size()>>20), "use a smaller file", err}
	}
	return &Error{path, "cannot be read: " + cause(err), "check the permissions", err}
}

func special(mode fs.FileMode) string {
	switch {
	case mode&fs.ModeNamedPipe != 0:
		return "a pipe"
	case mode&fs.ModeSocket != 0:
		return "a socket"
	case mode&fs.ModeDevice != 0:
		return "a device"
	}
	return "something special"
}

// cause is the innermost text of a file error, without the path again.
func cause(err error) string {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err.Error()
	}
	return err.Error()
}
