package infer

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
)

// Errors of sessions that callers act upon. They are found with [errors.Is] in
// the sentence that a session returns.
var (
	// ErrOutOfMemory says that the device or the machine had no memory left for
	// this run; a smaller batch may do. See [Halving].
	ErrOutOfMemory = errors.New("out of memory")
	// ErrClosed says that the session was closed before or during the run.
	ErrClosed = errors.New("the model is closed")
)

// NoRuntimeError says that no library to run models with could be loaded:
// where it was looked for, why each place failed, and what to do.
type NoRuntimeError struct {
	Looked []string // "PLACE: why not", in the order tried
	Remedy string
}

func (e *NoRuntimeError) Error() string {
	text := "ONNX Runtime, the library that runs models, could not be loaded"
	if len(e.Looked) > 0 {
		text += ".\nSearched in:\n  " + strings.Join(e.Looked, "\n  ")
	}
	if e.Remedy != "" {
		text += "\n" + e.Remedy
	}
	return text
}

// RunError says that the runtime could not compute a model on what it was
// given.
type RunError struct {
	Model string // name of the file
	Fault string // the runtime's words
}

func (e *RunError) Error() string { return e.Model + " could not be run: " + e.Fault }

// ShapeError says that a tensor does not fit the port of a session.
type ShapeError struct {
	Port string // name of the input
	Want []int  // −1 where any length will do
	Have []int
}

func (e *ShapeError) Error() string {
	return fmt.Sprintf("the model's input %q takes the shape %s, but got %s",
		e.Port, shapeText(e.Want), shapeText(e.Have))
}

// shapeText writes a shape as 1×3×224×224, with "any" for a free length.
func shapeText(shape []int) string {
	if len(shape) == 0 {
		return "of a single number"
	}
	parts := make([]string, len(shape))
	for i, d := range shape {
		parts[i] = fmt.Sprint(d)
		if d < 0 {
			parts[i] = "any"
		}
	}
	return strings.Join(parts, "×")
}

// ChangedError says that a file of weights was changed while a session used it,
// so that what it computes can no longer be trusted.
type ChangedError struct{ Path string }

func (e *ChangedError) Error() string {
	return filepath.Base(e.Path) + " was changed while the model was open, so its answers cannot be trusted. Open it again"
}
