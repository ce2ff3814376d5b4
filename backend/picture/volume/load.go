package volume

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"sync"
)

// Volume is a stack of slices in memory.
type Volume struct {
	Width, Height int // of a slice, as it is shown
	Channels      int // 1, or 3 for colours
	Slices        int
	Range         [2]float32 // to show as black and white, if the file says so; else equal
	Place         Place
	Warnings      []string // what was noticed, in words

	header *Header
	data   []byte            // from its first element to its last, where it is held
	file   *io.SectionReader // the same where it is read slice by slice
	rooms  sync.Pool         // for slices that are read, *[]byte
	flip   [3]bool
}

// Held is how many bytes of memory the volume takes.
func (v *Volume) Held() int64 { return int64(len(v.data)) }

// Load reads volume k, counted from 0, into at most limit bytes. Errors are of
// type *[Error], or ctx's.
//
// A file that ends too early gives the slices that are there, with a warning.
func Load(ctx context.Context, s Source, h *Header, k int, limit int64) (*Volume, error) {
	if err := h.Check(); err != nil {
		return nil, err
	}
	if k < 0 || k >= h.Volumes {
		return nil, &Error{fmt.Sprintf("has no volume %d", k), fmt.Sprintf("choose one of 0 to %d; the first volume is 0", h.Volumes-1), ErrMissing}
	}
	from, length := h.span(k)
	if length > limit {
		return nil, &Error{fmt.Sprintf("declares a volume of %d MB, more than the %d MB allowed", length>>20, limit>>20),
			"save a smaller part of it, or allow more memory", ErrTooLarge}
	}
	v := &Volume{Width: h.Size[0], Height: h.Size[1], Slices: h.Size[2], Channels: min(h.Samples, 3), header: h}
	if v.file = s.sliceBySlice(h, from, length); v.file == nil {
		var err error
		if v.data, err = read(ctx, s, h, from, length); err != nil {
			return nil, err
		}
	}
	v.Warnings = append(v.Warnings, h.Warnings...)
	if h.Samples == 4 {
		v.Warnings = append(v.Warnings, "transparency is left out")
	}
	if err := v.count(length); err != nil {
		return nil, err
	}
	if h.Range[1] > h.Range[0] {
		v.Range = [2]float32{float32(h.Range[0]), float32(h.Range[1])}
	}
	v.turn()
	return v, v.checkWhole(ctx)
}

// sliceBySlice are the bytes from…from+length of elements that can be read when their
// slice is asked for, nil where they have to be held.
func (s Source) sliceBySlice(h *Header, from, length int64) *io.SectionReader {
	wide := h.Type.wide() && h.Slope == 0 // all of them are looked at
	if s.Lasting == nil || s.Zipped || len(h.Files) > 0 || h.Encoding != Raw || wide || h.slice() > h.Step[3] {
		return nil
	}
	offset := min(h.Offset, s.Size)
	if h.AtEnd {
		offset = max(0, s.Size-h.whole())
	}
	return io.NewSectionReader(s.Lasting, offset+from, min(length, max(s.Size-offset-from, 0)))
}

// read gives the bytes from…from+length of the unpacked elements, fewer where
// they end before.
func read(ctx context.Context, s Source, h *Header, from, length int64) ([]byte, error) {
	e, err := s.elements(ctx, h)
	if err != nil {
		return nil, err
	}
	defer e.close()
	if e.most >= 0 {
		length = min(length, max(e.most-from, 0)) // what follows cannot be there
	}
	r := io.Reader(cancelled{ctx, e})
	if e.raw != nil {
		r = cancelled{ctx, &pieces{io.NewSectionReader(e.raw, from, length)}}
	} else if _, err := io.CopyN(io.Discard, r, from); err != nil {
		return nil, short(ctx, err)
	}
	data := make([]byte, length) // pages that are never written cost nothing
	n, err := io.ReadFull(r, data)
	var own *Error
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.As(err, &own):
		return nil, own
	}
	return data[:n], nil
}

// pieces reads a megabyte at a time.
type pieces struct{ r io.Reader }

func (p *pieces) Read(b []byte) (int, error) { return p.r.Read(b[:min(len(b), 1<<20)]) }

// count tells how many whole slices are there.
func (v *Volume) count(length int64) error {
	there := int64(len(v.data))
	if v.file != nil {
		there = v.file.Size()
	}
	if there >= length {
		return nil
	}
	h := v.header
	slice := h.slice()
	there /= int64(h.Type.Size())
	whole := 0
	if there >= slice && h.Step[3] > 0 {
		whole = int(min((there-slice)/h.Step[3]+1, int64(h.Size[2])))
	}
	if whole == 0 {
		return Short("ends before its first slice")
	}
	v.Warnings = append(v.Warnings, fmt.Sprintf("the file ends too early; the last %d of %d slices are missing", h.Size[2]-whole, h.Size[2]))
	v.Slices = whole
	return nil
}

// checkWhole refuses 64-bit whole numbers that a 32-bit float cannot keep, and
// says so of 32-bit ones: a label that is off by one is another label.
func (v *Volume) checkWhole(ctx context.Context) error {
	h := v.header
	if !h.Type.wide() || h.Slope != 0 {
		return nil
	}
	size := h.Type.Size()
	for i := 0; i+size <= len(v.data); i += size {
		if i%(1<<20) == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if exact(h, v.data[i:]) {
			continue
		}
		if size == 4 {
			v.Warnings = append(v.Warnings, fmt.Sprintf("whole numbers above %d are rounded", 1<<24))
			return nil
		}
		return Unsupported(fmt.Sprintf("holds the 64-bit number %s, which cannot be kept exactly", digits(h, v.data[i:])),
			"save the volume with 16-bit or 32-bit numbers")
	}
	return nil
}

func exact(h *Header, b []byte) bool {
	switch h.Type {
	case Uint64:
		u := h.Order.Uint64(b)
		return u < 1<<63 && uint64(float32(u)) == u
	case Int64:
		i := int64(h.Order.Uint64(b))
		return i > math.MinInt64 && i < 1<<62 && int64(float32(i)) == i
	}
	n := h.Type.Number(h.Order, b)
	return float64(float32(n)) == n
}

func digits(h *Header, b []byte) string {
	if h.Type == Uint64 {
		return fmt.Sprint(h.Order.Uint64(b))
	}
	return fmt.Sprint(int64(h.Order.Uint64(b)))
}
