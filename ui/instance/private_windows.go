package instance

import (
	"fmt"
	"os"
)

// private trusts the user's own profile, the only place used here: its access
// lists keep others out.
func private(folder string) error {
	if info, err := os.Lstat(folder); err != nil || !info.IsDir() {
		return fmt.Errorf("%s is not a folder", folder)
	}
	return nil
}
