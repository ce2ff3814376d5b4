package files

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// OverwriteError says that an output would overwrite an input.
type OverwriteError struct{ Output, Input string }

func (e *OverwriteError) Error() string {
	if e.Output == e.Input {
		return fmt.Sprintf("%s is also read: choose another name for the output", e.Output)
	}
	return fmt.Sprintf("%s is the same file as %s, which is read: choose another name for the output", e.Output, e.Input)
}

// Inputs are files that are read, and that no output may overwrite. They are for
// one goroutine.
type Inputs struct {
	byPlace map[string]string
	places  places
	// there are those that exist. A file has one size and one time, by whatever
	// name it is asked: few of many have to be compared.
	there map[stamp][]known
}

type known struct {
	path string
	info os.FileInfo
}

type stamp struct {
	size int64
	time time.Time
}

func stampOf(info os.FileInfo) stamp { return stamp{info.Size(), info.ModTime()} }

// NewInputs looks at the files that are read. Those that are not there are
// known by where they would be. Folders are no files: results may go to the
// folder that pictures come from.
func NewInputs(paths []string) *Inputs {
	in := &Inputs{byPlace: make(map[string]string, len(paths)), there: map[stamp][]known{}, places: places{}}
	for _, path := range paths {
		in.byPlace[in.places.of(path)] = path
		if info, err := os.Stat(path); err == nil && !info.IsDir() {
			at := stampOf(info)
			in.there[at] = append(in.there[at], known{path, info})
		}
	}
	return in
}

// Refuse gives an [*OverwriteError] where one of the outputs is one of the
// inputs, by whatever name or link. Nil inputs refuse nothing.
func (in *Inputs) Refuse(outputs []string) error {
	if in == nil {
		return nil
	}
	for _, output := range outputs {
		info, err := os.Stat(output)
		if err == nil && info.IsDir() {
			continue
		}
		if input, same := in.byPlace[in.places.of(output)]; same {
			return &OverwriteError{output, input}
		}
		if err != nil {
			continue
		}
		for _, k := range in.there[stampOf(info)] { // hard links, and file systems that ignore case
			if os.SameFile(info, k.info) {
				return &OverwriteError{output, k.path}
			}
		}
	}
	return nil
}

// Refuse is [Inputs.Refuse] for a single look.
func Refuse(outputs, inputs []string) error { return NewInputs(inputs).Refuse(outputs) }

// places finds where paths lead. Many files lie in few folders, each of which is
// followed once.
type places map[string]string

// of is where a path leads, through links as far as there are files.
func (p places) of(path string) string {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return path
	}
	if info, err := os.Lstat(absolute); err == nil && info.Mode()&fs.ModeSymlink != 0 {
		if real, err := filepath.EvalSymlinks(absolute); err == nil {
			return real
		}
		absolute = followed(absolute) // to a file that is not there yet
	}
	folder := filepath.Dir(absolute)
	real, known := p[folder]
	if !known {
		if real, err = filepath.EvalSymlinks(folder); err != nil {
			real = folder
		}
		p[folder] = real
	}
	return filepath.Join(real, filepath.Base(absolute))
}

// replaceable tells whether a path can be written by putting another file in
// its place: not a pipe or a device, which would be gone, and not a folder.
func replaceable(path string) error {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case info.IsDir():
		return errors.New("it is a folder; choose another name")
	case !info.Mode().IsRegular():
		return errors.New("it is a pipe or a device, not an ordinary file; choose another name")
	}
	return nil
}
