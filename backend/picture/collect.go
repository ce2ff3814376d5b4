package picture

import (
	"context"
	"path/filepath"

	"picasso/backend/picture/dicom"
)

// Collection is what a list of files holds: scans by series, and the rest.
type Collection struct {
	Series []*Series
	Others []string // files that are no scans, or scans that cannot be read, in their order
}

// Collect finds the scans among files, whatever their names, and sorts their
// slices into series. A DICOMDIR stands for its folder. step, which may be nil,
// is told how many files were read. The error is ctx's.
func Collect(ctx context.Context, files []string, step func(int)) (Collection, error) {
	var c Collection
	var found []slice
	for i, path := range files {
		if err := ctx.Err(); err != nil {
			return Collection{}, err
		}
		if step != nil {
			step(i)
		}
		more, directory := c.scan(ctx, path)
		found = append(found, more...)
		if directory {
			all, err := openFolder(ctx, filepath.Dir(path), Options{})
			if err != nil {
				c.Others = append(c.Others, path) // opening it tells why
				continue
			}
			c.Series = append(c.Series, all...)
		}
	}
	if len(found) > 0 {
		c.Series = append(c.Series, group(found, Options{})...)
	}
	return c, nil
}

// scan lists the slices of a file; one without any is among the others.
func (c *Collection) scan(ctx context.Context, path string) (found []slice, directory bool) {
	if Sliced(path) {
		if f, err := openFile(path); err == nil {
			defer f.close()
			found, directory, err = f.slices(ctx, Options{})
			if err == nil && len(found) > 0 || directory {
				return found, directory
			}
		}
	}
	c.Others = append(c.Others, path)
	return nil, false
}

// Identity reads what a scan's file says of the patient: name, number, birth
// and dates. Nothing else in the program reads it, and nobody keeps it; it is
// for showing on the user's explicit wish. Files without such data give none.
func Identity(path string) ([]dicom.IdentityLine, error) {
	data, err := scanBytes(path)
	if err != nil || data == nil {
		return nil, err
	}
	var lines []dicom.IdentityLine
	_, err = guardScan(path, func() (*Image, error) {
		f, err := dicom.Parse(data)
		if err != nil {
			return nil, err
		}
		lines = f.Identity()
		return nil, nil
	})
	return lines, err
}
