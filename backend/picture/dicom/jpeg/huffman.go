package jpeg

import (
	"bytes"
	"encoding/binary"
	"errors"
)

// lookBits is how many bits are looked up together: a short code, and often the
// number behind it.
const lookBits = 11

// huffman is a code table: short codes by look-up, longer ones by length.
type huffman struct {
	look    [1 << lookBits]uint16 // length<<8 | value, or 0
	steps   *steps                // of sequential coding
	maxCode [18]int32             // largest code of each length, -1 for none
	offset  [17]int32             // index of a length's first value minus its first code
	coded   []byte                // the table as it is stored: sixteen counts, and the values
	values  []byte                // behind the counts
}

// newHuffman reads the sixteen counts and the values of a table.
func newHuffman(b []byte) (*huffman, error) {
	total := 0
	for _, n := range b[:16] {
		total += int(n)
	}
	if total > 256 || len(b) < 16+total {
		return nil, errors.New("more codes than data")
	}
	h := &huffman{coded: bytes.Clone(b[:16+total])}
	h.values = h.coded[16:]
	code, index := int32(0), int32(0)
	for length := 1; length <= 16; length++ {
		n := int32(b[length-1])
		if code+n > 1<<length {
			return nil, errors.New("more codes than fit their length")
		}
		h.offset[length] = index - code
		h.maxCode[length] = -1
		if n > 0 {
			h.maxCode[length] = code + n - 1
		}
		h.short(code, index, n, length)
		code, index = (code+n)<<1, index+n
	}
	return h, nil
}

// short enters n codes of one length into the look-up table.
func (h *huffman) short(code, index, n int32, length int) {
	if length > lookBits {
		return
	}
	for i := range n {
		entry := uint16(length)<<8 | uint16(h.values[index+i])
		first := (code + i) << (lookBits - length)
		for j := range int32(1) << (lookBits - length) {
			h.look[first+j] = entry
		}
	}
}

// steps are what codes of sequential coding stand for with the numbers behind them,
// where both together are short: number<<16 | places to go on<<8 | length of
// the code<<4 | length of both; 0 for others. A mean's code has no places to go on.
type steps [1 << lookBits]int32

// beyond is more places than a block has: behind it there is nothing more.
const beyond = 64

// numbered gives the table's steps. parts says what a value stands for: how many places to
// go on, and the length of the number.
func (h *huffman) numbered(parts func(value int) (on int, size uint)) *steps {
	if h.steps != nil {
		return h.steps
	}
	h.steps = new(steps)
	for i, e := range h.look {
		on, size := parts(int(e & 0xff))
		length := uint(e >> 8)
		if length == 0 || length+size > lookBits {
			continue
		}
		number := extend(int32(i>>(lookBits-length-size))&(1<<size-1), size)
		h.steps[i] = number<<16 | int32(on)<<8 | int32(length<<4|(length+size))
	}
	return h.steps
}

// ofMean is what the value of a mean's code stands for.
func ofMean(value int) (on int, size uint) { return 0, uint(min(value, 16)) }

// ofOther is what the value of another coefficient's code stands for.
func ofOther(value int) (on int, size uint) {
	run, size := value>>4, uint(value&15)
	if size == 0 && run != 15 {
		return beyond, 0
	}
	return run + 1, size
}

// step is what a code stands for with the number behind it, and the length of the code
// and of both together, whatever that is; bits begin with them.
func (h *huffman) step(bits uint64, parts func(value int) (on int, size uint)) (on int, number int32, code, length uint) {
	value, code := h.find(bits)
	on, size := parts(value)
	return on, extend(int32(bits<<code>>32>>(32-size)), size), code, code + size
}

// extend is the difference that n bits stand for in JPEG's representation: values whose
// first bit is 0 are negative.
func extend(v int32, n uint) int32 {
	if n > 0 && v < 1<<(n-1) {
		v += -1<<n + 1
	}
	return v
}

// bitReader reads entropy-coded data: bytes with stuffed zeros after 0xff, ending
// before a marker.
type bitReader struct {
	data []byte
	pos  int
	acc  uint64 // the next bits, from the highest on
	n    uint   // valid bits of acc; those behind them are 0, or what the data go on with
	over uint   // zero bits handed out beyond the end
}

// fill makes at least 56 bits available, zeros beyond the data.
func (b *bitReader) fill() { b.acc, b.n = b.filled(b.acc, b.n) }

// filled is fill for bits that are kept elsewhere.
func (b *bitReader) filled(acc uint64, n uint) (uint64, uint) {
	if b.pos+8 <= len(b.data) {
		if next := binary.BigEndian.Uint64(b.data[b.pos:]); !hasFF(next) {
			b.pos += int((63 - n) >> 3)
			return acc | next>>(n&63), n | 56
		}
	}
	for n <= 56 {
		v := byte(0)
		switch {
		case b.pos >= len(b.data):
			b.over += 8
		case b.data[b.pos] != 0xff:
			v = b.data[b.pos]
			b.pos++
		case b.pos+1 < len(b.data) && b.data[b.pos+1] == 0:
			v = 0xff
			b.pos += 2
		default: // a marker
			b.over += 8
		}
		acc |= uint64(v) << (56 - n)
		n += 8
	}
	return acc, n
}

// hasFF tells whether one of eight bytes is 0xff, which may begin a marker.
func hasFF(v uint64) bool {
	const ones, tops = 0x0101010101010101, 0x8080808080808080
	return (^v-ones)&v&tops != 0
}

// ended reports whether bits were used that the data do not have.
func (b *bitReader) ended() bool { return b.over > b.n }

// reset drops what is left of the bits and goes to the byte position pos.
func (b *bitReader) reset(pos int) {
	b.pos, b.acc, b.n, b.over = pos, 0, 0, 0
}

// take reads n bits, 16 at most.
func (b *bitReader) take(n uint) int32 {
	if b.n < n {
		b.fill()
	}
	v := int32(b.acc >> 32 >> (32 - n))
	b.acc <<= n
	b.n -= n
	return v
}

// decode reads one code. Codes that do not exist count as 0.
func (h *huffman) decode(b *bitReader) int {
	if b.n < 16 {
		b.fill()
	}
	value, length := h.find(b.acc)
	b.acc <<= length
	b.n -= length
	return value
}

// find is the code that bits begin with, from the highest on, and its length.
func (h *huffman) find(bits uint64) (value int, length uint) {
	if e := h.look[bits>>(64-lookBits)]; e != 0 {
		return int(e & 0xff), uint(e >> 8)
	}
	for length := uint(lookBits + 1); length <= 16; length++ {
		code := int32(bits >> (64 - length))
		if code <= h.maxCode[length] {
			return int(h.values[h.offset[length]+code]), length
		}
	}
	return 0, 16
}

// signed reads an n-bit difference.
func (b *bitReader) signed(n uint) int32 { return extend(b.take(n), n) }
