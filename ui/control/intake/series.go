package intake

import (
	"context"
	"slices"

	"picasso/backend/picture"
)

// Find is [Sort], with the scans among the pictures put into series.
func Find(ctx context.Context, paths []string, found func(int)) (Dropped, error) {
	d, err := Sort(ctx, paths, found)
	if err != nil {
		return d, err
	}
	all, err := picture.Collect(ctx, append(slices.Clone(d.Images), d.Doubtful...), func(i int) {
		if i%100 == 99 {
			found(i + 1)
		}
	})
	d.Images, d.Series = without(all.Others, d.Doubtful), all.Series
	if n := len(d.Doubtful); n > 0 && err == nil && len(d.Models)+len(d.Images)+len(d.Series)+len(d.Problems) == 0 {
		d.Problems = append(d.Problems, &FileError{d.Doubtful[0], "begins like a medical image but is not one; export it again from the archive"})
	}
	return d, err
}

// without leaves out the files that turned out to be no scans after all.
func without(files, doubtful []string) []string {
	not := map[string]bool{}
	for _, path := range doubtful {
		not[path] = true
	}
	return slices.DeleteFunc(files, func(path string) bool { return not[path] })
}

// Pictures are the files of all pictures and series.
func (d Dropped) Pictures() []string {
	files := slices.Clone(d.Images)
	for _, s := range d.Series {
		for i := range s.Len() {
			path, _ := s.Path(i)
			files = append(files, path)
		}
	}
	return files
}
