package picture

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"picasso/backend/picture/dicom"
	"picasso/backend/picture/patient"
)

// finds is what files hold as scans.
type finds struct {
	slices  []slice
	skipped []string
	facts   patient.Facts
	listed  int      // files that directories name
	missing []string // those of them that are not there
}

// openFolder finds the series in a folder.
func openFolder(ctx context.Context, folder string) ([]*Series, error) {
	var f finds
	err := f.walk(ctx, folder)
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil:
		return nil, &Error{Said(folder), "cannot be read: " + cause(err), "check the permissions", err}
	case len(f.slices) == 0 && len(f.missing) > 0:
		return nil, &Error{Said(folder), fmt.Sprintf("holds no pictures: %s", f.lost()), "copy the whole disk, with all its folders", dicom.ErrDamaged}
	case len(f.slices) == 0 && len(f.skipped) > 0:
		fault := fmt.Sprintf("holds %d medical files, none of which can be used; the first: %s", len(f.skipped), f.skipped[0])
		return nil, &Error{Said(folder), fault, "", dicom.ErrDamaged}
	case len(f.slices) == 0:
		return nil, &Error{Said(folder), "holds no DICOM or NIfTI pictures", "choose a folder with a scan", nil}
	}
	return f.series(), nil
}

// series are the series of what was found. What is known of a patient by one
// file holds for all of them.
func (f *finds) series() []*Series {
	for i := range f.slices {
		s := &f.slices[i]
		if i > 0 && s.path == f.slices[i-1].path {
			s.named = f.slices[i-1].named
			continue
		}
		s.named = s.named || f.facts.In(s.path)
	}
	all := group(f.slices)
	all[0].Skipped = f.skipped
	if len(f.missing) > 0 {
		for _, s := range all {
			s.remark("%s", f.lost())
		}
	}
	return all
}

// lost tells of files that a directory names and that are not there.
func (f *finds) lost() string {
	if n := len(f.missing); n == f.listed {
		return fmt.Sprintf("%d files that the DICOMDIR names are missing", n)
	}
	return fmt.Sprintf("%d of %d files that the DICOMDIR names are missing", len(f.missing), f.listed)
}

// walk reads the files in a folder and the folders below.
func (f *finds) walk(ctx context.Context, folder string) error {
	files := 0
	return filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if ctxErr := ctx.Err(); ctxErr != nil {
			return ctxErr
		}
		switch {
		case err != nil && path == folder:
			return err
		case err != nil:
			return nil
		case d.IsDir():
			if rel, err := filepath.Rel(folder, path); err == nil && depth(rel) > maxFolderDepth {
				return fs.SkipDir
			}
			return nil
		case !d.Type().IsRegular():
			return nil
		}
		if files++; files > maxSeriesFiles {
			return fs.SkipAll
		}
		if fault := f.file(path); fault != nil && !errors.Is(fault, dicom.ErrNoPicture) {
			f.skipped = append(f.skipped, withhold(fault).Error())
		}
		return nil
	})
}

func depth(rel string) int {
	n := 0
	for rel != "." && rel != "" && rel != string(filepath.Separator) {
		rel = filepath.Dir(rel)
		n++
	}
	return n
}

// file adds what a file holds, whatever its name. Files of other kinds hold
// nothing.
func (f *finds) file(path string) error {
	if !Sliced(path) {
		return nil
	}
	data, err := read(path)
	if err != nil {
		return err
	}
	_, err = f.data(path, data)
	return err
}

// data adds what a file in memory holds. directory is true for a DICOMDIR.
func (f *finds) data(path string, data []byte) (directory bool, err error) {
	more, d, err := slicesOf(path, data)
	f.slices = append(f.slices, more...)
	if d == nil {
		return false, err
	}
	d.Tell(&f.facts)
	if !d.Directory() {
		return false, err
	}
	for _, parts := range d.References() {
		if f.listed++; !there(filepath.Dir(path), parts) {
			f.missing = append(f.missing, strings.Join(parts, "/"))
		}
	}
	return true, err
}

// there reports whether a file lies below a folder. Disks have their names in
// capitals; copies may have them in small letters, or with an extension.
func there(folder string, parts []string) bool {
	for i, part := range parts {
		if part == "" || part == "." || part == ".." || strings.ContainsAny(part, `/\`) {
			return false
		}
		exact := filepath.Join(folder, part)
		if _, err := os.Lstat(exact); err == nil {
			folder = exact
			continue
		}
		entries, err := os.ReadDir(folder)
		if err != nil {
			return false
		}
		at := slices.IndexFunc(entries, func(e fs.DirEntry) bool {
			name := e.Name()
			if i == len(parts)-1 {
				name = strings.TrimSuffix(strings.TrimSuffix(strings.ToLower(name), ";1"), ".dcm")
			}
			return strings.EqualFold(name, part)
		})
		if at < 0 {
			return false
		}
		folder = filepath.Join(folder, entries[at].Name())
	}
	return len(parts) > 0
}
