package picture

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"path/filepath"

	"picasso/backend/picture/dicom"
)

// Options say how a file is opened. The zero value opens its first picture.
type Options struct {
	// Frame is the picture of the file, counted from 0 in the order in which they are
	// shown: a frame of a DICOM file, a slice of a volume, a page of a TIFF file;
	// volume after volume.
	Frame int
	// Stored counts frames in the order of the file instead.
	Stored bool
	// Volume is the volume of a file of several (echoes and phases of a DICOM file, the
	// 4th axis of NIfTI and others, the channels of a TIFF file that are no colours),
	// counted from 0. With one, Frame counts its slices alone.
	Volume int
	// Chosen tells that the user asked for this very picture: that there are others is
	// then no remark.
	Chosen bool
	// MaxMemory is how many bytes opening may take; 0 is [DefaultMemory]. It is never
	// more than the machine has free.
	MaxMemory int64
}

// DefaultMemory is how much memory opening a picture takes at most, unless
// allowed otherwise: with the program itself, less than 1 GB.
const DefaultMemory = 900 << 20

// little is memory that any machine has free on which the program runs: what is free is
// not asked for as much.
const little = 16 << 20

func (o Options) memory() int64 {
	allowed := int64(DefaultMemory)
	if o.MaxMemory > 0 {
		allowed = o.MaxMemory
	}
	if allowed <= little {
		return allowed
	}
	return min(allowed, available())
}

// Open reads a picture file. The type is told by the content, never by the
// extension. Errors are of type *[Error].
func Open(path string) (*Image, error) { return OpenFrame(path, 0) }

// OpenFrame is [Open] for one frame of a DICOM file, one slice of a volume or one
// page of a TIFF file, counted from 0 in the order in which they are shown: volume
// after volume, in each from foot to head. [Scan.Frame] is its number in the file.
// Other pictures have frame 0 alone.
func OpenFrame(path string, frame int) (*Image, error) {
	return OpenWith(context.Background(), path, Options{Frame: frame})
}

// OpenStored is [OpenFrame] with frames counted from 0 in the order of the
// file.
func OpenStored(path string, frame int) (*Image, error) {
	return OpenWith(context.Background(), path, Options{Frame: frame, Stored: true})
}

// OpenWith reads a picture of a file as the options say, and gives up at once
// when ctx is cancelled. Errors are of type *[Error], or ctx's. An error that
// wraps a *[MemoryError] tells how much memory it would take.
func OpenWith(ctx context.Context, path string, o Options) (*Image, error) {
	type opened struct {
		*Image
		undisclosed bool
	}
	m, err := await(ctx, func() (opened, error) {
		f, err := openFile(path)
		if err != nil {
			return opened{}, err
		}
		defer f.close()
		m, err := f.open(ctx, o)
		switch {
		case err != nil:
			return opened{}, err
		case f.path != path: // another one stands for it
			return opened{m, undisclosed(path)}, nil
		}
		return opened{m, undisclosedBy(path, f.head)}, nil
	})
	if err != nil {
		return nil, withhold(err)
	}
	m.Path = path
	named := m.undisclosed || around(path).in(path) // as [NamesPatient]
	if m.Scan != nil {
		named = named || m.Scan.Named
		m.Scan.Named = named
	}
	if named {
		m.Name = filepath.Base(Said(path))
	}
	return m.Image, nil
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
	all, err := f.places(ctx, c)
	if err != nil {
		return nil, err
	}
	var m *Image
	if len(all) < 2 {
		m, err = f.only(ctx, c, o)
	} else {
		m, err = f.one(ctx, c, o, all)
	}
	if err != nil {
		return nil, err
	}
	m.SHA256, err = f.sum(ctx, c)
	return m, err
}

// only reads the picture of a file that has no other.
func (f *file) only(ctx context.Context, c content, o Options) (*Image, error) {
	switch {
	case o.Volume != 0:
		return nil, absent(f.name, "volume", o.Volume, 1)
	case o.Frame != 0:
		return nil, absent(f.name, c.unit(), o.Frame, 1)
	}
	return guardScan(f.name, func() (*Image, error) { return c.picture(ctx, 0) })
}

// one reads one of several pictures.
func (f *file) one(ctx context.Context, c content, o Options, all []slice) (*Image, error) {
	in := &order{f.name, group(all, nil, o), len(all)}
	i, err := in.index(c.unit(), o)
	if err != nil {
		return nil, err
	}
	m, err := guardScan(f.name, func() (*Image, error) { return in.frame(ctx, c, i) })
	if err != nil {
		return nil, err
	}
	if i == 0 && o.Frame == 0 && !o.Stored && !o.Chosen {
		m.Notes = append(m.Notes, firstOf(c.unit(), len(all), m.Scan))
	}
	if f.path != "" {
		m.Neighbours = &frames{path: f.path, index: m.Scan.Slice, from: Options{MaxMemory: o.MaxMemory}}
	}
	return m, nil
}

// places are those of the file's pictures; nil for an ordinary one.
func (f *file) places(ctx context.Context, c content) (all []slice, err error) {
	_, err = guardScan(f.name, func() (*Image, error) {
		all, err = c.places(ctx)
		return nil, err
	})
	return all, err
}

// sum is the checksum of a file and of those that belong to it.
func (f *file) sum(ctx context.Context, c content) (string, error) {
	if v, ok := c.(*volumeFile); ok && len(v.header.Files) > 0 {
		return f.checksum(ctx, v.header.Files...)
	}
	if p, ok := c.(onePicture); ok && !f.zipped && int64(len(p.data)) == f.size { // all was read
		sum := sha256.Sum256(p.data)
		return hex.EncodeToString(sum[:]), nil
	}
	return f.checksum(ctx)
}

// absent is a picture that a file of n does not have.
func absent(name, what string, i, n int) *Error {
	remedy := fmt.Sprintf("choose one of 0 to %d; the first %s is 0", n-1, what)
	if n == 1 {
		remedy = fmt.Sprintf("there is %s 0 alone", what)
	}
	return &Error{name, fmt.Sprintf("has no %s %d", what, i), remedy, nil}
}

// firstOf says that there is more in a file than what is shown.
func firstOf(unit string, n int, s *Scan) string {
	switch slices := n / max(s.Volumes, 1); {
	case s.Volumes < 2:
		return fmt.Sprintf("the first of %d %ss is shown", n, unit)
	case slices == 1:
		return fmt.Sprintf("the first of %d volumes is shown", s.Volumes)
	default:
		return fmt.Sprintf("the first of %d %ss is shown, of the first of %d volumes", slices, unit, s.Volumes)
	}
}

// content is the pictures of a file, in its order.
type content interface {
	// unit is what a picture of the file is called: "frame", "slice", "page".
	unit() string
	// places are where they lie; nil for an ordinary picture.
	places(context.Context) ([]slice, error)
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

func (s scanFile) unit() string { return "frame" }

func (s scanFile) places(context.Context) ([]slice, error) { return framesOf(s.name, s.file) }

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

func (s scanFile) wholes(_ context.Context, i int, out []int16) bool {
	if s.file.Need()+s.size > s.memory {
		return false
	}
	ok, err := s.file.Whole(i, out)
	return ok && err == nil
}

// base is a file's name without its folder.
func base(name string) string { return filepath.Base(name) }
