package inflate

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"errors"
	"io"
	"testing"
)

func zipped(t testing.TB, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestAll(t *testing.T) {
	want := bytes.Repeat([]byte("slice "), 1000)
	data := zipped(t, want)
	open := func(b []byte) func() (io.Reader, error) {
		return func() (io.Reader, error) { return gzip.NewReader(bytes.NewReader(b)) }
	}
	if got, err := All(open(data), int64(len(want))); err != nil || !bytes.Equal(got, want) {
		t.Errorf("%d bytes, %v", len(got), err)
	}
	if got, err := All(open(data), int64(len(want))-1); !errors.Is(err, ErrTooLarge) || got != nil {
		t.Errorf("one over the limit: %d bytes, %v", len(got), err)
	}
	if got, err := All(open(data[:len(data)-12]), 1<<20); err == nil || !bytes.HasPrefix(want, got) {
		t.Errorf("cut: %d bytes, %v", len(got), err)
	}
	if _, err := All(open([]byte("no gzip")), 1<<20); err == nil {
		t.Error("what is no gzip is read")
	}
}

// FuzzAll never holds more than was allowed, and reads the same twice.
func FuzzAll(f *testing.F) {
	f.Add(zipped(f, bytes.Repeat([]byte("slice "), 100)), 599)
	f.Add(zipped(f, nil), 0)
	f.Add([]byte{0x4b, 0x4c, 0x04, 0x02, 0x00}, 64) // "aaa" deflated without wrapper
	f.Fuzz(func(t *testing.T, data []byte, limit int) {
		limit = min(max(limit, 0), 1<<16)
		for _, open := range []func() (io.Reader, error){
			func() (io.Reader, error) { return flate.NewReader(bytes.NewReader(data)), nil },
			func() (io.Reader, error) { return gzip.NewReader(bytes.NewReader(data)) },
		} {
			out, err := All(open, int64(limit))
			if len(out) > limit || errors.Is(err, ErrTooLarge) && out != nil {
				t.Errorf("%d bytes where %d are allowed, %v", len(out), limit, err)
			}
		}
	})
}
