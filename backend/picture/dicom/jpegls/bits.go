package jpegls

import "math/bits"

// bitReader reads entropy-coded data: after a byte of 0xff only seven bits of
// the next one count, and one with the eighth set is a marker.
type bitReader struct {
	data []byte
	pos  int
	acc  uint64
	n    uint // valid bits of acc
	over uint // zero bits handed out beyond the end
	full bool // the byte before was 0xff
}

// fill makes at least 32 bits available, zeros beyond the data.
func (b *bitReader) fill() {
	for b.n <= 48 {
		width := uint(8)
		if b.full {
			width = 7
		}
		v := byte(0)
		if b.pos >= len(b.data) || b.full && b.data[b.pos] >= 0x80 {
			b.over += width
		} else {
			v = b.data[b.pos]
			b.pos++
			b.full = v == 0xff
		}
		b.acc = b.acc<<width | uint64(v)
		b.n += width
	}
}

// ended reports whether bits were used that the data do not have.
func (b *bitReader) ended() bool { return b.over > b.n }

// end is where the reader stopped: before the marker, if there was one.
func (b *bitReader) end() int {
	if b.full {
		return b.pos - 1
	}
	return b.pos
}

// take reads n bits, at most 24.
func (b *bitReader) take(n uint) int32 {
	if b.n < n {
		b.fill()
	}
	b.n -= n
	return int32(b.acc >> b.n & (1<<n - 1))
}

// zeros counts the zeros before the next one, and takes both. It stops at most.
func (b *bitReader) zeros(most int) int {
	count := 0
	for count < most {
		if b.n < 32 {
			b.fill()
		}
		lead := bits.LeadingZeros64(b.acc << (64 - b.n))
		if lead < int(b.n) && lead < most-count+1 {
			b.n -= uint(lead) + 1
			return count + lead
		}
		lead = min(lead, int(b.n), most-count)
		b.n -= uint(lead)
		count += lead
	}
	b.take(1)
	return count
}

// restart goes on behind restart marker n, and reports whether it is the next
// one in the data.
func (b *bitReader) restart(n int) bool {
	pos := b.end()
	for pos+1 < len(b.data) && (b.data[pos] != 0xff || b.data[pos+1] < 0x80 || b.data[pos+1] == 0xff) { // 0xff may fill up
		pos++
	}
	if pos+1 >= len(b.data) || b.data[pos+1] != markerRST0+byte(n&7) {
		return false
	}
	*b = bitReader{data: b.data, pos: pos + 2}
	return true
}
