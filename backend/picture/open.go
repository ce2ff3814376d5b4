package picture

import (
	"context"
	"fmt"
	"io"
	"path/filepath"

	"picasso/backend/picture/dicom"
)

// Options say how a file is opened. The zero value opens its first picture.
type Options struct {
	// Frame is the picture of the file, counted from 0: a frame of a DICOM file, a
	// slice of a volume, a page of a TIFF file. Without a Volume, slices are counted
	// through all volumes of a file.
	Frame int
	// Volume is the volume of a file of several (the 4th axis of NIfTI and others, the
	// channels of a TIFF file that are no colours), counted from 0. With one, Frame
	// counts its slices.
	Volume int
	// MaxMemory is how many bytes opening may take; 0 is [DefaultMemory].
	MaxMemory int64
}

// DefaultMemory is how much memory opening a picture takes at most, unless
// allowed otherwise.
const DefaultMemory = 1 << 30

func (o Options) memory() int64 {
	if o.MaxMemory > 0 {
		return o.MaxMemory
	}
	return DefaultMemory
}

// Open reads a picture file. The type is told by the content, never by the
// extension. Errors are of type *[Error].
func Open(path string) (*Image, error) { return OpenFrame(path, 0) }

// OpenFrame is [Open] for one frame of a DICOM file, counted from 0 in the order
// of the file, one slice of a volume, counted from 0 in the order in which they
// are shown, or one page of a TIFF file. Other pictures have frame 0 alone.
func OpenFrame(path string, frame int) (*Image, error) {
	return OpenWith(context.Background(), path, Options{Frame: frame})
}

// OpenWith reads a picture of a file as the options say, and gives up at once
// when ctx is cancelled. Errors are of type *[Error], or ctx's. An error that
// wraps a *[MemoryError] tells how much memory it would take.
func OpenWith(ctx context.Context, path string, o Options) (*Image, error) {
	m, err := await(ctx, func() (*Image, error) {
		f, err := openFile(path)
		if err != nil {
			return nil, err
		}
		defer f.close()
		return f.open(ctx, o)
	})
	if err != nil {
		return nil, err
	}
	m.Path = path
	return m, nil
}

// Decode reads a picture from memory. name is a file name for messages; its
// base becomes the image's name. Errors are of type *[Error].
func Decode(name string, data []byte) (*Image, error) {
	return DecodeWith(context.Background(), name, data, Options{})
}

// DecodeWith is [Decode] as the options say, as [OpenWith] does it.
func DecodeWith(ctx context.Context, name string, data []byte, o Options) (*Image, error) {
	return await(ctx, func() (*Image, error) { return inMemory(name, data).open(ctx, o) })
}

// open reads the picture that is meant.
func (f *file) open(ctx context.Context, o Options) (*Image, error) {
	c, err := f.content(ctx, o)
	if err != nil {
		return nil, err
	}
	i, err := f.index(c, o)
	if err != nil {
		return nil, err
	}
	m, err := guardScan(f.name, func() (*Image, error) { return c.picture(ctx, i) })
	if err != nil {
		return nil, err
	}
	if m.SHA256, err = f.checksum(ctx); err != nil {
		return nil, err
	}
	slices, volumes := c.count()
	if note := firstOf(c.unit(), slices, volumes); note != "" && i == 0 {
		m.Notes = append(m.Notes, note)
	}
	if f.path != "" && slices > 1 {
		first := i / slices * slices
		m.Neighbours = frames{path: f.path, index: i, first: first, last: first + slices - 1, memory: o.MaxMemory}
	}
	return m, nil
}

// index is the place of the picture that is meant among all of the file.
func (f *file) index(c content, o Options) (int, error) {
	slices, volumes := c.count()
	within := slices * volumes
	if o.Volume != 0 {
		within = slices
	}
	switch {
	case o.Volume < 0 || o.Volume >= volumes:
		return 0, &Error{f.name, fmt.Sprintf("has no volume %d", o.Volume), choose("volume", volumes), nil}
	case o.Frame < 0 || o.Frame >= within:
		return 0, &Error{f.name, fmt.Sprintf("has no %s %d", c.unit(), o.Frame), choose(c.unit(), within), nil}
	}
	return o.Volume*slices + o.Frame, nil
}

func choose(what string, n int) string {
	if n == 1 {
		return fmt.Sprintf("there is %s 0 alone", what)
	}
	return fmt.Sprintf("choose one of 0 to %d; the first %s is 0", n-1, what)
}

// firstOf says that there is more in a file than what is shown.
func firstOf(unit string, slices, volumes int) string {
	switch {
	case volumes > 1 && slices > 1:
		return fmt.Sprintf("the first of %d %ss is shown, of the first of %d volumes", slices, unit, volumes)
	case volumes > 1:
		return fmt.Sprintf("the first of %d volumes is shown", volumes)
	case slices > 1:
		return fmt.Sprintf("the first of %d %ss is shown", slices, unit)
	}
	return ""
}

// content is the pictures of a file, one after the other, volume after volume.
type content interface {
	// count is the number of slices of a volume, and of volumes.
	count() (slices, volumes int)
	// unit is what a picture of the file is called: "frame", "slice", "page".
	unit() string
	// places are where the slices of a volume lie; nil for ordinary pictures.
	places(volume int) []slice
	// picture reads one of them.
	picture(ctx context.Context, i int) (*Image, error)
}

// content tells what kind a file is of and reads what it holds, as far as that
// needs no pixels.
func (f *file) content(ctx context.Context, o Options) (content, error) {
	kind, ok := sniff(f.head)
	if !ok {
		return nil, foreign(f.name, f.head, f.zipped)
	}
	var c content
	_, err := guardScan(f.name, func() (_ *Image, err error) {
		c, err = kind.open(ctx, f, o)
		return nil, err
	})
	return c, err
}

// await gives what f gives, or ctx's error as soon as it is cancelled. Decoders
// look at ctx themselves; of those that cannot, one goes on behind the scenes until
// it is done, and its result is dropped.
func await[T any](ctx context.Context, f func() (T, error)) (T, error) {
	type result struct {
		value T
		err   error
	}
	if ctx.Done() == nil { // nobody can cancel it
		return f()
	}
	done := make(chan result, 1)
	go func() {
		v, err := guard(f)
		done <- result{v, err}
	}()
	select {
	case r := <-done:
		return r.value, r.err
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
}

// obeying reads from r until ctx is cancelled, a piece at a time.
func obeying(ctx context.Context, r io.Reader) io.Reader { return pieces{ctx, r} }

type pieces struct {
	ctx context.Context
	r   io.Reader
}

func (p pieces) Read(b []byte) (int, error) {
	if err := p.ctx.Err(); err != nil {
		return 0, err
	}
	return p.r.Read(b[:min(len(b), 1<<20)])
}

// scanFile is the frames of a DICOM file.
type scanFile struct {
	name   string
	file   *dicom.File
	size   int64 // of what is read
	memory int64
}

func openDICOM(ctx context.Context, f *file, o Options) (content, error) {
	data, err := f.all(ctx, o.memory())
	if err != nil {
		return nil, err
	}
	d, err := dicom.Parse(data)
	if err != nil {
		return nil, err
	}
	return scanFile{f.name, d, int64(len(data)), o.memory()}, nil
}

func (s scanFile) count() (slices, volumes int) { return max(s.file.Frames(), 1), 1 }

func (s scanFile) unit() string { return "frame" }

func (s scanFile) places(int) []slice {
	var out []slice
	named := s.file.Mentions(s.name)
	for i := range s.file.Frames() {
		out = append(out, slice{s.name, dicom.Place(s.file, i), named})
	}
	return out
}

func (s scanFile) picture(_ context.Context, i int) (*Image, error) {
	if err := s.file.Err(); err != nil {
		return nil, err
	}
	if need := s.file.Need() + s.size; need > s.memory {
		p := dicom.Place(s.file, i)
		return nil, tooLarge(s.name, fmt.Sprintf("declares %d×%d pixels", p.Columns, p.Rows), need, s.memory)
	}
	return fromDICOM(s.name, s.file, i)
}

// base is a file's name without its folder.
func base(name string) string { return filepath.Base(name) }
