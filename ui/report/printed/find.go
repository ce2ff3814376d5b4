package printed

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"picasso/backend/picture"
)

// Bounds of a search for results.
const (
	mostEntries = 1_000_000 // looked at
	mostDepth   = 16        // folders in folders
	// MostPages is the most pages of one report, in all of its parts.
	MostPages = 10_000
)

// Find lists the folders of results in the order of their paths' names: a folder
// with a result.json itself, or those in it. A folder without any is an error.
func Find(ctx context.Context, paths []string) ([]string, error) {
	var all []string
	for _, path := range paths {
		found, err := below(ctx, path)
		if err != nil {
			return nil, err
		}
		if len(found) == 0 {
			return nil, fmt.Errorf("%s: there is no %s in this folder or those in it; name the folder that `picasso explain --out` wrote", picture.Said(path), picture.ResultFile)
		}
		if all = append(all, found...); len(all) > MostPages {
			return nil, fmt.Errorf("%s: there are results of more than %d pictures; make a report of fewer folders", picture.Said(path), MostPages)
		}
	}
	return all, nil
}

// below walks one folder, whose links to other folders are not followed.
func below(ctx context.Context, root string) ([]string, error) {
	if root = filepath.Clean(root); filepath.Base(root) == picture.ResultFile {
		root = filepath.Dir(root)
	}
	if resolved, err := filepath.EvalSymlinks(root); err == nil {
		root = resolved
	}
	if info, err := os.Stat(root); err != nil || !info.IsDir() {
		return nil, fmt.Errorf("%s: this is no folder; name the folder that `picasso explain --out` wrote", picture.Said(root))
	}
	var found []string
	looked := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		looked++
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			return fmt.Errorf("%s: the folder cannot be read; check its permissions", picture.Said(path))
		case looked > mostEntries || len(found) > MostPages:
			return fmt.Errorf("%s: the folder holds too many files to search; name the folders of results in it", picture.Said(root))
		case !d.IsDir():
			return nil
		case path != root && strings.HasPrefix(d.Name(), "."):
			return fs.SkipDir
		}
		if _, err := os.Lstat(filepath.Join(path, picture.ResultFile)); err == nil {
			found = append(found, path)
			return fs.SkipDir
		}
		if rel, err := filepath.Rel(root, path); err != nil || strings.Count(rel, string(filepath.Separator)) >= mostDepth {
			return fs.SkipDir
		}
		return nil
	})
	return found, err
}
