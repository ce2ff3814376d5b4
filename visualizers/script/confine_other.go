//go:build !unix

package script

// confineSystem has nothing to do where the parent confines the process.
func confineSystem(int64) error { return nil }
