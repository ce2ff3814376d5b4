// Package discreet keeps out of messages what tells who a patient is.
package discreet

import (
	"path/filepath"
	"strings"

	"picasso/backend/picture"
)

// Text is a message in which the paths among a command's arguments are
// called by what does not tell who a patient is. Errors of the system and of
// models name paths as they were given, or in full.
func Text(text string, args []string) string {
	if text == "" {
		return ""
	}
	for _, arg := range args {
		if _, value, ok := strings.Cut(arg, "="); ok {
			arg = value
		}
		if len(arg) < 3 {
			continue
		}
		for _, path := range spellings(arg) {
			if !strings.Contains(text, path) {
				continue
			}
			text = strings.ReplaceAll(text, path, picture.Said(path))
		}
	}
	return text
}

// spellings are the ways in which a message may write a path: in full first,
// which the others may be parts of.
func spellings(path string) []string {
	out := []string{path, filepath.Clean(path), filepath.ToSlash(path), strings.Join(strings.Fields(path), " ")}
	if full, err := filepath.Abs(path); err == nil {
		out = append([]string{full}, out...)
	}
	return out
}
