//go:build unix

package instance

import (
	"fmt"
	"os"
	"syscall"
)

// private reports why a folder is not the user's alone: then anybody could
// listen there in the program's place.
func private(folder string) error {
	info, err := os.Lstat(folder)
	if err != nil {
		return err
	}
	owner, ok := info.Sys().(*syscall.Stat_t)
	switch {
	case !info.IsDir():
		return fmt.Errorf("%s is not a folder", folder)
	case info.Mode().Perm()&0o077 != 0:
		return fmt.Errorf("%s can be opened by other users", folder)
	case !ok || int(owner.Uid) != os.Getuid():
		return fmt.Errorf("%s belongs to another user", folder)
	}
	return nil
}
