package picture

import (
	"context"
	"errors"
	"path/filepath"
	"slices"

	"picasso/backend/picture/dicom"
)

// Collection is what a list of files holds: scans by series, and the rest.
type Collection struct {
	Series []*Series
	Others []string // files that are no scans, or scans that cannot be read, in their order
}

// Collect finds the scans among files, whatever their names, and sorts their
// slices into series. A DICOMDIR stands for its folder. A file of a series that
// holds no picture any more, such as one that was cut off, costs no more than
// itself: it keeps its place, see [Series.Fault]; where it does not tell that
// place, it is among the skipped ones of a series of its folder. step, which may
// be nil, is told how many files were read. The error is ctx's.
func Collect(ctx context.Context, files []string, step func(int)) (Collection, error) {
	var c Collection
	f := finds{keep: true}
	var lost []fault
	for i, path := range files {
		if err := ctx.Err(); err != nil {
			return Collection{}, err
		}
		if step != nil {
			step(i)
		}
		if header := headerBeside(path); header != "" && slices.Contains(files, header) {
			continue // its pixels come with the header
		}
		directory, err := c.scan(ctx, path, &f)
		if err != nil {
			lost = append(lost, fault{path, err})
		}
		if directory {
			all, err := openFolder(ctx, filepath.Dir(path), Options{})
			if err != nil {
				c.Others = append(c.Others, path) // opening it tells why
				continue
			}
			c.Series = append(c.Series, all...)
		}
	}
	if len(f.slices) > 0 {
		f.missing = nil // told by the folders of the directories
		c.Series = append(c.Series, f.series(Options{})...)
	}
	c.place(lost, files)
	return c, nil
}

// fault is a file that looks like a scan and holds none.
type fault struct {
	path string
	err  error
}

// scan takes the slices of a file; one without any is among the others, but for
// one that is damaged.
func (c *Collection) scan(ctx context.Context, path string, f *finds) (directory bool, err error) {
	if Sliced(path) {
		before := len(f.slices)
		directory, err := f.file(ctx, path, Options{})
		switch {
		case err == nil && len(f.slices) > before || directory:
			return directory, nil
		case errors.Is(err, dicom.ErrDamaged):
			return false, err
		}
	}
	c.Others = append(c.Others, path)
	return false, nil
}

// place puts damaged files where they belong: into a series, with the skipped
// ones of a series of their folder, or among the others, in their order.
func (c *Collection) place(lost []fault, files []string) {
	placed, folders := map[string]bool{}, map[string]*Series{}
	for _, s := range c.Series {
		for _, at := range s.slices {
			placed[at.path] = true
			if folder := filepath.Dir(at.path); folders[folder] == nil {
				folders[folder] = s
			}
		}
	}
	for _, l := range lost {
		s := folders[filepath.Dir(l.path)]
		switch {
		case placed[l.path]:
		case s != nil:
			s.Skipped = append(s.Skipped, withhold(l.err).Error())
		default:
			c.Others = append(c.Others, l.path)
		}
	}
	order := make(map[string]int, len(files))
	for i, path := range files {
		order[path] = i
	}
	slices.SortStableFunc(c.Others, func(a, b string) int { return order[a] - order[b] })
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

// scanBytes are those of a DICOM file, unpacked; nil for files of other kinds.
func scanBytes(path string) ([]byte, error) {
	if head, err := Beginning(path); err != nil || !MayBeScan(head) {
		return nil, err
	}
	f, err := openFile(path)
	if err != nil {
		return nil, err
	}
	defer f.close()
	if !dicom.Sniff(f.head) {
		return nil, nil
	}
	return f.all(context.Background(), DefaultMemory)
}
