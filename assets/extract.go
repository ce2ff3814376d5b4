package assets

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"picasso/backend/files"
)

// Extract writes the files of a sample into a folder below dir and returns
// that folder, so that they open like any other file. Files that are already
// there and whole are left alone; damaged ones are replaced. A reader never
// sees half a file, also when several programs extract at once.
func Extract(dir string, s Sample) (string, error) {
	source := path.Join("samples", s.Folder)
	folder := filepath.Join(dir, s.Folder)
	err := fs.WalkDir(samples, source, func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			return fmt.Errorf("there is no sample folder %q: %w", s.Folder, err)
		}
		place := filepath.Join(dir, filepath.FromSlash(strings.TrimPrefix(name, "samples/")))
		if e.IsDir() {
			if err := os.MkdirAll(place, 0o755); err != nil {
				return fmt.Errorf("the folder for the sample %s cannot be made; check the disk and the rights of %s: %w", s.Name, dir, err)
			}
			return nil
		}
		data, err := samples.ReadFile(name)
		if err != nil {
			return err
		}
		if err := replace(place, data); err != nil {
			return fmt.Errorf("the sample %s cannot be written; check the disk and the rights of %s: %w", s.Name, folder, err)
		}
		return nil
	})
	if err != nil {
		return "", err
	}
	return folder, nil
}

// replace makes the file hold data, unless it does.
func replace(name string, data []byte) error {
	if whole(name, data) {
		return nil
	}
	if info, err := os.Lstat(name); err == nil && info.Mode()&fs.ModeSymlink != 0 {
		if err := os.Remove(name); err != nil { // what a link leads to is not ours
			return err
		}
	}
	return files.Write(name, data, 0o644)
}

// whole reports whether the file already is a plain file with these contents.
func whole(name string, data []byte) bool {
	info, err := os.Lstat(name)
	if err != nil || !info.Mode().IsRegular() || info.Size() != int64(len(data)) {
		return false
	}
	old, err := os.ReadFile(name)
	return err == nil && bytes.Equal(old, data)
}
