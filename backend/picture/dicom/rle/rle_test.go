package rle

import (
	"bytes"
	"encoding/binary"
	"errors"
	"testing"
)

// frame joins segments behind their header.
func frame(segments ...[]byte) []byte {
	header := make([]byte, headerSize)
	binary.LittleEndian.PutUint32(header, uint32(len(segments)))
	body := []byte{}
	for i, s := range segments {
		binary.LittleEndian.PutUint32(header[4+4*i:], uint32(headerSize+len(body)))
		body = append(body, s...)
	}
	return append(header, body...)
}

func TestDecode(t *testing.T) {
	for name, c := range map[string]struct {
		data           []byte
		pixels         int
		samples, width int
		want           []byte
	}{
		"literal":           {frame([]byte{2, 7, 8, 9}), 3, 1, 1, []byte{7, 8, 9}},
		"run":               {frame([]byte{0xfe, 5}), 3, 1, 1, []byte{5, 5, 5}},
		"no operation":      {frame([]byte{0x80, 0, 1, 0x80, 0xff, 2}), 3, 1, 1, []byte{1, 2, 2}},
		"two bytes":         {frame([]byte{1, 0x12, 0x34}, []byte{1, 0x56, 0x78}), 2, 1, 2, []byte{0x56, 0x12, 0x78, 0x34}},
		"three colours":     {frame([]byte{1, 1, 4}, []byte{1, 2, 5}, []byte{1, 3, 6}), 2, 3, 1, []byte{1, 2, 3, 4, 5, 6}},
		"run past the end":  {frame([]byte{0x81, 9}), 4, 1, 1, []byte{9, 9, 9, 9}},
		"padding after all": {frame([]byte{0, 9, 0}), 1, 1, 1, []byte{9}},
	} {
		got, err := Decode(c.data, c.pixels, c.samples, c.width)
		if err != nil || !bytes.Equal(got, c.want) {
			t.Errorf("%s: got %v, %v, want %v", name, got, err, c.want)
		}
	}
}

func TestTruncatedKeepsWhatThereIs(t *testing.T) {
	got, err := Decode(frame([]byte{3, 7, 8}), 4, 1, 1)
	if !errors.Is(err, ErrTruncated) || !bytes.Equal(got, []byte{7, 8, 0, 0}) {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestRefused(t *testing.T) {
	for name, data := range map[string][]byte{
		"short header":      make([]byte, 63),
		"too many segments": frame([]byte{0, 1}, []byte{0, 1}),
		"offset outside":    append([]byte{1, 0, 0, 0, 255, 255}, make([]byte, 58)...),
	} {
		if got, err := Decode(data, 1, 1, 1); err == nil {
			t.Errorf("%s: decoded to %v", name, got)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(frame([]byte{2, 7, 8, 9}), 3, 1, 1)
	f.Add(frame([]byte{1, 1, 4}, []byte{1, 2, 5}, []byte{1, 3, 6}), 2, 3, 1)
	f.Fuzz(func(t *testing.T, data []byte, pixels, samples, width int) {
		pixels, samples, width = pixels&0xfff, 1+samples&3, 1+width&3
		got, err := Decode(data, pixels, samples, width)
		if (err == nil || errors.Is(err, ErrTruncated)) && len(got) != pixels*samples*width {
			t.Errorf("%d bytes for %d pixels", len(got), pixels)
		}
	})
}
