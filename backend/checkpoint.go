package backend

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"picasso/backend/files"
	"picasso/backend/metadata"
)

// NewestModel is the model that a path stands for: the file itself, or for a
// folder, such as one of checkpoints, the .onnx file in it that was written
// last. Of files written at the same time the last by name is taken. A folder
// without models is an error; a path that is no folder is given back as it is.
func NewestModel(path string) (string, error) {
	info, err := os.Stat(path)
	if err != nil || !info.IsDir() {
		return path, nil // opening it says what is wrong
	}
	return newest(path, "")
}

// NewestBeside is the .onnx file in a folder that was written last, of those that are
// not except.
func NewestBeside(folder, except string) (string, error) { return newest(folder, except) }

func newest(path, except string) (string, error) {
	entries, err := os.ReadDir(path)
	if err != nil {
		return "", metadata.ModelError(path, fmt.Sprintf("cannot be read: %v", files.Innermost(err)), "Give the path of the model itself.")
	}
	last, name := int64(0), ""
	for _, e := range entries {
		if !strings.EqualFold(filepath.Ext(e.Name()), ".onnx") || filepath.Join(path, e.Name()) == filepath.Clean(except) {
			continue
		}
		info, err := os.Stat(filepath.Join(path, e.Name())) // through links
		if err != nil || !info.Mode().IsRegular() {
			continue
		}
		if at := info.ModTime().UnixNano(); name == "" || at >= last {
			last, name = at, e.Name()
		}
	}
	if name == "" && except != "" {
		return "", metadata.ModelError(path, "holds no other .onnx file than "+filepath.Base(except), "Wait for the next one, or choose a file.")
	}
	if name == "" {
		return "", metadata.ModelError(path, "is a folder without .onnx files", "Export the model into it, or choose another folder.")
	}
	return filepath.Join(path, name), nil
}
