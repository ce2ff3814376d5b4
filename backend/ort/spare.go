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
	shapes string              // of the inputs
	values []onnxruntime.Value // by output, nil where there is none
	closed bool
}

// take hands out what there is for inputs of these shapes; some reports whether
// there is anything.
func (s *spare) take(shapes string, outputs int) (values []onnxruntime.Value, some bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	values = make([]onnxruntime.Value, outputs)
	if s.shapes != shapes {
		return values, false
	}
	for i, v := range s.values {
		values[i], s.values[i] = v, nil
		some = some || v != nil
	}
	return values, some
}

// put takes a value back. One per output is kept, for the newest shapes.
func (s *spare) put(shapes string, output, outputs int, v onnxruntime.Value) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.shapes != shapes || len(s.values) != outputs {
		destroy(s.values)
		s.shapes, s.values = shapes, make([]onnxruntime.Value, outputs)
	}
	if s.closed || s.values[output] != nil {
		_ = v.Destroy()
		return
	}
	s.values[output] = v
}

// drop frees everything, now and from now on.
func (s *spare) drop() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.shrink()
}

// shrink frees everything there is.
func (s *spare) shrink() {
	s.mu.Lock()
	defer s.mu.Unlock()
	destroy(s.values)
	clear(s.values)
}

// bytes is the size of what there is.
func (s *spare) bytes() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	var n int64
	for _, v := range s.values {
		if v != nil {
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
