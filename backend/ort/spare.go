//go:build cgo

package ort

import (
	"fmt"
	"strings"
	"sync"

	onnxruntime "github.com/yalue/onnxruntime_go"

	"picasso/backend/onnx"
)

// spare holds outputs of earlier runs that nobody reads any more. A run with
// inputs of the same shapes writes into them: for a run whose outputs are all
// activations of a network, allocating and copying them would take longer than
// half of the computation.
type spare struct {
	mu     sync.Mutex
	shapes string                // of the inputs
	values [][]onnxruntime.Value // by output, at most spares of each
	closed bool
}

// spares is the number of runs beside each other whose outputs are held.
const spares = 2

// take hands out what there is for inputs of these shapes; some reports whether
// there is anything.
func (s *spare) take(shapes string, outputs int) (values []onnxruntime.Value, some bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	values = make([]onnxruntime.Value, outputs)
	if s.shapes != shapes {
		return values, false
	}
	for i, left := range s.values {
		if n := len(left); n > 0 {
			values[i], s.values[i], some = left[n-1], left[:n-1], true
		}
	}
	return values, some
}

// put takes a value back, for the newest shapes.
func (s *spare) put(shapes string, output, outputs int, v onnxruntime.Value) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.shapes != shapes || len(s.values) != outputs {
		s.clear()
		s.shapes, s.values = shapes, make([][]onnxruntime.Value, outputs)
	}
	if s.closed || len(s.values[output]) == spares {
		_ = v.Destroy()
		return
	}
	s.values[output] = append(s.values[output], v)
}

// drop frees everything, now and from now on.
func (s *spare) drop() {
	s.mu.Lock()
	s.closed = true
	s.clear()
	s.mu.Unlock()
}

// shrink frees everything there is.
func (s *spare) shrink() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clear()
}

// clear frees everything. s.mu is held.
func (s *spare) clear() {
	for _, left := range s.values {
		destroy(left)
	}
	clear(s.values)
}

// bytes is the size of what there is.
func (s *spare) bytes() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	var n int64
	for _, left := range s.values {
		for _, v := range left {
			n += v.GetShape().FlattenedSize() * int64(onnx.DataType(v.DataType()).Size())
		}
	}
	return n
}

// shapesOf writes the shapes of inputs as one text.
func shapesOf(values []onnxruntime.Value) string {
	var text strings.Builder
	for _, v := range values {
		fmt.Fprint(&text, v.GetShape())
	}
	return text.String()
}
