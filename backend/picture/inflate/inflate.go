// Package inflate reads compressed data of which nothing is known beforehand,
// without ever holding more than was allowed.
package inflate

import (
	"errors"
	"fmt"
	"io"
)

// ErrTooLarge is data that grows beyond what the caller allows.
var ErrTooLarge = errors.New("the compressed data grow beyond every sensible size")

// All reads everything that open's reader gives, at most limit bytes. The data
// are read twice: once to learn their length, once into a buffer of exactly
// that length, so that a small file which unpacks to a huge one costs nothing
// but time.
//
// A stream that ends too early gives what there was of it, together with the
// reader's error; one beyond the limit gives nothing and [ErrTooLarge].
func All(open func() (io.Reader, error), limit int64) ([]byte, error) {
	r, err := open()
	if err != nil {
		return nil, err
	}
	n, fault := io.Copy(io.Discard, io.LimitReader(r, limit+1))
	if n > limit {
		return nil, fmt.Errorf("%w (over %d MB)", ErrTooLarge, limit>>20)
	}
	if r, err = open(); err != nil {
		return nil, err
	}
	data := make([]byte, n)
	if _, err := io.ReadFull(r, data); err != nil {
		return nil, err
	}
	return data, fault
}
