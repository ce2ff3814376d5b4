//go:build cgo && !linux

package ort

// returnFreed does nothing: the C library decides by itself.
func returnFreed() {}
