package jpeg

import (
	"bytes"
	"sync"

	"picasso/backend/picture/kernel"
)

// lent is memory that one picture after the other is decoded in.
type lent struct {
	samples []uint8 // of planes
	blocks  []kernel.Block
	kinds   []kernel.Kind
	tables  [2][4]*huffman // of the picture before, which often has the same
}

// mostLent bounds the samples that are kept for the next picture.
const mostLent = 8 << 20

var waiting = sync.Pool{New: func() any { return new(lent) }}

// planes are n bytes, all 0, for the samples of a picture.
func (l *lent) planes(n int) []uint8 {
	if cap(l.samples) < n {
		l.samples = make([]uint8, n)
		return l.samples
	}
	l.samples = l.samples[:n]
	clear(l.samples)
	return l.samples
}

// stripe is room for n blocks.
func (l *lent) stripe(n int) ([]kernel.Block, []kernel.Kind) {
	if cap(l.blocks) < n {
		l.blocks, l.kinds = make([]kernel.Block, n), make([]kernel.Kind, n)
	}
	return l.blocks[:n], l.kinds[:n]
}

// table reads a table, where it is another than the one before in its place.
func (l *lent) table(class, id byte, b []byte) (*huffman, error) {
	before := &l.tables[class][id]
	if *before != nil && bytes.HasPrefix(b, (*before).coded) {
		return *before, nil
	}
	h, err := newHuffman(b)
	if err == nil {
		*before = h
	}
	return h, err
}

// giveBack keeps the memory for another picture.
func (l *lent) giveBack() {
	if cap(l.samples) <= mostLent {
		waiting.Put(l)
	}
}
