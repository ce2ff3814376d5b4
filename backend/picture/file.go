package picture

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"strings"

	"picasso/backend/picture/inflate"
	"picasso/backend/picture/volume"
	"picasso/backend/regular"
)

// headSize is how much of a file is looked at to tell what it is: enough for the
// first elements of a DICOM file without preamble.
const headSize = 1 << 16

// file is a file to be opened. Nothing but its beginning is read before it is
// known what it is.
type file struct {
	path   string // "" for data in memory
	name   string // for messages
	size   int64
	at     io.ReaderAt
	head   []byte // its first bytes, unpacked
	zipped bool   // it is one gzip stream
	room   *room  // for its bytes; nil: new memory is taken
	close  func() error
}

// openFile opens a path from outside. Of a pair of files, the one with the pixels
// stands for the one with the header. Errors are of type *[Error].
func openFile(path string) (*file, error) {
	f, err := begin(path)
	if err != nil {
		return nil, err
	}
	if _, ok := sniff(f.head); !ok {
		if header := headerBeside(path); header != "" {
			f.close()
			return begin(header)
		}
	}
	return f, nil
}

func begin(path string) (*file, error) {
	r, info, err := regular.Open(path, regular.Unbounded)
	if err != nil {
		return nil, refused(err)
	}
	f := &file{path: path, name: path, size: info.Size(), at: r, close: r.Close}
	head := make([]byte, min(headSize, f.size))
	n, err := r.ReadAt(head, 0)
	if err != nil && err != io.EOF {
		r.Close()
		return nil, &Error{path, "cannot be read: " + cause(err), "check the disk it is on", err}
	}
	f.look(head[:n])
	return f, nil
}

// inMemory is a file that was read already.
func inMemory(name string, data []byte) *file {
	f := &file{name: name, size: int64(len(data)), at: bytes.NewReader(data), close: func() error { return nil }}
	f.look(data[:min(len(data), headSize)])
	return f
}

// look takes a file's first bytes, and unpacks them where they are packed.
func (f *file) look(head []byte) { f.head, f.zipped = unpacked(head) }

// unpacked are the first bytes of what a gzip stream holds that begins with head;
// head itself where it is none.
func unpacked(head []byte) (first []byte, zipped bool) {
	if !bytes.HasPrefix(head, []byte{0x1f, 0x8b}) {
		return head, false
	}
	z, err := gzip.NewReader(bytes.NewReader(head))
	if err != nil {
		return nil, true
	}
	first, _ = io.ReadAll(io.LimitReader(z, headSize)) // head ends somewhere
	return first, true
}

// refused is a path that could not be opened, in the words of pictures.
func refused(err error) *Error {
	var e *regular.Error
	if !errors.As(err, &e) {
		return &Error{"", err.Error(), "", err}
	}
	remedy := e.Remedy
	switch {
	case errors.Is(err, regular.ErrFolder):
		remedy = "choose a picture in it"
	case errors.Is(err, regular.ErrSpecial):
		remedy = "choose a picture file"
	}
	return &Error{e.Path, e.Fault, remedy, err}
}

// cause is the innermost text of a file error, without the path again.
func cause(err error) string {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err.Error()
	}
	return err.Error()
}

// first reads the first n bytes of the file, unpacked, or all where it has less.
func (f *file) first(n int64) ([]byte, error) {
	r := io.NewSectionReader(f.at, 0, f.size)
	if !f.zipped {
		data := make([]byte, min(n, f.size))
		got, err := io.ReadFull(r, data)
		if err == io.EOF || err == io.ErrUnexpectedEOF { // it may have shrunk
			err = nil
		}
		return data[:got], err
	}
	z, err := gzip.NewReader(r)
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(z, n))
	if len(data) > 0 {
		err = nil // a stream that is cut off gives what there is
	}
	return data, err
}

// all reads the whole file, unpacked, into at most limit bytes.
func (f *file) all(ctx context.Context, limit int64) ([]byte, error) {
	if f.size > limit {
		return nil, tooLarge(f.name, fmt.Sprintf("the file has %d MB", f.size>>20), f.size, limit)
	}
	if f.zipped {
		return f.unzip(ctx, limit)
	}
	if int64(len(f.head)) == f.size {
		return f.head, nil
	}
	data := f.room.of(f.size)
	known := copy(data, f.head)
	n, err := io.ReadFull(obeying(ctx, io.NewSectionReader(f.at, int64(known), f.size-int64(known))), data[known:])
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil && err != io.EOF && err != io.ErrUnexpectedEOF: // it may have shrunk
		return nil, &Error{f.name, "cannot be read: " + cause(err), "check the disk it is on", err}
	}
	return data[:known+n], nil
}

// room is memory for the bytes of one file after the other, each of which is done with
// when the next one is read.
type room struct{ bytes []byte }

// maxRoom is how large a file is at most that is read into the room of the one before.
const maxRoom = 16 << 20

// of is room for so many bytes.
func (r *room) of(size int64) []byte {
	if r == nil || size > maxRoom {
		return make([]byte, size)
	}
	if int64(cap(r.bytes)) < size {
		r.bytes = make([]byte, size)
	}
	return r.bytes[:size]
}

func (f *file) unzip(ctx context.Context, limit int64) ([]byte, error) {
	data, err := inflate.All(func() (io.Reader, error) {
		return gzip.NewReader(obeying(ctx, io.NewSectionReader(f.at, 0, f.size)))
	}, limit)
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.Is(err, inflate.ErrTooLarge):
		return nil, tooLarge(f.name, fmt.Sprintf("unpacks to more than %d MB", limit>>20), limit, limit)
	case err != nil && len(data) == 0:
		return nil, &Error{f.name, "is compressed by gzip and cannot be unpacked", "copy or download it again", err}
	}
	return data, nil
}

// checksum is that of the file's bytes, as they are on the disk, and of those of
// files beside it that belong to it.
func (f *file) checksum(ctx context.Context, others ...string) (string, error) {
	sum := sha256.New()
	_, err := io.Copy(sum, obeying(ctx, io.NewSectionReader(f.at, 0, f.size)))
	for _, name := range others {
		p, fault := f.source().Beside(name)
		if fault != nil {
			return "", &Error{f.name, "cannot be read: " + fault.Error(), "", fault}
		}
		if err == nil {
			_, err = io.Copy(sum, obeying(ctx, io.NewSectionReader(p.File, 0, p.Size)))
		}
		p.Close()
	}
	switch {
	case ctx.Err() != nil:
		return "", ctx.Err()
	case err != nil:
		return "", &Error{f.name, "cannot be read: " + cause(err), "check the disk it is on", err}
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// source is the file as volumes are read from it.
func (f *file) source() volume.Source {
	s := volume.Source{File: f.at, Size: f.size, Zipped: f.zipped, Name: filepath.Base(f.name)}
	if f.path != "" {
		s.Beside = func(name string) (volume.Part, error) { return beside(filepath.Dir(f.path), name) }
	}
	return s
}

// beside opens a file of a folder that a header names.
func beside(folder, name string) (volume.Part, error) {
	r, info, err := regular.Open(filepath.Join(folder, filepath.FromSlash(name)), regular.Unbounded)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return volume.Part{}, volume.Missing(name)
	case err != nil:
		e := refused(err)
		return volume.Part{}, &volume.Error{Fault: fmt.Sprintf("keeps its pixels in the file %.120q, which %s", name, e.Fault), Remedy: e.Remedy, Err: err}
	}
	return volume.Part{File: r, Size: info.Size(), Close: r.Close}, nil
}

// headerBeside is the header of the pair of files whose pixels are in path, ""
// where there is none.
func headerBeside(path string) string {
	stem := path
	if n := len(stem) - 3; n > 0 && strings.EqualFold(stem[n:], ".gz") {
		stem = stem[:n]
	}
	var headers []string
	switch ext := filepath.Ext(stem); strings.ToLower(ext) {
	case ".img":
		headers = []string{".hdr", ".HDR", ".hdr.gz"}
	case ".raw", ".zraw":
		headers = []string{".mhd", ".nhdr"}
	}
	stem = strings.TrimSuffix(stem, filepath.Ext(stem))
	for _, h := range headers {
		head, err := regular.Head(stem+h, headSize)
		if err != nil {
			continue
		}
		if first, _ := unpacked(head); volumeHead(first) {
			return stem + h
		}
	}
	return ""
}
