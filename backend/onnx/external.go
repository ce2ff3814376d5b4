package onnx

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// openExternal opens a file that the model names as a place of weights. The
// name comes from the model, so it is not trusted: it must be relative and
// stay, links included, inside the folder of the model or, where the model
// itself is a link, the folder it points to.
func (m *Model) openExternal(location string) (*os.File, fs.FileInfo, error) {
	if m.Path == "" {
		return nil, nil, ErrElsewhere
	}
	if err := checkLocation(location); err != nil {
		return nil, nil, err
	}
	f, info, err := openWithin(m.folder(), location)
	if err == nil {
		return f, info, nil
	}
	if real, failed := filepath.EvalSymlinks(m.Path); failed == nil && filepath.Dir(real) != filepath.Clean(m.folder()) {
		if f, info, err := openWithin(filepath.Dir(real), location); err == nil {
			return f, info, nil
		}
	}
	return nil, nil, err
}

// maxLocation is the longest path that any of the systems takes.
const maxLocation = 4096

// checkLocation refuses names that lead out of the folder by themselves.
func checkLocation(location string) error {
	slashed := strings.ReplaceAll(location, `\`, "/")
	refused := func(why string) error {
		return &FileError{
			Fault:  fmt.Sprintf("keeps weights in %.160q, which %s; nothing outside the model's folder is read", location, why),
			Remedy: "Export the model again with its weights in the same folder.",
		}
	}
	switch {
	case location == "":
		return refused("names no file")
	case strings.ContainsRune(location, 0), len(location) > maxLocation:
		return refused("is not a file name")
	case strings.HasPrefix(slashed, "/"), filepath.IsAbs(location), filepath.VolumeName(location) != "":
		return refused("is an absolute path")
	}
	for part := range strings.SplitSeq(slashed, "/") {
		if part == ".." {
			return refused("leaves the folder")
		}
	}
	return nil
}

// openWithin opens a regular file below folder; links may not lead out of it.
func openWithin(folder, location string) (*os.File, fs.FileInfo, error) {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, nil, err
	}
	defer root.Close()
	f, info, err := openRegular(filepath.FromSlash(location), root.Stat, root.Open)
	if err == nil {
		return f, info, nil
	}
	return nil, nil, &FileError{
		Fault:  fmt.Sprintf("keeps weights in %.160q, which %s", location, reason(err)),
		Remedy: fmt.Sprintf("Put %.160q into the folder of the model, under that name.", filepath.Base(filepath.FromSlash(location))),
		Err:    err,
	}
}

// reason is the clause that says why a file of weights could not be opened.
func reason(err error) string {
	file := asFile(err)
	if strings.Contains(err.Error(), "escapes") {
		return "is a link that leads out of the model's folder"
	}
	return file.Fault
}

// External lists the files beside the model that hold weights, each once, in
// the order of first use.
func (m *Model) External() []string {
	var names []string
	seen := map[string]bool{}
	m.eachTensor(func(t *Tensor) {
		if t.External != nil && !seen[t.External.Location] {
			seen[t.External.Location] = true
			names = append(names, t.External.Location)
		}
	})
	return names
}
