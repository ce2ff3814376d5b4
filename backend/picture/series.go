package picture

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"

	"picasso/backend/picture/dicom"
	"picasso/backend/picture/tiff"
	"picasso/backend/regular"
)

// Series is the slices of a scan in their order: volume after volume, in each
// by position along the normal where the files tell it, else by slice location,
// else by number. Slices are read on demand; only the file read last is kept. A
// Series may be used by several goroutines.
type Series struct {
	Name     string // for the user, without patient: "CT, 24 slices", or of a volume after its file, "brain-t1, 155 slices"
	Modality string // "CT", "MR", "CR"…, or ""
	Skipped  []string
	// Remarks are about the series as a whole, in words; those about a volume
	// are with it. Every slice repeats what concerns it in [Image.Notes].
	Remarks []string
	// Named says that a path in it tells who the patient is: keep paths out of
	// what leaves the program.
	Named bool

	slices  []slice
	volumes []Volume
	depth   func(slice) float64 // what tells the order in space; nil where nothing does
	whole   []Volume            // of the series that this one is a volume of, or nil
	of      *Series             // that one
	shift   int                 // of the slices in that one
	options Options             // of its files
	allowed atomic.Int64        // memory that was allowed later
	mu      sync.Mutex          // guards what follows
	last    reader
	path    string // of last
	limit   int64  // of the memory that last may take
}

// slice is where one slice is found.
type slice struct {
	path  string
	place dicom.Placement
	named bool  // the path tells who the patient is
	fault error // why there is nothing to decode, nil where there may be
}

// reader gives the slices of one file.
type reader struct {
	picture func(ctx context.Context, frame int) (*Image, error)
	// wholes gives the values of a slice alone, where all are whole numbers of 16 bits,
	// in out; it may be nil.
	wholes func(ctx context.Context, frame int, out []int16) bool
	sum    string // of the file's bytes
}

// readerOf is the reader of a file whose bytes have a checksum, "" where nobody asks.
func readerOf(c content, sum string) reader {
	r := reader{picture: c.picture, sum: sum}
	if w, ok := c.(interface {
		wholes(ctx context.Context, frame int, out []int16) bool
	}); ok {
		r.wholes = w.wholes
	}
	return r
}

// OpenSeries reads what a path holds as series: a folder with its subfolders,
// a DICOMDIR with its folder, a file of several frames, slices or pages, or a
// single picture of any kind. There is at least one series. Errors are of type
// *[Error], or ctx's.
func OpenSeries(ctx context.Context, path string) ([]*Series, error) {
	return OpenSeriesWith(ctx, path, Options{})
}

// OpenSeriesWith is [OpenSeries] with as much memory as the options allow; nothing
// else of them has a meaning here.
func OpenSeriesWith(ctx context.Context, path string, o Options) ([]*Series, error) {
	o = Options{MaxMemory: o.MaxMemory}
	info, err := os.Stat(path)
	if err == nil && info.IsDir() {
		return openFolder(ctx, path, o)
	}
	file, err := openFile(path)
	if err != nil {
		return nil, withhold(err)
	}
	defer file.close()
	var f finds
	directory, err := f.take(ctx, file, o)
	switch {
	case directory:
		return openFolder(ctx, filepath.Dir(path), o)
	case err != nil:
		return nil, withhold(err)
	case f.slices == nil: // an ordinary picture
		m, err := OpenWith(ctx, path, o)
		if err != nil {
			return nil, err
		}
		s := &Series{Name: m.Name, slices: []slice{{path: path}}, volumes: []Volume{{Len: 1}}, path: path, options: o}
		s.limit = o.MaxMemory
		s.last.picture = func(context.Context, int) (*Image, error) { return m, nil }
		return []*Series{s}, nil
	}
	if NamesPatient(path) { // by the files beside it
		f.slices[0].named = true
	}
	return f.series(o), nil
}

// Allow lets opening one of the pictures take as much memory as limit, in bytes.
// It never waits.
func (s *Series) Allow(limit int64) {
	for ; s != nil; s = s.of {
		s.allowed.Store(max(s.allowed.Load(), limit))
	}
}

// framesOf lists the frames of a DICOM file.
func framesOf(path string, f *dicom.File) (out []slice, err error) {
	if err := f.Err(); err != nil {
		return nil, err
	}
	named := f.Mentions(path)
	for i := range f.Frames() {
		out = append(out, slice{path: path, place: dicom.Place(f, i), named: named})
	}
	return out, nil
}

// NewSeries makes a series of pictures in memory, in the order given.
func NewSeries(name string, pictures []*Image) *Series {
	s := &Series{Name: name, volumes: []Volume{{Len: len(pictures)}}}
	for i, m := range pictures {
		at := slice{place: dicom.Placement{Number: i, Frame: i, Frames: len(pictures), Rows: m.Height, Columns: m.Width}}
		if m.Scan != nil {
			at.place.Geometry, s.Modality = m.Scan.Geometry, m.Scan.Modality
		}
		s.slices = append(s.slices, at)
	}
	s.last.picture = func(_ context.Context, i int) (*Image, error) { return pictures[i], nil }
	return s
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
		return severalPages(path)
	}
	return headerBeside(path) != ""
}

// severalPages tells whether a TIFF file has several pages that make a stack.
func severalPages(path string) bool {
	f, err := openFile(path)
	if err != nil {
		return false
	}
	defer f.close()
	c, err := f.content(context.Background(), Options{})
	if err != nil {
		return false
	}
	all, err := f.places(context.Background(), c)
	return err == nil && len(all) > 1
}

// Beginning is a file's first bytes, enough to tell what kind of picture it is.
// Of what is no ordinary file, such as a pipe, nothing is read.
func Beginning(path string) ([]byte, error) { return regular.Head(path, 2048) }

// remark adds one about the series.
func (s *Series) remark(format string, args ...any) {
	s.Remarks = append(s.Remarks, fmt.Sprintf(format, args...))
}

// Len is the number of slices.
func (s *Series) Len() int { return len(s.slices) }

// Geometry is where slice i lies, as far as the file says.
func (s *Series) Geometry(i int) dicom.Geometry { return s.slices[i].place.Geometry }

// Fault says why slice i is known not to be readable before it is decoded: its
// file was cut off, for instance. [Series.Slice] may still find that another one
// cannot be read.
func (s *Series) Fault(i int) error { return s.slices[i].fault }

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
	type found struct {
		picture *Image
		sum     string
	}
	m, err := await(ctx, func() (found, error) {
		from, err := s.source(ctx, at.path)
		if err != nil {
			return found{}, err
		}
		m, err := guardScan(at.path, func() (*Image, error) { return from.picture(ctx, at.place.Frame) })
		return found{m, from.sum}, err
	})
	if err != nil {
		return nil, withhold(err)
	}
	one := *m.picture // pictures in memory are others' too
	s.place(&one, i)
	if one.Path == "" && at.path != "" {
		one.Path, one.SHA256 = at.path, m.sum
	}
	if len(s.slices) > 1 {
		one.Neighbours = place{s, i}
	}
	return &one, nil
}

// source opens a file of the series, unless it is the one read last.
func (s *Series) source(ctx context.Context, path string) (reader, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o := s.options
	o.MaxMemory = max(o.MaxMemory, s.allowed.Load())
	if s.last.picture != nil && s.path == path && (s.limit == o.MaxMemory || path == "") {
		return s.last, nil
	}
	f, err := openFile(path)
	if err != nil {
		return reader{}, err
	}
	defer f.close()
	s.last = reader{} // so that it is not held beside the next one
	c, err := f.content(ctx, o)
	if err != nil {
		return reader{}, err
	}
	sum, err := f.sum(ctx, c)
	if err != nil {
		return reader{}, err
	}
	s.last, s.path, s.limit = readerOf(c, sum), path, o.MaxMemory
	return s.last, nil
}
