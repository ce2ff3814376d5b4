package picture

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Bounds of a search in a folder.
const (
	MaxFiles = 100_000 // that are looked at
	MaxDepth = 8       // levels of folders below the one that is searched
)

// ResultFile lies in every folder of results that the program writes.
const ResultFile = "result.json"

// Found are the files in a folder and in the folders below, by name, folder by
// folder.
type Found struct {
	Files  []string
	Unread []error // folders and files that cannot be read, each a *[fs.PathError]
	More   bool    // there are more than [MaxFiles]
	Deeper bool    // there are folders more than [MaxDepth] levels down
}

// Cut says in words what a bound left out, "" where nothing was.
func (f Found) Cut() string {
	switch {
	case f.More:
		return fmt.Sprintf("the folder holds more than %d files; the others are left out", MaxFiles)
	case f.Deeper:
		return fmt.Sprintf("the folder holds folders more than %d levels down, which are left out", MaxDepth)
	}
	return ""
}

// Find lists the files in a folder and below: plain files and links to them.
// Links to folders are not followed, so that a search ends; names that begin
// with a dot are left out, and folders of results that the program itself wrote,
// which are full of pictures. This is the only rule for folders, in the window and
// on the command line. The error is that of the folder itself, or ctx's.
func Find(ctx context.Context, folder string) (Found, error) { return find(ctx, folder, MaxFiles) }

func find(ctx context.Context, folder string, most int) (Found, error) {
	var f Found
	looked := 0
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if ctxErr := ctx.Err(); ctxErr != nil {
			return ctxErr
		}
		switch {
		case err != nil && path == folder:
			return err
		case err != nil:
			f.Unread = append(f.Unread, unread(path, err))
			return nil
		case path == folder:
			return nil
		case d.IsDir():
			return f.enter(folder, path, d)
		case strings.HasPrefix(d.Name(), ".") || !plain(path, d):
			return nil
		case looked == most:
			f.More = true
			return fs.SkipAll
		}
		looked++
		f.Files = append(f.Files, path)
		return nil
	})
	return f, err
}

// enter decides whether a folder is searched.
func (f *Found) enter(root, path string, d fs.DirEntry) error {
	if strings.HasPrefix(d.Name(), ".") {
		return fs.SkipDir
	}
	if _, err := os.Stat(filepath.Join(path, ResultFile)); err == nil {
		return fs.SkipDir
	}
	rel, err := filepath.Rel(root, path)
	if err != nil || strings.Count(rel, string(filepath.Separator)) >= MaxDepth {
		f.Deeper = true
		return fs.SkipDir
	}
	return nil
}

// plain tells whether an entry is a plain file, or a link to one.
func plain(path string, d fs.DirEntry) bool {
	if d.Type()&fs.ModeSymlink == 0 {
		return d.Type().IsRegular()
	}
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

func unread(path string, err error) error {
	var known *fs.PathError
	if errors.As(err, &known) {
		return err
	}
	return &fs.PathError{Op: "read", Path: path, Err: err}
}
