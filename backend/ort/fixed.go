//go:build cgo

package ort

// #include <stdlib.h>
import "C"

import (
	"fmt"
	"sync"
	"unsafe"

	onnxruntime "github.com/yalue/onnxruntime_go"

	"picasso/backend/cores"
	"picasso/backend/infer"
)

// fixed are the inputs that a session gives to every run by itself. Their memory is the C
// library's, where the weights that the runtime holds lie too.
type fixed struct {
	values []onnxruntime.Value
	memory []unsafe.Pointer
	bytes  int64
}

// fill makes them, on all cores.
func fill(list []infer.Fixed, ports []infer.Port) (*fixed, error) {
	f := &fixed{values: make([]onnxruntime.Value, len(list)), memory: make([]unsafe.Pointer, len(list))}
	errs := make([]error, len(list))
	free := make(chan struct{}, cores.Usable())
	var wait sync.WaitGroup
	for i := range list {
		f.bytes += 4 * int64(infer.Elements(ports[i].Shape))
		free <- struct{}{}
		wait.Go(func() {
			defer func() { <-free }()
			errs[i] = f.make(i, list[i], ports[i])
		})
	}
	wait.Wait()
	for _, err := range errs {
		if err != nil {
			f.destroy()
			return nil, err
		}
	}
	return f, nil
}

// make makes input i.
func (f *fixed) make(i int, give infer.Fixed, p infer.Port) (err error) {
	n := infer.Elements(p.Shape)
	if n < 1 {
		return fmt.Errorf("input %q has the shape %v", p.Name, p.Shape)
	}
	if f.memory[i] = C.malloc(C.size_t(n) * 4); f.memory[i] == nil {
		return infer.ErrOutOfMemory
	}
	data := unsafe.Slice((*float32)(f.memory[i]), n)
	if err = give(data); err == nil {
		f.values[i], err = tensorOf(longs(p.Shape), data)
	}
	return err
}

// destroy frees the inputs; of nil it does nothing.
func (f *fixed) destroy() {
	if f == nil {
		return
	}
	destroy(f.values)
	for _, p := range f.memory {
		C.free(p)
	}
}

// split takes what a session fills by itself from the end of a graph's inputs.
func split(ports []infer.Port, fixed int) (asked, own []infer.Port, err error) {
	if fixed > len(ports) {
		return nil, nil, fmt.Errorf("the model has %d inputs, of which %d are to be filled", len(ports), fixed)
	}
	return ports[:len(ports)-fixed], ports[len(ports)-fixed:], nil
}
