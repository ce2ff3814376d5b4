package files

import (
	"fmt"
	"os"
	"path/filepath"
)

// OverwriteError says that an output would overwrite an input.
type OverwriteError struct{ Output, Input string }

func (e *OverwriteError) Error() string {
	if e.Output == e.Input {
		return fmt.Sprintf("%s is also read: choose another name for the output", e.Output)
	}
	return fmt.Sprintf("%s is the same file as %s, which is read: choose another name for the output", e.Output, e.Input)
}

// Refuse gives an [*OverwriteError] where one of the outputs is one of the
// inputs, by whatever name or link. Files that are not there are compared by
// where they would be. Folders are no files: results may go to the folder that
// pictures come from.
func Refuse(outputs, inputs []string) error {
	type known struct {
		path string
		info os.FileInfo
	}
	byPlace := make(map[string]string, len(inputs))
	var there []known
	for _, path := range inputs {
		byPlace[place(path)] = path
		if info, err := os.Stat(path); err == nil && !info.IsDir() {
			there = append(there, known{path, info})
		}
	}
	for _, output := range outputs {
		info, err := os.Stat(output)
		if err == nil && info.IsDir() {
			continue
		}
		if input, same := byPlace[place(output)]; same {
			return &OverwriteError{output, input}
		}
		if err != nil {
			continue
		}
		for _, k := range there { // hard links, and file systems that ignore case
			if os.SameFile(info, k.info) {
				return &OverwriteError{output, k.path}
			}
		}
	}
	return nil
}

// place is where a path leads, through links as far as there are files.
func place(path string) string {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return path
	}
	if real, err := filepath.EvalSymlinks(absolute); err == nil {
		return real
	}
	if folder, err := filepath.EvalSymlinks(filepath.Dir(absolute)); err == nil {
		return filepath.Join(folder, filepath.Base(absolute))
	}
	return absolute
}
