//go:build cgo

package ort

import (
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
	files := map[string][]byte{}
	for _, t := range m.Graph.Initializers {
		if t.External == nil {
			continue
		}
		data, known := files[t.External.Location]
		if !known {
			if data, err = smallFile(root, t.External.Location, limit); err != nil {
				return changed, err
			}
			files[t.External.Location] = data
		}
		if data == nil {
			continue
		}
		if t.Raw, err = cut(data, t.External); err != nil {
			return changed, err
		}
		t.External, changed = nil, true
	}
	return changed, nil
}

// smallFile reads a file of less than limit bytes; for a larger one it returns nil.
func smallFile(root *os.Root, name string, limit int64) ([]byte, error) {
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
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, limit))
}

// cut is the part of a file that a reference names; length 0 means up to the
// end.
func cut(data []byte, e *onnx.External) ([]byte, error) {
	size := int64(len(data))
	if e.Offset < 0 || e.Offset > size || e.Length < 0 || e.Length > size-e.Offset {
		return nil, fmt.Errorf("%s is too short: the model needs %d bytes from byte %d on, but the file has %d", e.Location, e.Length, e.Offset, size)
	}
	if e.Length == 0 {
		return data[e.Offset:], nil
	}
	return data[e.Offset : e.Offset+e.Length], nil
}
