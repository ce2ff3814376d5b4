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
	cut     string   // what a bound of the search left out, in words
	keep    bool     // hurt slices
	hurt    []slice  // of files that tell where they belong and hold no picture
	room    room
}

// openFolder finds the series in a folder.
func openFolder(ctx context.Context, folder string, o Options) ([]*Series, error) {
	var f finds
	err := f.walk(ctx, folder, o)
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
	return f.series(o), nil
}

// series are the series of what was found. What is known of a patient by one
// file holds for all of them.
func (f *finds) series(o Options) []*Series {
	for i := range f.slices {
		s := &f.slices[i]
		if i > 0 && s.path == f.slices[i-1].path {
			s.named = f.slices[i-1].named
			continue
		}
		s.named = s.named || f.facts.In(s.path)
	}
	all := group(f.slices, f.hurt, o)
	all[0].Skipped = f.skipped
	for _, s := range all {
		if len(f.missing) > 0 {
			s.remark("%s", f.lost())
		}
		if f.cut != "" {
			s.remark("%s", f.cut)
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
func (f *finds) walk(ctx context.Context, folder string, o Options) error {
	found, err := Find(ctx, folder)
	if err != nil {
		return err
	}
	f.cut = found.Cut()
	for _, path := range found.Files {
		if err := ctx.Err(); err != nil {
			return err
		}
		if _, fault := f.fresh(ctx, path, o); fault != nil && !errors.Is(fault, dicom.ErrNoPicture) {
			f.skipped = append(f.skipped, withhold(fault).Error())
		}
	}
	return nil
}

// fresh is file for one of a folder: the pixels of a header beside them come with
// that.
func (f *finds) fresh(ctx context.Context, path string, o Options) (directory bool, err error) {
	if !Sliced(path) || headerBeside(path) != "" {
		return false, nil
	}
	return f.file(ctx, path, o)
}

// file adds what a file holds, whatever its name. directory is true for a
// DICOMDIR.
func (f *finds) file(ctx context.Context, path string, o Options) (directory bool, err error) {
	file, err := openFile(path)
	if err != nil {
		return false, err
	}
	defer file.close()
	file.room = &f.room
	return f.take(ctx, file, o)
}

// take adds what an open file holds. Ordinary pictures hold nothing.
func (f *finds) take(ctx context.Context, from *file, o Options) (directory bool, err error) {
	path := from.name
	c, err := await(ctx, func() (content, error) { return from.content(ctx, o) })
	if err != nil {
		return false, err
	}
	more, err := from.places(ctx, c)
	var d *dicom.File
	if s, ok := c.(scanFile); ok {
		d = s.file
	}
	f.slices = append(f.slices, more...)
	if d == nil {
		return false, err
	}
	d.Tell(&f.facts)
	if f.keep && errors.Is(err, dicom.ErrDamaged) {
		f.wounded(path, d, err)
	}
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

// wounded notes a file without picture that tells the place of one.
func (f *finds) wounded(path string, d *dicom.File, fault error) {
	at := dicom.Place(d, 0)
	if at.Series != "" && (at.Geometry.Placed || at.Number != 0) {
		f.hurt = append(f.hurt, slice{path: path, place: at, named: d.Mentions(path), fault: withhold(fault)})
	}
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
