package onnx

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
)

// FileError says that a file cannot be used as a model: what is wrong with it
// and what the reader can do. Its text names all three.
type FileError struct {
	Path   string // as given to [Open]; "" when the model came from memory
	Fault  string // a clause: "is a web page, not an ONNX model"
	Remedy string // an instruction: "Download the file itself."
	Err    error  // cause, or nil
}

// Error is one line: file, fault, remedy.
func (e *FileError) Error() string {
	name := "the model"
	if e.Path != "" {
		name = filepath.Base(e.Path)
	}
	text := name + " " + e.Fault
	if e.Remedy != "" {
		text += ". " + e.Remedy
	}
	return text
}

// Unwrap returns the cause.
func (e *FileError) Unwrap() error { return e.Err }

// GraphError says that the nodes of a graph do not fit together.
type GraphError struct {
	Graph  string // name of the graph
	Tensor string // the tensor at fault, "" when none
	Node   string // the node at fault as [Node.Label] writes it, "" when none
	Fault  string
}

// Error describes the fault with the names of tensor and node.
func (e *GraphError) Error() string {
	text := e.Fault
	if e.Tensor != "" {
		text = fmt.Sprintf("tensor %.160q %s", e.Tensor, text)
	}
	if e.Node != "" {
		text += " (node " + e.Node + ")"
	}
	return text
}

// ErrElsewhere reports that the elements of a tensor lie in a file that the
// caller did not give.
var ErrElsewhere = errors.New("the elements of the tensor are not in memory")

// ErrTooLarge reports a tensor with more elements than a constant of a graph
// may have when it is read as Go values.
var ErrTooLarge = errors.New("the tensor is too large to be read as a constant")

// fault makes the error of a damaged or unusable file; the path is filled in
// by [Open].
func fault(format string, args ...any) *FileError {
	return &FileError{
		Fault:  fmt.Sprintf(format, args...),
		Remedy: "The file is damaged or incomplete: download or export it again.",
	}
}

// asFile returns the FileError in err, making one where it is another error.
func asFile(err error) *FileError {
	var file *FileError
	if errors.As(err, &file) {
		return file
	}
	reason := err
	if path := (*fs.PathError)(nil); errors.As(err, &path) {
		reason = path.Err // the name stands in the error already
	}
	return &FileError{Fault: "cannot be read: " + reason.Error(), Remedy: "Check the file and the rights on it.", Err: err}
}
