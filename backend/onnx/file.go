package onnx

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// maxData bounds the elements of one tensor that are read into memory at once.
// Protocol Buffers allow no file beyond 2 GiB.
const maxData = 2 << 30

// stamp tells one state of a file from another, so that weights are not read
// from a file that was replaced since its graph was decoded.
type stamp struct {
	size    int64
	changed time.Time
}

func stampOf(info fs.FileInfo) stamp { return stamp{info.Size(), info.ModTime()} }

// Open reads header and graph of a model file. Weights stay in the file: each
// tensor of more than 1 KiB is a [Span]. A file that is not a usable model
// gives a *[FileError] that says what the file is and what to do.
func Open(path string) (*Model, error) {
	m, err := open(path)
	if err != nil {
		file := asFile(err)
		file.Path = path
		return nil, file
	}
	m.Path = path
	if err := m.Check(); err != nil {
		return nil, err
	}
	return m, nil
}

func open(path string) (*Model, error) {
	f, info, err := openRegular(path, os.Stat, func(p string) (*os.File, error) { return os.Open(p) })
	if err != nil {
		return nil, err
	}
	defer f.Close()
	head := make([]byte, headSize)
	n, err := io.ReadFull(io.NewSectionReader(f, 0, info.Size()), head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return nil, err
	}
	head = head[:n]
	if kind, remedy := Identify(head); kind != "" {
		return nil, &FileError{Fault: "is " + kind + ", not an ONNX model", Remedy: remedy}
	}
	m, err := decode(&source{file: f, size: info.Size()})
	if err != nil {
		return nil, unlike(head, err)
	}
	if m.Graph == nil {
		return nil, withoutGraph(m)
	}
	m.stamp = stampOf(info)
	return m, nil
}

// unlike improves the error of bytes that do not even begin as a model does.
func unlike(head []byte, err error) error {
	const irVersion = 1<<3 | byte(varint)
	if len(head) > 0 && head[0] != irVersion {
		return &FileError{
			Fault:  "is not an ONNX model, and its content is of no known kind",
			Remedy: "Choose a file that was exported as ONNX, or download it again.",
			Err:    err,
		}
	}
	return err
}

// withoutGraph is the error of a file that reads as Protocol Buffers but has
// no graph where a model has it.
func withoutGraph(m *Model) error {
	e := &FileError{Fault: "holds no ONNX graph", Remedy: "Export the model to ONNX again and choose the resulting .onnx file."}
	if m.IRVersion == 1 && len(m.Opsets) == 0 {
		e.Fault = "is not an ONNX model; it looks like a TensorFlow SavedModel"
		e.Remedy = "Convert it to ONNX (with tf2onnx, for example) and open the result."
	}
	return e
}

// openRegular opens a regular file and nothing else: opening a pipe would
// wait for ever, a device may never end.
func openRegular(name string, stat func(string) (fs.FileInfo, error), open func(string) (*os.File, error)) (*os.File, fs.FileInfo, error) {
	info, err := stat(name)
	if err != nil {
		return nil, nil, missing(err)
	}
	if info.IsDir() {
		return nil, nil, &FileError{Fault: "is a folder, not a file", Remedy: "Choose the .onnx file inside it."}
	}
	if !info.Mode().IsRegular() {
		return nil, nil, &FileError{Fault: "is a device or a pipe, not a file", Remedy: "Choose a regular file."}
	}
	f, err := open(name)
	if err != nil {
		return nil, nil, missing(err)
	}
	if info, err = f.Stat(); err == nil && !info.Mode().IsRegular() {
		err = &FileError{Fault: "is a device or a pipe, not a file", Remedy: "Choose a regular file."}
	}
	if err != nil {
		f.Close()
		return nil, nil, err
	}
	return f, info, nil
}

// missing turns the commonest errors of the operating system into words.
func missing(err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return &FileError{Fault: "does not exist", Remedy: "Check the name and the folder.", Err: err}
	case errors.Is(err, fs.ErrPermission):
		return &FileError{Fault: "cannot be read by this user", Remedy: "Change the rights on the file.", Err: err}
	}
	return err
}

// Data returns the elements of a tensor as little-endian bytes: from memory,
// from the model's own file, or from the file beside it that the tensor names.
// Nothing outside the model's folder is read. The caller must not change the
// bytes.
func (m *Model) Data(t *Tensor) ([]byte, error) {
	switch {
	case t.External != nil:
		return m.external(t)
	case t.Span != nil:
		return m.own(t)
	}
	return t.Raw, nil
}

// Stream gives the elements of a tensor as [Model.Data] does, to be read from the
// first to the last; size is their length in bytes.
func (m *Model) Stream(t *Tensor) (elements io.ReadCloser, size int64, err error) {
	switch {
	case t.External != nil:
		return m.externalStream(t)
	case t.Span != nil:
		return m.ownStream(t)
	}
	return io.NopCloser(bytes.NewReader(t.Raw)), int64(len(t.Raw)), nil
}

// part is a range of a file.
type part struct {
	io.Reader
	io.Closer
}

// own reads a span of the model's file.
func (m *Model) own(t *Tensor) ([]byte, error) {
	f, n, err := m.ownStream(t)
	if err != nil {
		return nil, err
	}
	return readAll(f, n, t)
}

func (m *Model) ownStream(t *Tensor) (io.ReadCloser, int64, error) {
	if m.Path == "" {
		return nil, 0, fmt.Errorf("tensor %.160q: %w", t.Name, ErrElsewhere)
	}
	f, info, err := openRegular(m.Path, os.Stat, os.Open)
	if err != nil {
		return nil, 0, m.fileError(err)
	}
	if stampOf(info) != m.stamp {
		f.Close()
		return nil, 0, m.changed()
	}
	return section(f, info.Size(), t, t.Span.Offset, t.Span.Length)
}

func (m *Model) changed() error {
	return &FileError{Path: m.Path, Fault: "has changed since it was opened", Remedy: "Open it again."}
}

// Unchanged reports, as a *[FileError], that the file, or one beside it with
// weights, is no longer the one that the model was read from. Models in memory do
// not change.
func (m *Model) Unchanged() error {
	if m.Path == "" {
		return nil
	}
	info, err := os.Stat(m.Path)
	if err != nil {
		return m.fileError(missing(err))
	}
	if stampOf(info) != m.stamp {
		return m.changed()
	}
	for location, before := range m.beside {
		f, info, err := m.openExternal(location)
		if err != nil {
			return m.fileError(err)
		}
		f.Close()
		if stampOf(info) != before {
			return &FileError{Path: location, Fault: "has changed since the model was opened", Remedy: "Open the model again."}
		}
	}
	return nil
}

func (m *Model) fileError(err error) error {
	file := asFile(err)
	file.Path = m.Path
	return file
}

// external reads the range of another file that the tensor names.
func (m *Model) external(t *Tensor) ([]byte, error) {
	f, n, err := m.externalStream(t)
	if err != nil {
		return nil, err
	}
	data, err := readAll(f, n, t)
	if err != nil {
		return nil, m.fileError(err)
	}
	return data, nil
}

func (m *Model) externalStream(t *Tensor) (io.ReadCloser, int64, error) {
	f, info, err := m.openExternal(t.External.Location)
	if err != nil {
		return nil, 0, m.fileError(err)
	}
	size := t.External.Length
	if size == 0 {
		if size = t.Elements() * int64(t.Type.Size()); size == 0 {
			size = info.Size() - t.External.Offset
		}
	}
	r, n, err := section(f, info.Size(), t, t.External.Offset, size)
	if err != nil {
		return nil, 0, m.fileError(err)
	}
	return r, n, nil
}

// section is n bytes of a file of some size, which is closed with it, or where it has not
// so many.
func section(f *os.File, size int64, t *Tensor, offset, n int64) (io.ReadCloser, int64, error) {
	if n < 0 || offset < 0 || offset > size || n > size-offset {
		f.Close()
		return nil, 0, fault("keeps tensor %.160q in bytes %d to %d of a file of %d bytes", t.Name, offset, offset+n, size)
	}
	return part{io.NewSectionReader(f, offset, n), f}, n, nil
}

// readAll reads n bytes and closes the file.
func readAll(f io.ReadCloser, n int64, t *Tensor) ([]byte, error) {
	defer f.Close()
	if n > maxData {
		return nil, fmt.Errorf("tensor %.160q: %w", t.Name, ErrTooLarge)
	}
	data := make([]byte, n)
	if _, err := io.ReadFull(f, data); err != nil {
		return nil, fmt.Errorf("read tensor %.160q: %w", t.Name, err)
	}
	return data, nil
}

// folder is where external data of the model lie.
func (m *Model) folder() string {
	if m.root != "" {
		return m.root
	}
	return filepath.Dir(m.Path)
}
