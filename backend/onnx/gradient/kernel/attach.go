//go:build cgo

package kernel

/*
#cgo CFLAGS: -O3
#include <stdlib.h>
#include "runtime.h"

OrtStatus *picasso_domain(const OrtApiBase *base, const char *name, const OrtApi **api, OrtDomain **domain);
int picasso_attach(const OrtApi *api, void *options, OrtDomain *domain);

typedef const OrtApiBase *(CALL *GetBase)(void);
static OrtStatus *picasso_domain_of(void *get, const char *name, const OrtApi **api, OrtDomain **domain) {
	return picasso_domain(((GetBase)get)(), name, api, domain);
}
*/
import "C"

import (
	"errors"
	"unsafe"
)

// Operators are ready for sessions.
type Operators struct {
	api    *C.OrtApi
	domain *C.OrtDomain
}

// ErrNone says that the runtime cannot have our operators.
var ErrNone = errors.New("this runtime takes no operators of ours")

// New makes the operators ready for a runtime that is loaded: library is its file. They
// stay until the process ends.
func New(library string) (*Operators, error) {
	base, err := symbol(library, "OrtGetApiBase")
	if err != nil {
		return nil, err
	}
	name := C.CString(Domain)
	defer C.free(unsafe.Pointer(name))
	o := &Operators{}
	if status := C.picasso_domain_of(base, name, &o.api, &o.domain); status != nil || o.api == nil {
		return nil, ErrNone
	}
	return o, nil
}

// API is the runtime's OrtApi in C; nil of nil.
func (o *Operators) API() unsafe.Pointer {
	if o == nil {
		return nil
	}
	return unsafe.Pointer(o.api)
}

// Attach lets sessions that are made with some options, OrtSessionOptions in C, have the
// operators.
func (o *Operators) Attach(options unsafe.Pointer) error {
	if o == nil || C.picasso_attach(o.api, options, o.domain) == 0 {
		return ErrNone
	}
	return nil
}
