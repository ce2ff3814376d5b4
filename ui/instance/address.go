package instance

import (
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"
)

// Address is the socket of the program on one screen, in a folder of the
// user's own that is made when missing. screen tells sessions of one user
// apart: a window on another display is of no use to this one.
func Address(screen string) (string, error) {
	folder := os.Getenv("XDG_RUNTIME_DIR")
	if folder == "" || private(folder) != nil {
		cache, err := os.UserCacheDir()
		if err != nil {
			return "", fmt.Errorf("find the user's private folder: %w", err)
		}
		folder = filepath.Join(cache, "picasso", "run")
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return "", fmt.Errorf("create the user's private folder: %w", err)
		}
		if err := private(folder); err != nil {
			return "", err
		}
	}
	h := fnv.New64a()
	h.Write([]byte(screen))
	// Short: addresses of sockets have room for some hundred characters.
	return filepath.Join(folder, fmt.Sprintf("picasso-%x.sock", h.Sum64())), nil
}
