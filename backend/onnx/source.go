package onnx

import (
	"fmt"
	"io"

	"google.golang.org/protobuf/encoding/protowire"
)

// windowSize is the piece of a file that is read at once. Weights are skipped
// by position, so a larger window would only read more of them.
const windowSize = 16 << 10

// source gives the bytes of a model by position, from memory or, through a
// small window, from a file.
type source struct {
	data   []byte      // the whole model, nil when it lies in a file
	file   io.ReaderAt // used when data is nil
	size   int64
	window []byte
	at     int64 // position of window
}

// view returns up to n bytes (n ≤ windowSize) at off, fewer only at the end.
// They are valid until the next call.
func (s *source) view(off int64, n int) ([]byte, error) {
	n = int(min(int64(n), s.size-off))
	if s.file == nil {
		return s.data[off : off+int64(n)], nil
	}
	if off < s.at || off+int64(n) > s.at+int64(len(s.window)) {
		if s.window == nil {
			s.window = make([]byte, windowSize)
		}
		s.window = s.window[:min(windowSize, s.size-off)]
		s.at = off
		if _, err := s.file.ReadAt(s.window, off); err != nil {
			s.window = s.window[:0]
			return nil, fmt.Errorf("read at byte %d: %w", off, err)
		}
	}
	return s.window[off-s.at:][:n], nil
}

// bytes returns n bytes at off that stay valid; the caller has checked that
// the source holds them.
func (s *source) bytes(off, n int64) ([]byte, error) {
	if s.file == nil {
		return s.data[off : off+n : off+n], nil
	}
	out := make([]byte, n)
	if n <= windowSize {
		part, err := s.view(off, int(n))
		copy(out, part)
		return out, err
	}
	if _, err := s.file.ReadAt(out, off); err != nil {
		return nil, fmt.Errorf("read %d bytes at byte %d: %w", n, off, err)
	}
	return out, nil
}

// Wire types as they stand in the low three bits of a tag.
const (
	varint  = uint64(protowire.VarintType)
	fixed64 = uint64(protowire.Fixed64Type)
	length  = uint64(protowire.BytesType)
	fixed32 = uint64(protowire.Fixed32Type)
)

// field is one field of a message: where it lies, and its value unless that
// is a run of bytes.
type field struct {
	tag        uint64 // number<<3 | wire type
	start      int64  // of the tag
	begin, end int64  // of the payload
	value      uint64 // of a varint or fixed field
}

// field reads the field at off in a message that ends at end.
func (s *source) field(off, end int64) (field, error) {
	f := field{start: off}
	var err error
	if f.tag, f.begin, err = s.varint(off, end); err != nil {
		return f, err
	}
	if number := f.tag >> 3; number == 0 || number > uint64(protowire.MaxValidNumber) {
		return f, fault("is not a protobuf file: field number %d at byte %d is impossible", number, off)
	}
	switch f.tag & 7 {
	case varint:
		f.value, f.end, err = s.varint(f.begin, end)
	case fixed32:
		f.value, f.end, err = s.fixed(f.begin, end, 4)
	case fixed64:
		f.value, f.end, err = s.fixed(f.begin, end, 8)
	case length:
		var n uint64
		if n, f.begin, err = s.varint(f.begin, end); err != nil {
			return f, err
		}
		if n > uint64(end-f.begin) {
			return f, s.short(f.begin, end, n)
		}
		f.end = f.begin + int64(n)
	default:
		return f, fault("is not a protobuf file: wire type %d at byte %d is unknown", f.tag&7, off)
	}
	return f, err
}

// short is the error of a field that reaches beyond its message: a file that
// was cut off, when the message is the last one, else a damaged one.
func (s *source) short(at, end int64, need uint64) error {
	if end == s.size {
		return fault("is cut off: an entry at byte %d needs %d bytes, but the file ends after %d", at, need, end-at)
	}
	return fault("is damaged: an entry at byte %d needs %d bytes, but the part it belongs to ends after %d", at, need, end-at)
}

func (s *source) varint(off, end int64) (uint64, int64, error) {
	b, err := s.view(off, int(min(10, end-off)))
	if err != nil {
		return 0, off, err
	}
	v, n := protowire.ConsumeVarint(b)
	if n < 0 {
		if len(b) < 10 {
			return 0, off, s.short(off, end, uint64(len(b))+1)
		}
		return 0, off, fault("is not a protobuf file: the number at byte %d is too long", off)
	}
	return v, off + int64(n), nil
}

func (s *source) fixed(off, end int64, n int) (uint64, int64, error) {
	if end-off < int64(n) {
		return 0, off, s.short(off, end, uint64(n))
	}
	b, err := s.view(off, n)
	if err != nil {
		return 0, off, err
	}
	var v uint64
	for i := n - 1; i >= 0; i-- {
		v = v<<8 | uint64(b[i])
	}
	return v, off + int64(n), nil
}
