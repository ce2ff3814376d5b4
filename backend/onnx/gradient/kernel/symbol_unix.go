//go:build cgo && !windows

package kernel

/*
#cgo LDFLAGS: -ldl
#include <dlfcn.h>
#include <stdlib.h>
*/
import "C"

import (
	"fmt"
	"unsafe"
)

// symbol is a function of a library that is loaded; the library stays loaded.
func symbol(library, name string) (unsafe.Pointer, error) {
	path, function := C.CString(library), C.CString(name)
	defer C.free(unsafe.Pointer(path))
	defer C.free(unsafe.Pointer(function))
	handle := C.dlopen(path, C.RTLD_LAZY)
	if handle == nil {
		return nil, fmt.Errorf("%s: %s", library, C.GoString(C.dlerror()))
	}
	found := C.dlsym(handle, function)
	if found == nil {
		return nil, fmt.Errorf("%s has no function %s", library, name)
	}
	return found, nil
}
