package jpeg

import (
	"encoding/binary"
	"errors"
)

const lookBits = 9

// huffman is a code table: short codes by look-up, longer ones by length.
type huffman struct {
	look    [1 << lookBits]uint16 // length<<8 | value, or 0
	maxCode [18]int32             // largest code of each length, -1 for none
	offset  [17]int32             // index of a length's first value minus its first code
	values  []byte
}

// newHuffman reads the sixteen counts and the values of a table and returns
// the number of bytes it took.
func newHuffman(b []byte) (*huffman, int, error) {
	total := 0
	for _, n := range b[:16] {
		total += int(n)
	}
	if total > 256 || len(b) < 16+total {
		return nil, 0, errors.New("more codes than data")
	}
	h := &huffman{values: append([]byte(nil), b[16:16+total]...)}
	code, index := int32(0), int32(0)
	for length := 1; length <= 16; length++ {
		n := int32(b[length-1])
		if code+n > 1<<length {
			return nil, 0, errors.New("more codes than fit their length")
		}
		h.offset[length] = index - code
		h.maxCode[length] = -1
		if n > 0 {
			h.maxCode[length] = code + n - 1
		}
		h.short(code, index, n, length)
		code, index = (code+n)<<1, index+n
	}
	return h, 16 + total, nil
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

// bitReader reads entropy-coded data: bytes with stuffed zeros after 0xff, ending
// before a marker.
type bitReader struct {
	data []byte
	pos  int
	acc  uint64
	n    uint // valid bits of acc
	over uint // zero bits handed out beyond the end
}

// fill makes at least 32 bits available, zeros beyond the data.
func (b *bitReader) fill() {
	if b.pos+8 <= len(b.data) && b.n <= 48 {
		if next := binary.BigEndian.Uint64(b.data[b.pos:]); !hasFF(next) {
			n := (56 - b.n) &^ 7
			b.acc = b.acc<<n | next>>(64-n)
			b.n += n
			b.pos += int(n / 8)
			return
		}
	}
	for b.n <= 48 {
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
		b.acc = b.acc<<8 | uint64(v)
		b.n += 8
	}
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

func (b *bitReader) take(n uint) int32 {
	if b.n < n {
		b.fill()
	}
	b.n -= n
	return int32(b.acc >> b.n & (1<<n - 1))
}

// decode reads one code. Codes that do not exist count as 0.
func (h *huffman) decode(b *bitReader) int {
	if b.n < 16 {
		b.fill()
	}
	if e := h.look[b.acc>>(b.n-lookBits)&(1<<lookBits-1)]; e != 0 {
		b.n -= uint(e >> 8)
		return int(e & 0xff)
	}
	for length := lookBits + 1; length <= 16; length++ {
		code := int32(b.acc >> (b.n - uint(length)) & (1<<length - 1))
		if code <= h.maxCode[length] {
			b.n -= uint(length)
			return int(h.values[h.offset[length]+code])
		}
	}
	b.n -= 16
	return 0
}

// signed reads an n-bit difference in JPEG's representation: values whose
// first bit is 0 are negative.
func (b *bitReader) signed(n uint) int32 {
	if n == 0 {
		return 0
	}
	v := b.take(n)
	if v < 1<<(n-1) {
		v += -1<<n + 1
	}
	return v
}
