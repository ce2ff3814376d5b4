// Package rle decodes DICOM's run-length encoding (PS3.5 annex G): a header
// with the offsets of up to fifteen segments, each one byte plane of the
// picture, packed as by PackBits.
package rle

import (
	"encoding/binary"
	"errors"
	"fmt"
)

const headerSize = 64

// ErrTruncated is a stream that ends before the picture does. What was decoded
// is returned with it.
var ErrTruncated = errors.New("the run-length data end too early")

// Decode unpacks one frame of pixels with the given number of samples of
// bytesPerSample bytes each. The result is interleaved, samples in little
// endian order. With [ErrTruncated] the missing part is zero; other errors
// give no picture.
func Decode(data []byte, pixels, samples, bytesPerSample int) ([]byte, error) {
	if pixels < 1 || samples < 1 || bytesPerSample < 1 {
		return nil, fmt.Errorf("a frame of %d pixels", pixels)
	}
	width := samples * bytesPerSample
	offsets, err := segments(data, width)
	if err != nil {
		return nil, err
	}
	out := make([]byte, pixels*width)
	var fault error
	for i := range width {
		sample, byteOf := i/bytesPerSample, bytesPerSample-1-i%bytesPerSample // the most significant byte comes first
		if !unpack(data[offsets[i]:offsets[i+1]], out[sample*bytesPerSample+byteOf:], width, pixels) {
			fault = ErrTruncated
		}
	}
	return out, fault
}

// segments gives the bounds of want segments: want+1 ascending offsets.
func segments(data []byte, want int) ([]int, error) {
	if len(data) < headerSize {
		return nil, fmt.Errorf("the run-length header has %d bytes of %d", len(data), headerSize)
	}
	n := binary.LittleEndian.Uint32(data)
	if n != uint32(want) || n > 15 {
		return nil, fmt.Errorf("the run-length header declares %d segments where the picture needs %d", n, want)
	}
	offsets := make([]int, want+1)
	for i := range want {
		at := binary.LittleEndian.Uint32(data[4+4*i:])
		if uint64(at) > uint64(len(data)) || at < headerSize || i > 0 && int(at) < offsets[i-1] {
			return nil, fmt.Errorf("run-length segment %d lies outside the data", i+1)
		}
		offsets[i] = int(at)
	}
	offsets[want] = len(data)
	return offsets, nil
}

// unpack writes n bytes to every stride-th place of dst and reports whether src
// had that many.
func unpack(src, dst []byte, stride, n int) bool {
	at, done := 0, 0
	for done < n && at < len(src) {
		c := int(int8(src[at]))
		at++
		switch {
		case c >= 0:
			run := min(c+1, len(src)-at, n-done)
			for _, b := range src[at : at+run] {
				dst[done*stride] = b
				done++
			}
			at += c + 1
		case c != -128 && at < len(src):
			for range min(1-c, n-done) {
				dst[done*stride] = src[at]
				done++
			}
			at++
		}
	}
	return done == n
}
