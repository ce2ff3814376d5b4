package picture

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"sync"

	"picasso/backend/picture/dicom"
	"picasso/backend/picture/nifti"
)

// Bounds of a folder that is searched for slices.
const (
	maxSeriesFiles = 20_000
	maxFolderDepth = 6
)

// Series is the slices of a scan in their order: volume after volume, in each
// by position along the normal where the files tell it, else by slice location,
// else by number. Slices are read on demand; only the file read last is kept. A
// Series may be used by several goroutines.
type Series struct {
	Name     string // for the user, without patient: "CT, 24 slices"
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
	shift   int                 // of the slices in that one
	mu      sync.Mutex          // guards what follows
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
type opener func(frame int) (*Image, error)

// OpenSeries reads what a path holds as series: a folder with its subfolders,
// a DICOMDIR with its folder, a file of several frames or slices, or a single
// picture of any kind. There is at least one series. Errors are of type
// *[Error], or ctx's.
func OpenSeries(ctx context.Context, path string) ([]*Series, error) {
	info, err := os.Stat(path)
	if err == nil && info.IsDir() {
		return openFolder(ctx, path)
	}
	data, err := read(path)
	if err != nil {
		return nil, withhold(err)
	}
	var f finds
	directory, err := f.data(path, data)
	switch {
	case directory:
		return openFolder(ctx, filepath.Dir(path))
	case err != nil:
		return nil, withhold(err)
	case f.slices == nil: // an ordinary picture
		m, err := Decode(path, data)
		if err != nil {
			return nil, withhold(err)
		}
		m.Path = path
		s := &Series{Name: m.Name, slices: []slice{{path: path}}, volumes: []Volume{{Len: 1}}, path: path}
		s.last = func(int) (*Image, error) { return m, nil }
		return []*Series{s}, nil
	}
	if NamesPatient(path) { // by the files beside it
		f.slices[0].named = true
	}
	return f.series(), nil
}

// slicesOf lists a medical file's slices; nil for files of other kinds. d is
// the file where it is DICOM, with or without pictures.
func slicesOf(path string, data []byte) (out []slice, d *dicom.File, err error) {
	_, err = guardScan(path, func() (*Image, error) {
		switch {
		case dicom.Sniff(data):
			if d, err = dicom.Parse(data); err == nil {
				out, err = framesOf(path, d)
			}
			return nil, err
		case nifti.Sniff(data):
			v, err := nifti.Parse(data)
			if err != nil {
				return nil, err
			}
			for i := range v.Slices {
				p := dicom.Placement{Series: path, Frame: i, Frames: v.Slices, Number: i, Geometry: v.Geometry(i), Location: math.NaN(), Rows: v.Height, Columns: v.Width}
				out = append(out, slice{path: path, place: p})
			}
		}
		return nil, nil
	})
	return out, d, err
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
	s.last = func(i int) (*Image, error) { return pictures[i], nil }
	return s
}

// Sliced reports whether a file is a medical one, by its content: one whose
// pictures [OpenSeries] finds.
func Sliced(path string) bool {
	if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
		return false
	}
	head, err := Beginning(path)
	return err == nil && MayBeScan(head)
}

// Beginning is a file's first bytes, enough to tell what kind of picture it is.
func Beginning(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	head := make([]byte, 2048)
	n, err := f.Read(head)
	return head[:n], err
}

// remark adds one about the series.
func (s *Series) remark(format string, args ...any) {
	s.Remarks = append(s.Remarks, fmt.Sprintf(format, args...))
}

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
func (s *Series) Slice(i int) (*Image, error) {
	if i < 0 || i >= len(s.slices) {
		return nil, &Error{s.Name, fmt.Sprintf("has no slice %d", i+1), fmt.Sprintf("choose one of 1…%d", len(s.slices)), nil}
	}
	at := s.slices[i]
	open, sum, err := s.source(at.path)
	if err != nil {
		return nil, withhold(err)
	}
	m, err := guardScan(at.path, func() (*Image, error) { return open(at.place.Frame) })
	if err != nil {
		return nil, withhold(err)
	}
	one := *m // pictures in memory are others' too
	s.place(&one, i)
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
func (s *Series) source(path string) (opener, string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.last != nil && s.path == path {
		return s.last, s.sum, nil
	}
	data, err := read(path)
	if err != nil {
		return nil, "", err
	}
	open, err := sourceOf(path, data)
	if err != nil {
		return nil, "", err
	}
	s.last, s.path, s.sum = open, path, checksum(data)
	return open, s.sum, nil
}

// sourceOf opens a medical file from memory.
func sourceOf(path string, data []byte) (open opener, err error) {
	_, err = guardScan(path, func() (*Image, error) {
		if nifti.Sniff(data) {
			v, err := nifti.Parse(data)
			open = func(i int) (*Image, error) { return fromNIfTI(path, v, min(i, v.Slices-1)), nil }
			return nil, err
		}
		f, err := dicom.Parse(data)
		open = func(i int) (*Image, error) { return fromDICOM(path, f, i) }
		return nil, err
	})
	return open, err
}
