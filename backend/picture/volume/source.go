package volume

import (
	"bufio"
	"bytes"
	"compress/bzip2"
	"compress/gzip"
	"compress/zlib"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
)

// Source is a file that holds a header, and the way to those beside it.
type Source struct {
	File   io.ReaderAt
	Size   int64
	Zipped bool   // the file is one gzip stream: NIfTI's .nii.gz, FreeSurfer's .mgz
	Name   string // of the file, without folder
	// Lasting is File for as long as volumes of it are used: with it they need not be held
	// in memory. It may be nil.
	Lasting io.ReaderAt
	// Beside opens a file of the same folder, for headers that keep their
	// elements in others. nil: there are none, as for data in memory.
	Beside func(name string) (Part, error)
}

// Part is one of the files that hold elements.
type Part struct {
	File  io.ReaderAt
	Size  int64
	Close func() error
}

// Head reads the first bytes of the file, unpacked, at most n.
func (s Source) Head(n int) ([]byte, error) {
	r, err := s.open(context.Background())
	if err != nil {
		return nil, err
	}
	head, err := io.ReadAll(io.LimitReader(r, int64(n)))
	if len(head) > 0 { // the rest is told when it is read
		return head, nil
	}
	return nil, err
}

// open reads the file from its beginning, unpacked.
func (s Source) open(ctx context.Context) (io.Reader, error) {
	r := whole(ctx, s.File, s.Size)
	if !s.Zipped {
		return r, nil
	}
	z, err := gzip.NewReader(r)
	if err != nil {
		return nil, Short("is compressed and cannot be unpacked")
	}
	return z, nil
}

// whole reads a file until ctx is cancelled.
func whole(ctx context.Context, f io.ReaderAt, size int64) io.Reader {
	return bufio.NewReaderSize(cancelled{ctx, io.NewSectionReader(f, 0, size)}, 1<<16)
}

// cancelled ends with the error of a context.
type cancelled struct {
	ctx context.Context
	r   io.Reader
}

func (c cancelled) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}

// part opens a file beside the header.
func (s Source) part(name string) (Part, error) {
	if !filepath.IsLocal(filepath.FromSlash(name)) {
		return Part{}, Unsupported(fmt.Sprintf("keeps its pixels in the file %.120q, which is outside of its folder", name),
			"put both files into one folder and the bare name into the header")
	}
	if s.Beside == nil {
		return Part{}, Missing(name)
	}
	return s.Beside(name)
}

// Missing is a file beside the header that is not there.
func Missing(name string) *Error {
	return &Error{fmt.Sprintf("keeps its pixels in the file %.120q, which is not beside it", name), "put both files into one folder", ErrMissing}
}

// elements are those of a header, in one file or in several.
type elements struct {
	io.Reader
	most  int64       // bytes that they can be, −1 where nobody knows
	raw   io.ReaderAt // the same where they are written as they are, else nil
	size  int64       // of raw
	close func()
}

// elements opens what h describes. Of several files, each is opened when the one
// before has ended.
func (s Source) elements(ctx context.Context, h *Header) (elements, error) {
	switch len(h.Files) {
	case 0:
		if s.Zipped {
			return s.unpacked(ctx, h)
		}
		return part(ctx, h, Part{s.File, s.Size, func() error { return nil }})
	case 1:
		p, err := s.part(h.Files[0])
		if err != nil {
			return elements{}, err
		}
		e, err := part(ctx, h, p)
		if err != nil {
			p.Close()
		}
		return e, err
	}
	c := &chain{ctx: ctx, source: s, header: h, names: h.Files}
	return elements{Reader: c, most: -1, close: c.close}, nil
}

// unpacked are the elements behind a header within one gzip stream.
func (s Source) unpacked(ctx context.Context, h *Header) (elements, error) {
	if h.AtEnd {
		return elements{}, Unsupported("is compressed as a whole and does not say where its pixels begin", "unpack it first")
	}
	z, err := s.open(ctx)
	if err != nil {
		return elements{}, err
	}
	if _, err := io.CopyN(io.Discard, z, h.Offset); err != nil {
		return elements{}, short(ctx, err)
	}
	r, err := h.Encoding.reader(z, h)
	e := elements{Reader: r, most: -1, close: func() {}}
	if h.Encoding == Raw {
		e.most = s.Size * Gzip.maxRatio()
	}
	return e, err
}

// part are the elements in one file.
func part(ctx context.Context, h *Header, p Part) (elements, error) {
	e := elements{most: -1, close: func() { p.Close() }}
	if h.Encoding == Raw && len(h.Files) > 0 && zippedPart(p) { // an .img.gz beside its .hdr
		z, err := gzip.NewReader(whole(ctx, p.File, p.Size))
		if err != nil {
			return e, Short("keeps its pixels in a compressed file that cannot be unpacked")
		}
		if _, err := io.CopyN(io.Discard, z, h.Offset); err != nil {
			return e, short(ctx, err)
		}
		e.Reader, e.most = z, p.Size*Gzip.maxRatio()
		return e, nil
	}
	offset := min(h.Offset, p.Size)
	if h.AtEnd {
		offset = max(0, p.Size-h.whole())
	}
	size := p.Size - offset
	section := io.NewSectionReader(p.File, offset, size)
	if h.Encoding == Raw {
		e.Reader, e.raw, e.size, e.most = section, section, size, size
		return e, nil
	}
	var err error
	e.Reader, err = h.Encoding.reader(whole(ctx, section, size), h)
	if h.Encoding == Text { // "0 " is an element
		e.most = (size/2 + 1) * int64(h.Type.Size())
	} else if ratio := h.Encoding.maxRatio(); ratio > 0 {
		e.most = size * ratio
	}
	return e, err
}

// chain reads one file after the other.
type chain struct {
	ctx    context.Context
	source Source
	header *Header
	names  []string // still to come
	open   elements
}

func (c *chain) Read(p []byte) (int, error) {
	for {
		if c.open.Reader != nil {
			n, err := c.open.Read(p)
			if n > 0 || err != io.EOF {
				return n, err
			}
			c.close()
		}
		if len(c.names) == 0 {
			return 0, io.EOF
		}
		one, err := c.source.part(c.names[0])
		if err != nil {
			return 0, err
		}
		if c.open, err = part(c.ctx, c.header, one); err != nil {
			one.Close()
			return 0, err
		}
		c.names = c.names[1:]
	}
}

func (c *chain) close() {
	if c.open.close != nil {
		c.open.close()
	}
	c.open = elements{}
}

func zippedPart(p Part) bool {
	var head [2]byte
	n, _ := p.File.ReadAt(head[:], 0)
	return n == 2 && isGzip(head[:])
}

func isGzip(head []byte) bool { return bytes.HasPrefix(head, []byte{0x1f, 0x8b}) }

// reader unpacks elements.
func (e Encoding) reader(r io.Reader, h *Header) (io.Reader, error) {
	var err error
	switch e {
	case Gzip:
		r, err = gzip.NewReader(r)
	case Zlib:
		r, err = zlib.NewReader(r)
	case Bzip2:
		r = bzip2.NewReader(r)
	case Text:
		r = newTextReader(r, h)
	case Hex:
		r = newHexReader(r)
	}
	if err != nil {
		return nil, Short("is compressed and cannot be unpacked")
	}
	return r, nil
}

// short names the end of a stream; ctx's error stays as it is.
func short(ctx context.Context, err error) error {
	var own *Error
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.As(err, &own):
		return own
	}
	return Short("ends before its first slice")
}
