package printed

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"picasso/backend/picture"
	"picasso/ui/report"
)

// Bounds of a search for results.
const (
	mostEntries = 1_000_000 // looked at
	mostDepth   = 16        // folders in folders
	// MostPages is the most pages of one report, in all of its parts.
	MostPages = 10_000
)

// results are the files that tell what a folder holds: of one model, or of two.
var results = []string{picture.ResultFile, report.ComparedFile}

// Find lists the files of results in the order of their paths' names: the
// result.json and the compare.json of a folder itself, or those in it. A folder
// without any is an error.
func Find(ctx context.Context, paths []string) ([]string, error) {
	var all []string
	for _, path := range paths {
		found, err := below(ctx, path)
		if err != nil {
			return nil, err
		}
		if len(found) == 0 {
			return nil, fmt.Errorf("%s: there is no %s in this folder or those in it; name the folder that `picasso explain --out` or `picasso compare --out` wrote", picture.Said(path), strings.Join(results, " and no "))
		}
		if all = append(all, found...); len(all) > MostPages {
			return nil, fmt.Errorf("%s: there are results of more than %d pictures; make a report of fewer folders", picture.Said(path), MostPages)
		}
	}
	return all, nil
}

// below walks one folder, whose links to other folders are not followed.
func below(ctx context.Context, root string) ([]string, error) {
	if root = filepath.Clean(root); slices.Contains(results, filepath.Base(root)) {
		root = filepath.Dir(root)
	}
	if resolved, err := filepath.EvalSymlinks(root); err == nil {
		root = resolved
	}
	if info, err := os.Stat(root); err != nil || !info.IsDir() {
		return nil, fmt.Errorf("%s: this is no folder; name the folder that `picasso explain --out` or `picasso compare --out` wrote", picture.Said(root))
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
		before := len(found)
		for _, name := range results {
			if _, err := os.Lstat(filepath.Join(path, name)); err == nil {
				found = append(found, filepath.Join(path, name))
			}
		}
		if len(found) > before {
			return fs.SkipDir
		}
		if rel, err := filepath.Rel(root, path); err != nil || strings.Count(rel, string(filepath.Separator)) >= mostDepth {
			return fs.SkipDir
		}
		return nil
	})
	return found, err
}
