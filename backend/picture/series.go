package picture

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"picasso/backend/picture/dicom"
	"picasso/backend/picture/tiff"
	"picasso/backend/regular"
)

// Bounds of a folder that is searched for slices.
const (
	maxSeriesFiles = 20_000
	maxFolderDepth = 6
)

// Series is the slices of a scan in their order: by position along the normal
// where the files tell it, else by number. Slices are read on demand; only the
// file read last is kept. A Series may be used by several goroutines.
type Series struct {
	Name     string // for the user, without patient: "CT, 24 slices"
	Modality string // "CT", "MR", "CR"…, or ""
	Skipped  []string
	// Named says that a path in it tells who the patient is: keep paths out of
	// what leaves the program.
	Named bool

	slices  []slice
	options Options    // of the files
	mu      sync.Mutex // guards what follows
	last    opener
	path    string // of last
	sum     string // of its bytes
}

// slice is where one slice is found.
type slice struct {
	path  string
	place dicom.Placement
	named bool // the path tells who the patient is
}

// opener gives the slices of one file.
type opener func(ctx context.Context, frame int) (*Image, error)

// OpenSeries reads what a path holds as series: a folder with its subfolders,
// a DICOMDIR with its folder, a file of several frames, slices or pages, or a
// single picture of any kind. There is at least one series. Errors are of type
// *[Error], or ctx's.
func OpenSeries(ctx context.Context, path string) ([]*Series, error) {
	return OpenSeriesWith(ctx, path, Options{})
}

// OpenSeriesWith is [OpenSeries] as the options say: of a file with several volumes
// the one that is meant. Their Frame means nothing here.
func OpenSeriesWith(ctx context.Context, path string, o Options) ([]*Series, error) {
	info, err := os.Stat(path)
	if err == nil && info.IsDir() {
		return openFolder(ctx, path, o)
	}
	o.Frame = 0
	f, err := openFile(path)
	if err != nil {
		return nil, err
	}
	defer f.close()
	found, directory, err := f.slices(ctx, o)
	switch {
	case directory:
		return openFolder(ctx, filepath.Dir(path), o)
	case err != nil:
		return nil, err
	case found == nil: // an ordinary picture
		m, err := OpenWith(ctx, path, o)
		if err != nil {
			return nil, err
		}
		s := &Series{Name: m.Name, slices: []slice{{path: path}}, path: path, options: o}
		s.last = func(context.Context, int) (*Image, error) { return m, nil }
		return []*Series{s}, nil
	}
	return group(found, o), nil
}

// slices lists what a file holds of one of its volumes; nil for ordinary pictures.
// directory tells a DICOMDIR.
func (f *file) slices(ctx context.Context, o Options) (out []slice, directory bool, err error) {
	c, err := await(ctx, func() (content, error) { return f.content(ctx, o) })
	if err != nil {
		return nil, false, err
	}
	if s, ok := c.(scanFile); ok && s.file.Err() != nil {
		_, err := guardScan(f.name, func() (*Image, error) { return nil, s.file.Err() })
		return nil, s.file.Directory(), err
	}
	o.Frame = 0
	if _, err := f.index(c, o); err != nil {
		return nil, false, err
	}
	return c.places(o.Volume), false, nil
}

// NewSeries makes a series of pictures in memory, in the order given.
func NewSeries(name string, pictures []*Image) *Series {
	s := &Series{Name: name}
	for i, m := range pictures {
		at := slice{place: dicom.Placement{Number: i, Frame: i, Frames: len(pictures), Rows: m.Height, Columns: m.Width}}
		if m.Scan != nil {
			at.place.Geometry, s.Modality = m.Scan.Geometry, m.Scan.Modality
		}
		s.slices = append(s.slices, at)
	}
	s.last = func(_ context.Context, i int) (*Image, error) { return pictures[i], nil }
	return s
}

// openFolder finds the series in a folder.
func openFolder(ctx context.Context, folder string, o Options) ([]*Series, error) {
	var found []slice
	var skipped []string
	files := 0
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
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
		more, fault := sniffSlices(ctx, path, o)
		found = append(found, more...)
		if fault != nil && !errors.Is(fault, dicom.ErrNoPicture) {
			skipped = append(skipped, fault.Error())
		}
		return nil
	})
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil:
		return nil, &Error{folder, "cannot be read: " + cause(err), "check the permissions", err}
	case len(found) == 0 && len(skipped) > 0:
		fault := fmt.Sprintf("holds %d medical files, none of which can be used; the first: %s", len(skipped), skipped[0])
		return nil, &Error{folder, fault, "", dicom.ErrDamaged}
	case len(found) == 0:
		return nil, &Error{folder, "holds no DICOM or NIfTI pictures", "choose a folder with a scan", nil}
	}
	all := group(found, o)
	all[0].Skipped = skipped
	return all, nil
}

func depth(rel string) int {
	n := 0
	for rel != "." && rel != "" && rel != string(filepath.Separator) {
		rel = filepath.Dir(rel)
		n++
	}
	return n
}

// sniffSlices lists the slices of a file in a folder, whatever its name. Files
// of other kinds have none, nor have those with the pixels of a header beside them.
func sniffSlices(ctx context.Context, path string, o Options) ([]slice, error) {
	if !Sliced(path) || headerBeside(path) != "" {
		return nil, nil
	}
	f, err := openFile(path)
	if err != nil {
		return nil, err
	}
	defer f.close()
	o.Volume = 0 // which is meant of one file alone
	out, _, err := f.slices(ctx, o)
	return out, err
}

// Sliced reports whether a file is a medical one, or a stack, by its content: one
// whose pictures [OpenSeries] finds.
func Sliced(path string) bool {
	head, err := Beginning(path)
	if err != nil {
		return false
	}
	first, _ := unpacked(head)
	switch {
	case MayBeScan(head):
		return true
	case tiff.Sniff(first):
		return stacked(path)
	}
	return headerBeside(path) != ""
}

// stacked tells whether a TIFF file has several pages that make a stack.
func stacked(path string) bool {
	f, err := openFile(path)
	if err != nil {
		return false
	}
	defer f.close()
	c, err := f.content(context.Background(), Options{})
	if err != nil {
		return false
	}
	slices, volumes := c.count()
	return slices*volumes > 1
}

// NamesPatient reports whether a path tells who the patient is that the
// DICOM file there is about. Such a path is kept out of what leaves the program.
func NamesPatient(path string) bool {
	data, err := scanBytes(path)
	if err != nil || data == nil {
		return false
	}
	named := false
	_, err = guardScan(path, func() (*Image, error) {
		f, err := dicom.Parse(data)
		if err == nil {
			named = f.Mentions(path)
		}
		return nil, err
	})
	return err == nil && named
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

// Beginning is a file's first bytes, enough to tell what kind of picture it is.
// Of what is no ordinary file, such as a pipe, nothing is read.
func Beginning(path string) ([]byte, error) { return regular.Head(path, 2048) }

// Len is the number of slices.
func (s *Series) Len() int { return len(s.slices) }

// Geometry is where slice i lies, as far as the file says.
func (s *Series) Geometry(i int) dicom.Geometry { return s.slices[i].place.Geometry }

// Path is the file that slice i is in, and its frame there.
func (s *Series) Path(i int) (path string, frame int) {
	return s.slices[i].path, s.slices[i].place.Frame
}

// Slice decodes slice i, counted from 0. It knows its neighbours where there
// are several. Errors are of type *[Error].
func (s *Series) Slice(i int) (*Image, error) { return s.SliceContext(context.Background(), i) }

// SliceContext is [Series.Slice] that gives up at once when ctx is cancelled.
func (s *Series) SliceContext(ctx context.Context, i int) (*Image, error) {
	if i < 0 || i >= len(s.slices) {
		return nil, &Error{s.Name, fmt.Sprintf("has no slice %d", i+1), fmt.Sprintf("choose one of 1…%d", len(s.slices)), nil}
	}
	at := s.slices[i]
	sum := ""
	m, err := await(ctx, func() (*Image, error) {
		open, checksum, err := s.source(ctx, at.path)
		if err != nil {
			return nil, err
		}
		sum = checksum
		return guardScan(at.path, func() (*Image, error) { return open(ctx, at.place.Frame) })
	})
	if err != nil {
		return nil, err
	}
	one := *m // pictures in memory are others' too
	if one.Path == "" && at.path != "" {
		one.Path, one.SHA256 = at.path, sum
	}
	if len(s.slices) > 1 {
		one.Neighbours = place{s, i}
	}
	return &one, nil
}

// source opens a file of the series, unless it is the one read last, and tells
// the checksum of its bytes.
func (s *Series) source(ctx context.Context, path string) (opener, string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.last != nil && s.path == path {
		return s.last, s.sum, nil
	}
	f, err := openFile(path)
	if err != nil {
		return nil, "", err
	}
	defer f.close()
	s.last = nil // so that it is not held beside the next one
	c, err := f.content(ctx, s.options)
	if err != nil {
		return nil, "", err
	}
	sum, err := f.checksum(ctx)
	if err != nil {
		return nil, "", err
	}
	s.last, s.path, s.sum = c.picture, path, sum
	return s.last, s.sum, nil
}
