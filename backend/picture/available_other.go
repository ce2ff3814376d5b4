//go:build !linux && !windows

package picture

// freeMemory is not known: the system tells it only to native code.
func freeMemory() int64 { return unknownMemory }
