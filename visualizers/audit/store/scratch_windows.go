package store

import (
	"crypto/rand"
	"os"
	"path/filepath"

	"golang.org/x/sys/windows"
)

// scratch is a new file that the system removes when it is closed, or the process
// ends.
func scratch() (*os.File, error) {
	name := filepath.Join(os.TempDir(), "picasso-maps-"+rand.Text())
	return os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL|windows.FILE_FLAG_DELETE_ON_CLOSE, 0o600)
}
