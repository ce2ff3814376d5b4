package words

import (
	"os"
	"path/filepath"
	"strings"
)

// longestFolder is the number of characters of a folder beside the name of a file.
const longestFolder = 48

// Path is a path for a menu: the file first, then its folder, in which the
// user's own is ~, and of a long one the end, which tells more.
func Path(path string) string {
	folder := filepath.Dir(path)
	if home, err := os.UserHomeDir(); err == nil && home != "" {
		if below, ok := strings.CutPrefix(folder, home); ok && (below == "" || os.IsPathSeparator(below[0])) {
			folder = "~" + below
		}
	}
	if letters := []rune(folder); len(letters) > longestFolder {
		rest := string(letters[len(letters)-longestFolder:])
		if _, below, ok := strings.Cut(rest, string(filepath.Separator)); ok {
			rest = below
		}
		folder = "…" + string(filepath.Separator) + rest
	}
	return filepath.Base(path) + "  —  " + folder
}
