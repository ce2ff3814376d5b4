package picture

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"strings"
)

// MaxPixels bounds the size of pictures that are made of others, by resizing.
// Files are bounded in bytes: see [Options.MaxMemory].
const MaxPixels = 1 << 28

// maxSide bounds the pixels of a row and the number of rows.
const maxSide = 1 << 20

// pictureKind is a kind of ordinary picture, and the decoder for it.
type pictureKind struct {
	name        string
	config      func(io.Reader) (image.Config, error)
	decode      func(io.Reader) (image.Image, error)
	whole       func(data []byte, size image.Config) (image.Image, error) // decode for decoders that look at all at once; nil: decode serves
	pixel       func(data []byte, size image.Config) int64                // bytes that decoding takes; nil: by the colour model
	held        func(data []byte, size image.Config) bool                 // the bytes can hold as much as they declare; nil: nobody knows
	orientation func(data []byte) int                                     // EXIF orientation 1…8; nil where the format has none
	frames      func(data []byte) int                                     // number of pictures; nil where there is one
}

// onePicture is the content of a file with an ordinary picture.
type onePicture struct {
	kind   pictureKind
	name   string
	data   []byte
	memory int64
}

func (k pictureKind) open(ctx context.Context, f *file, o Options) (content, error) {
	data, err := f.all(ctx, o.memory())
	if err != nil {
		return nil, err
	}
	return onePicture{k, f.name, data, o.memory()}, nil
}

func (p onePicture) unit() string { return "frame" }

func (p onePicture) places(context.Context) ([]slice, error) { return nil, nil }

func (p onePicture) picture(ctx context.Context, _ int) (*Image, error) {
	k := p.kind
	size, err := guard(func() (image.Config, error) { return k.config(obeying(ctx, bytes.NewReader(p.data))) })
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil:
		return nil, damaged(p.name, k.name, err)
	case size.Width < 1 || size.Height < 1:
		return nil, &Error{p.name, fmt.Sprintf("is a %s of %d×%d pixels", k.name, size.Width, size.Height), "use another picture", nil}
	}
	if size.Width > maxSide || size.Height > maxSide {
		return nil, &Error{p.name, fmt.Sprintf("declares %d×%d pixels, more in a row than any picture has", size.Width, size.Height), "use another picture", nil}
	}
	if need := k.need(p.data, size); need > p.memory || need < 0 {
		return nil, tooLarge(p.name, fmt.Sprintf("declares %d×%d pixels", size.Width, size.Height), need, p.memory)
	}
	if k.held != nil && !k.held(p.data, size) {
		return nil, &Error{p.name, fmt.Sprintf("is a %s that declares %d×%d pixels, more than its %d bytes can hold", k.name, size.Width, size.Height, len(p.data)),
			"copy or download it again", nil}
	}
	m, err := p.decode(ctx, size)
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil:
		return nil, damaged(p.name, k.name, err)
	}
	return m, nil
}

func (p onePicture) decode(ctx context.Context, size image.Config) (*Image, error) {
	return guard(func() (*Image, error) {
		src, err := p.source(ctx, size)
		if err != nil {
			return nil, err
		}
		m, err := convert(base(p.name), onScreen(src, size))
		if err != nil {
			return nil, err
		}
		if p.kind.frames != nil && p.kind.frames(p.data) > 1 {
			m.Notes = append(m.Notes, "the first picture of several in the file is used")
		}
		m.noteBits()
		if p.kind.orientation != nil {
			m = m.turn(p.kind.orientation(p.data))
		}
		return m, nil
	})
}

func (p onePicture) source(ctx context.Context, size image.Config) (image.Image, error) {
	if p.kind.whole != nil {
		return p.kind.whole(p.data, size)
	}
	return p.kind.decode(obeying(ctx, bytes.NewReader(p.data)))
}

// guard turns a decoder's panic, which hostile files have caused before, into
// an error.
func guard[T any](f func() (T, error)) (v T, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the decoder failed: %v", r)
		}
	}()
	return f()
}

func damaged(name, kind string, err error) *Error {
	text := err.Error() // as PNG and GIF say it: not enough pixels
	short := strings.Contains(text, "not enough") || strings.Contains(text, io.ErrUnexpectedEOF.Error())
	if short || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return &Error{name, "is a " + kind + " that ends too early", "copy or download it again", err}
	}
	return &Error{name, fmt.Sprintf("is a %s that cannot be decoded (%v)", kind, err), "save it again as PNG", err}
}
