//go:build cgo && !linux

package ort

// keepMore does nothing: the C library decides by itself.
func keepMore() {}

// returnFreed does nothing.
func returnFreed() {}
