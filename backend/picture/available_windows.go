package picture

import (
	"unsafe"

	"golang.org/x/sys/windows"
)

var globalMemoryStatus = windows.NewLazySystemDLL("kernel32.dll").NewProc("GlobalMemoryStatusEx")

// memoryStatus is MEMORYSTATUSEX.
type memoryStatus struct {
	length, load                             uint32
	total, free                              uint64 // of memory
	totalPage, freePage, totalVirt, freeVirt uint64
	freeExtended                             uint64
}

// freeMemory is the physical memory that no program uses.
func freeMemory() int64 {
	s := memoryStatus{length: uint32(unsafe.Sizeof(memoryStatus{}))}
	if ok, _, _ := globalMemoryStatus.Call(uintptr(unsafe.Pointer(&s))); ok == 0 {
		return unknownMemory
	}
	return int64(s.free)
}
