//go:build cgo && !linux

package ort

// keepFreed does nothing: the C library decides by itself.
func keepFreed(bool) {}

// returnFreed does nothing.
func returnFreed() {}
