//go:build cgo && !windows

package workers

// #include "workers.h"
import "C"

import (
	"sync"
	"unsafe"
)

// Held are threads of one session that are held back.
type Held struct {
	gate *C.Gate
	once sync.Once
}

// Hold lets one session that is made with some options, OrtSessionOptions in C, have such
// threads; api is OrtApi.
func Hold(api, options unsafe.Pointer) (*Held, error) {
	if api == nil || options == nil {
		return nil, ErrNone
	}
	gate := C.picasso_gate()
	if gate == nil {
		return nil, ErrNone
	}
	if C.picasso_hold((*C.OrtApi)(api), (*C.OrtOptions)(options), gate) == 0 {
		C.picasso_free(gate)
		return nil, ErrNone
	}
	return &Held{gate: gate}, nil
}

// Begin lets the threads begin; of nil it does nothing.
func (h *Held) Begin() {
	if h != nil {
		h.once.Do(func() { C.picasso_open(h.gate) })
	}
}

// Free is to be called once the session is no more, or could not be made; of nil it does
// nothing.
func (h *Held) Free() {
	if h != nil {
		C.picasso_free(h.gate)
	}
}
