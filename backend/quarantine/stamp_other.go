//go:build !linux && !darwin

package quarantine

// stampOf is "": no time of a file that programs cannot set is at hand, so a
// model is recognised by its checksum alone.
func stampOf(string) string { return "" }
