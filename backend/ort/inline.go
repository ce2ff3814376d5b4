//go:build cgo

package ort

import (
	"errors"
	"fmt"
	"io"
	"os"

	"picasso/backend/onnx"
)

// inline reads weights of the main graph that lie in files of less than limit
// bytes into the model: the library maps files of weights into memory, and when
// such a file is overwritten or cut while the model is open, as files being
// worked on are, the next run ends the program. For big files see weights.
//
// Nothing outside folder is read, not even through a link.
func inline(m *onnx.Model, folder string, limit int64) (changed bool, err error) {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return false, err
	}
	defer root.Close()
	files := map[string]*smallFile{}
	defer func() {
		for _, f := range files {
			f.close()
		}
	}()
	for _, t := range m.Graph.Initializers {
		if t.External == nil {
			continue
		}
		f, known := files[t.External.Location]
		if !known {
			if f, err = openSmall(root, t.External.Location, limit); err != nil {
				return changed, err
			}
			files[t.External.Location] = f
		}
		if f == nil {
			continue
		}
		if t.Raw, err = f.cut(t.External); err != nil {
			return changed, err
		}
		t.External, changed = nil, true
	}
	return changed, nil
}

// smallFile is a file of weights, of which only what a model uses is read: a part
// of a network is opened for each of many pieces of one file.
type smallFile struct {
	*os.File
	size int64
}

// openSmall opens a file of less than limit bytes; for a larger one it returns nil.
func openSmall(root *os.Root, name string, limit int64) (*smallFile, error) {
	info, err := root.Stat(name) // before opening, for opening a pipe would wait
	if err != nil {
		return nil, fmt.Errorf("the file with the weights cannot be read: %w", err)
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s, which should contain the weights, is not a regular file", name)
	}
	if info.Size() >= limit {
		return nil, nil
	}
	f, err := root.Open(name)
	if err != nil {
		return nil, fmt.Errorf("the file with the weights cannot be read: %w", err)
	}
	return &smallFile{f, info.Size()}, nil
}

// close closes the file, if there is one.
func (f *smallFile) close() {
	if f != nil {
		_ = f.Close() // it was only read
	}
}

// cut reads the part of the file that a reference names; length 0 means up to the
// end.
func (f *smallFile) cut(e *onnx.External) ([]byte, error) {
	if e.Offset < 0 || e.Offset > f.size || e.Length < 0 || e.Length > f.size-e.Offset {
		return nil, fmt.Errorf("%s is too short: the model needs %d bytes from byte %d on, but the file has %d", e.Location, e.Length, e.Offset, f.size)
	}
	length := e.Length
	if length == 0 {
		length = f.size - e.Offset
	}
	data := make([]byte, length)
	if _, err := f.ReadAt(data, e.Offset); err != nil && !(length == 0 && errors.Is(err, io.EOF)) {
		return nil, fmt.Errorf("%s cannot be read: %w", e.Location, err)
	}
	return data, nil
}
