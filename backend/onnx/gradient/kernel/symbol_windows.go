//go:build cgo

package kernel

import (
	"syscall"
	"unsafe"
)

// symbol is a function of a library that is loaded; the library stays loaded.
func symbol(library, name string) (unsafe.Pointer, error) {
	handle, err := syscall.LoadLibrary(library)
	if err != nil {
		return nil, err
	}
	found, err := syscall.GetProcAddress(handle, name)
	if err != nil {
		return nil, err
	}
	return *(*unsafe.Pointer)(unsafe.Pointer(&found)), nil
}
