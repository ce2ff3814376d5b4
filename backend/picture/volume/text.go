package volume

import (
	"bufio"
	"errors"
	"io"
	"math"
	"strconv"
)

// maxWord bounds the digits of a number in text.
const maxWord = 128

// textReader makes elements of numbers between spaces.
type textReader struct {
	words *bufio.Scanner
	h     *Header
	left  []byte // of the element begun
	buf   [8]byte
}

func newTextReader(r io.Reader, h *Header) io.Reader {
	s := bufio.NewScanner(r)
	s.Buffer(make([]byte, 0, 4096), 4096)
	s.Split(splitWords)
	return &textReader{words: s, h: h}
}

// splitWords is [bufio.ScanWords] that also parts at commas, as NRRD allows.
func splitWords(data []byte, atEOF bool) (advance int, token []byte, err error) {
	from := 0
	for from < len(data) && gap(data[from]) {
		from++
	}
	for i := from; i < len(data); i++ {
		if gap(data[i]) {
			return i + 1, data[from:i], nil
		}
	}
	if atEOF && from < len(data) {
		return len(data), data[from:], nil
	}
	return from, nil, nil
}

func gap(b byte) bool { return b <= ' ' || b == ',' }

func (t *textReader) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) {
		if len(t.left) == 0 {
			if err := t.next(); err != nil {
				return n, err
			}
		}
		c := copy(p[n:], t.left)
		t.left = t.left[c:]
		n += c
	}
	return n, nil
}

func (t *textReader) next() error {
	if !t.words.Scan() {
		if err := t.words.Err(); err != nil {
			return err
		}
		return io.EOF
	}
	word := t.words.Text()
	t.left = t.buf[:t.h.Type.Size()]
	if t.h.Type == Int64 || t.h.Type == Uint64 { // which floats cannot hold
		return t.long(word)
	}
	v, err := strconv.ParseFloat(word, 64)
	low, high := t.h.Type.limits()
	switch {
	case len(word) > maxWord || err != nil:
		return notNumber(word)
	case isFinite(low) && !(v >= low && v <= high && v == math.Trunc(v)):
		return unfit(word)
	}
	t.h.Type.put(t.h.Order, t.left, v)
	return nil
}

// long reads a 64-bit whole number.
func (t *textReader) long(word string) error {
	if t.h.Type == Int64 {
		v, err := strconv.ParseInt(word, 10, 64)
		t.h.Order.PutUint64(t.left, uint64(v))
		return wrongInt(word, err)
	}
	v, err := strconv.ParseUint(word, 10, 64)
	t.h.Order.PutUint64(t.left, v)
	return wrongInt(word, err)
}

func wrongInt(word string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, strconv.ErrRange):
		return unfit(word)
	}
	return notNumber(word)
}

func notNumber(word string) error {
	return Damaged("holds %.20q where a number should stand", word)
}

func unfit(word string) error { return Damaged("holds the number %.20s, which its type cannot", word) }

// hexReader makes bytes of pairs of digits.
type hexReader struct{ r *bufio.Reader }

func newHexReader(r io.Reader) io.Reader { return hexReader{bufio.NewReader(r)} }

func (h hexReader) Read(p []byte) (int, error) {
	for i := range p {
		high, err := h.digit()
		if err != nil {
			return i, err
		}
		low, err := h.digit()
		if err != nil {
			return i, err
		}
		p[i] = high<<4 | low
	}
	return len(p), nil
}

func (h hexReader) digit() (byte, error) {
	for {
		b, err := h.r.ReadByte()
		switch {
		case err != nil:
			return 0, err
		case b >= '0' && b <= '9':
			return b - '0', nil
		case b|0x20 >= 'a' && b|0x20 <= 'f':
			return b | 0x20 - 'a' + 10, nil
		case !gap(b):
			return 0, Damaged("holds %q where a digit should stand", string(rune(b)))
		}
	}
}
