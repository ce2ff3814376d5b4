package shuffle

import (
	"fmt"
	"os"
	"path/filepath"

	"picasso/backend/files"
	"picasso/backend/onnx"
)

// store keeps the values of tensors: in memory, or one after another in a file.
type store struct {
	file     *os.File // nil for memory
	location string   // as the model refers to it
	size     int64
}

// newStore begins another file in the folder of d, if it has one. Sessions map
// files while others are still written, hence one file for each time.
func (d *Drawn) newStore() (*store, error) {
	if d.folder == "" {
		return &store{}, nil
	}
	d.files++
	path := filepath.Join(d.folder, fmt.Sprintf("weights-%d", d.files))
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, unwritten(d.folder, 0, err)
	}
	location, err := d.model.Locate(path)
	return &store{file: file, location: location}, err
}

// keep is a tensor like t of another name and with other elements. inGraph keeps it in memory,
// whatever its size.
func (s *store) keep(name string, t *onnx.Tensor, data []byte, inGraph bool) (*onnx.Tensor, error) {
	other := &onnx.Tensor{Name: name, Type: t.Type, Dims: t.Dims}
	if s.file == nil || inGraph || len(data) <= small {
		other.Raw = data
		return other, nil
	}
	if err := files.Append(s.file, data); err != nil {
		return nil, unwritten(filepath.Dir(s.file.Name()), s.size+int64(len(data)), err)
	}
	other.External = &onnx.External{Location: s.location, Offset: s.size, Length: int64(len(data))}
	s.size += int64(len(data))
	pad := -s.size & (aligned - 1)
	if _, err := s.file.Write(make([]byte, pad)); err != nil {
		return nil, unwritten(filepath.Dir(s.file.Name()), s.size, err)
	}
	s.size += pad
	return other, nil
}

const (
	small   = 1 << 10 // bytes up to which a tensor stays in the graph
	aligned = 64      // what the place of a tensor in its file is a multiple of
)

// close ends the file. Closing again does nothing.
func (s *store) close() error {
	if s.file == nil {
		return nil
	}
	file := s.file
	s.file = nil
	if err := file.Close(); err != nil {
		return unwritten(filepath.Dir(file.Name()), s.size, err)
	}
	return nil
}
