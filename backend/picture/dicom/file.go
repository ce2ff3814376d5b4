package dicom

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"io"
	"sync"

	"picasso/backend/picture/dicom/charset"
	"picasso/backend/picture/inflate"
	"picasso/backend/picture/patient"
)

// maxInflated bounds a deflated data set.
const maxInflated = 240 << 20

// File is a parsed file. Its pixels are decoded frame by frame, on demand. It
// may be used by several goroutines.
type File struct {
	mu       sync.Mutex // guards the data set, which is parsed further on demand
	root     *dataset
	syntax   syntax
	found    *findings
	pixels   *pixels
	fault    error          // why there is no picture
	patient  *patient.Facts // once it was asked for
	mosaic   *mosaic        // nil for files that are none
	unplaced bool           // what the file says of its place is not true
}

// Sniff reports whether the data begin like a DICOM file, with or without the
// preamble.
func Sniff(data []byte) bool {
	_, ok := start(data)
	return ok
}

// start is the position of the first element.
func start(data []byte) (int, bool) {
	switch {
	case len(data) >= 132 && string(data[128:132]) == "DICM":
		return 132, true
	case len(data) >= 4 && string(data[:4]) == "DICM":
		return 4, true
	case plausible(data, binary.LittleEndian), plausible(data, binary.BigEndian):
		return 0, true
	}
	return 0, false
}

// plausible reports whether data begin with elements of the first groups, in
// ascending order and of lengths that fit.
func plausible(data []byte, order binary.ByteOrder) bool {
	p := &parser{data, &findings{}}
	d := &dataset{order: order, explicit: p.typed(0, len(data), order)}
	pos, last := 0, Tag(0)
	for n := 0; n < 4; n++ {
		h, ok := p.header(pos, len(data), d)
		if !ok {
			return n > 1
		}
		first := n == 0
		switch g := h.tag.group(); {
		case first && g != 2 && g != 4 && g != 8, h.tag <= last, g > 0x0028, g%2 == 1:
			return false
		case d.explicit && h.vr == [2]byte{}, h.length == undefined && first:
			return false
		case h.length == undefined:
			return true
		case uint64(h.length) > uint64(len(data)-h.value) || h.length > 1<<16 || h.length%2 == 1:
			return false
		}
		pos, last = h.value+int(h.length), h.tag
		if g := h.tag.group(); g == 2 { // the next group may be written otherwise
			d.explicit = d.explicit || p.typed(pos, len(data), order)
		}
	}
	return true
}

// Parse reads a file from memory and keeps data, which must not change.
// Errors are of type *[Error]. A file without a picture is parsed; [File.Frame]
// says what it is instead.
func Parse(data []byte) (*File, error) { return parse(data, expand) }

// ParseHead is [Parse] for what stands at the beginning of a file, such as the
// patient: of deflated data a few megabytes are unpacked, whatever is there.
func ParseHead(data []byte) (*File, error) { return parse(data, expandHead) }

func parse(data []byte, expand func([]byte) ([]byte, error)) (*File, error) {
	pos, ok := start(data)
	if !ok {
		return nil, &Error{"is not a DICOM file", "choose a DICOM file", ErrNotDICOM}
	}
	p := &parser{data, &findings{}}
	if pos == 0 {
		p.warn("the file has no DICOM preamble")
	}
	meta, pos := p.meta(pos)
	f := &File{found: p.findings}
	uid := meta.text(tagTransferSyntax)
	f.syntax, ok = syntaxOf(uid)
	if f.syntax.deflated {
		rest, err := expand(data[pos:])
		if err != nil {
			return nil, err
		}
		p.data, pos = rest, 0
	}
	order, explicit := p.guess(pos, f.syntax, ok)
	f.root, _ = p.dataset(pos, len(p.data), 0, order, explicit, false)
	if p.err != nil {
		return nil, p.err
	}
	p.texts = charset.New(f.root.texts(tagCharacterSet))
	p.names = func(text string) bool { return f.facts().In(text) }
	f.pixels, f.fault = f.describe()
	if f.fault == nil {
		f.mosaic = f.unpacked(f.pixels)
	}
	return f, nil
}

// meta reads the file meta information, group 2, wherever it ends.
func (p *parser) meta(pos int) (*dataset, int) {
	d := &dataset{order: binary.LittleEndian, explicit: true, parser: p}
	for {
		if pos+2 > len(p.data) || d.order.Uint16(p.data[pos:]) != 2 { // what follows may be written otherwise
			return d, pos
		}
		h, ok := p.header(pos, len(p.data), d)
		if !ok || uint64(h.length) > uint64(len(p.data)-h.value) {
			return d, pos
		}
		pos = p.element(h, len(p.data), d)
	}
}

// guess tells byte order and encoding of the data set by its first element.
// What it says counts more than what the file claims.
func (p *parser) guess(pos int, s syntax, known bool) (binary.ByteOrder, bool) {
	if pos+8 > len(p.data) {
		return s.order(), s.explicit
	}
	little := binary.LittleEndian.Uint16(p.data[pos:])
	big := binary.BigEndian.Uint16(p.data[pos:])
	order := s.order()
	if little != 0 && big != 0 {
		if order = binary.ByteOrder(binary.LittleEndian); big < little {
			order = binary.BigEndian
		}
	}
	explicit := p.typed(pos, len(p.data), order)
	switch {
	case s.uid == "":
		p.warn("the file does not name its transfer syntax; it was guessed")
	case !known:
		p.warn("the file's transfer syntax is unknown; it was guessed")
	case explicit != s.explicit || order != s.order():
		p.warn("the file is not written in the transfer syntax it names")
	}
	return order, explicit
}

// expand inflates a deflated data set. One that ends early is used as far as
// it goes.
func expand(data []byte) ([]byte, error) {
	out, err := inflate.All(func() (io.Reader, error) { return flate.NewReader(bytes.NewReader(data)), nil }, maxInflated)
	switch {
	case errors.Is(err, inflate.ErrTooLarge):
		return nil, tooLarge("unpacks to more than %d MB", maxInflated>>20)
	case len(out) == 0:
		return nil, damaged("is deflated and cannot be unpacked")
	}
	return out, nil
}

// maxHead is how much of deflated data [ParseHead] unpacks.
const maxHead = 16 << 20

func expandHead(data []byte) ([]byte, error) {
	out, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(data)), maxHead))
	if len(out) == 0 && err != nil {
		return nil, damaged("is deflated and cannot be unpacked")
	}
	return out, nil
}

// Frames is the number of frames, 0 for a file without picture.
func (f *File) Frames() int {
	if f.fault != nil {
		return 0
	}
	return f.frames()
}

func (f *File) frames() int { return f.pixels.frames * f.mosaic.count() }

// Err says why there is no picture in the file, or nil.
func (f *File) Err() error { return f.fault }

// Directory reports whether the file is a DICOMDIR: a list of the files in its
// folder.
func (f *File) Directory() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.root.find(tagDirectoryRecord) != nil
}

// References are the files that a directory names, each by the parts of its
// path below the directory's folder.
func (f *File) References() [][]string {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out [][]string
	for _, record := range f.root.items(tagDirectoryRecord) {
		if parts := record.texts(tagReferencedFile); len(parts) > 0 {
			out = append(out, parts)
		}
	}
	return out
}
