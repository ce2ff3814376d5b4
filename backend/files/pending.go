package files

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Ordinary are the permissions of a file that is no secret of the program's: those
// of the file that is replaced, else what the user's mask leaves.
const Ordinary fs.FileMode = 0

// Write writes a file that appears whole or not at all: it is written beside
// its place, brought to the disk and renamed. perm are its permissions, which the
// user's mask narrows.
func Write(path string, data []byte, perm fs.FileMode) error {
	p, err := Create(path, perm)
	if err != nil {
		return err
	}
	defer p.Discard()
	if _, err := p.Write(data); err != nil {
		return err
	}
	return p.Commit()
}

// Pending is a file that is being written beside its place. It takes the place
// on [Pending.Commit]; until then what was there stands. Errors name the file.
type Pending struct {
	path string
	keep fs.FileMode // the permissions of what is replaced, 0 for those that file has
	file *os.File
	buf  *bufio.Writer
	over bool
}

// Create begins a file that will be at path. A link there stays a link, and
// what it points to is replaced; what is no ordinary file is refused. [Pending.Discard] is to be deferred.
func Create(path string, perm fs.FileMode) (*Pending, error) {
	real := followed(path)
	if err := replaceable(real); err != nil {
		return nil, unwritten(path, err)
	}
	keep := fs.FileMode(0)
	if perm == Ordinary {
		perm = 0o666
		if info, err := os.Stat(real); err == nil {
			perm, keep = 0o600, info.Mode().Perm()
		}
	}
	file, err := unfinished(filepath.Dir(real), perm)
	if err != nil {
		return nil, unwritten(path, err)
	}
	p := &Pending{path: real, keep: keep, file: file}
	p.buf = bufio.NewWriterSize(stepped{file}, 64<<10)
	return p, nil
}

// followed is the file that a chain of links leads to, path itself where there
// is none.
func followed(path string) string {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		return real
	}
	if target, err := os.Readlink(path); err == nil { // to a file that is not there yet
		if !filepath.IsAbs(target) {
			target = filepath.Join(filepath.Dir(path), target)
		}
		return target
	}
	return path
}

func unwritten(path string, err error) error {
	return fmt.Errorf("%s cannot be written: %w", filepath.Base(path), Innermost(err))
}

// Write implements [io.Writer].
func (p *Pending) Write(b []byte) (int, error) {
	n, err := p.buf.Write(b)
	if err != nil {
		err = unwritten(p.path, err)
	}
	return n, err
}

// Commit brings the file to the disk and puts it in its place.
func (p *Pending) Commit() error {
	if p.over {
		return nil
	}
	p.over = true
	err := p.finish()
	if err != nil {
		_ = os.Remove(p.file.Name()) // the error says enough
		return unwritten(p.path, err)
	}
	return nil
}

func (p *Pending) finish() error {
	err := p.buf.Flush()
	if err == nil {
		err = step(Sync, p.path)
	}
	if err == nil {
		err = p.file.Sync()
	}
	if closed := p.file.Close(); err == nil {
		err = closed
	}
	if err == nil && p.keep != 0 {
		err = os.Chmod(p.file.Name(), p.keep)
	}
	if err == nil {
		err = step(Rename, p.path)
	}
	if err == nil {
		err = os.Rename(p.file.Name(), p.path)
	}
	if err == nil {
		syncFolder(filepath.Dir(p.path))
	}
	return err
}

// Discard gives the file up, unless it was committed.
func (p *Pending) Discard() {
	if p.over {
		return
	}
	p.over = true
	_ = errors.Join(p.file.Close(), os.Remove(p.file.Name()))
}

// syncFolder brings a rename to the disk. Systems that cannot do that for a
// folder do it by themselves.
func syncFolder(folder string) {
	f, err := os.Open(folder)
	if err != nil {
		return
	}
	_ = f.Sync()
	_ = f.Close()
}
