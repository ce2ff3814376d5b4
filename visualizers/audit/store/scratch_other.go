//go:build !windows

package store

import "os"

// scratch is a new file without a name: the system takes it back when it is closed,
// or the process ends.
func scratch() (*os.File, error) {
	f, err := os.CreateTemp("", "picasso-maps-*")
	if err != nil {
		return nil, err
	}
	if err := os.Remove(f.Name()); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}
