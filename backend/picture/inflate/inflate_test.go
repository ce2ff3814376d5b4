package inflate

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"testing"
)

func zipped(t *testing.T, data []byte) []byte {
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
