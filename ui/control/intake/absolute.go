package intake

import "path/filepath"

// Absolute makes paths that mean the same wherever the program starts next.
func Absolute(paths []string) []string {
	out := make([]string, len(paths))
	for i, p := range paths {
		out[i] = p
		if abs, err := filepath.Abs(p); err == nil {
			out[i] = abs
		}
	}
	return out
}
