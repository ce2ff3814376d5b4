//go:build !linux

package heap

// large does nothing: the system chooses the size of pages by itself.
func large(int) {}
