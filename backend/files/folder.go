package files

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Folder collects files that belong together under a temporary name. They take
// their places together once all of them are there and on the disk, so that a
// run that is stopped, or a disk that is full, leaves what was there.
type Folder struct {
	temporary, final string
	names            []string // in the order in which they were put
	inputs           *Inputs
}

// NewFolder begins files that will be in the folder name below parent, none of
// which may be one of inputs (nil for none). [Folder.Discard] is to be deferred.
func NewFolder(parent, name string, inputs *Inputs) (*Folder, error) {
	temporary, err := UnfinishedFolder(parent)
	if err != nil {
		return nil, err
	}
	return &Folder{temporary: temporary, final: filepath.Join(parent, name), inputs: inputs}, nil
}

// Put writes a file and brings it to the disk. name is one without a path.
func (f *Folder) Put(name string, data []byte, perm fs.FileMode) error {
	return f.PutBy(name, perm, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

// PutBy is [Folder.Put] of a file that is written piece by piece. Where write fails, the
// folder is as it was, and goes on.
func (f *Folder) PutBy(name string, perm fs.FileMode, write func(io.Writer) error) error {
	file, err := os.OpenFile(filepath.Join(f.temporary, name), os.O_WRONLY|os.O_CREATE|os.O_TRUNC, perm)
	if err != nil {
		return unwritten(name, err)
	}
	buffer := bufio.NewWriterSize(stepped{file}, 64<<10)
	if err := write(named{buffer, name}); err != nil {
		_ = errors.Join(file.Close(), os.Remove(file.Name())) // the error says enough
		return err
	}
	err = buffer.Flush()
	if err == nil {
		err = step(Sync, name)
	}
	if err == nil {
		err = file.Sync()
	}
	if closed := file.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return unwritten(name, err)
	}
	f.names = append(f.names, name)
	return nil
}

// named writes a file, and names it in errors.
type named struct {
	w    io.Writer
	name string
}

func (n named) Write(b []byte) (int, error) {
	k, err := n.w.Write(b)
	if err != nil {
		err = unwritten(n.name, err)
	}
	return k, err
}

// Publish moves the files to their places, in the order in which they were put:
// the file that lists the others is best put last. Files of other names that are
// there stay. An [*OverwriteError] moves nothing.
func (f *Folder) Publish() error {
	var places []string
	for _, name := range f.names {
		places = append(places, filepath.Join(f.final, name))
	}
	if err := f.inputs.Refuse(places); err != nil {
		return err
	}
	for _, place := range places {
		if err := replaceable(place); err != nil {
			return unwritten(place, err)
		}
	}
	if err := os.MkdirAll(f.final, 0o777); err != nil {
		return fmt.Errorf("%s cannot be made: %w", filepath.Base(f.final), Innermost(err))
	}
	for i, name := range f.names {
		err := step(Rename, places[i])
		if err == nil {
			err = os.Rename(filepath.Join(f.temporary, name), places[i])
		}
		if err != nil {
			return unwritten(name, err)
		}
	}
	f.names = nil
	syncFolder(f.final)
	return os.Remove(f.temporary)
}

// Discard removes what was not published.
func (f *Folder) Discard() { _ = os.RemoveAll(f.temporary) }
