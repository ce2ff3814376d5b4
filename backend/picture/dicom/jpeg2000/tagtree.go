package jpeg2000

// tagTree codes a grid of numbers by minima of ever larger groups
// (T.800 B.10.2).
type tagTree struct {
	levels []tagLevel
}

type tagLevel struct {
	wide  int
	nodes []tagNode
}

type tagNode struct {
	low   int // the value is at least this
	known bool
}

func newTagTree(wide, high int) *tagTree {
	t := &tagTree{}
	for {
		t.levels = append(t.levels, tagLevel{wide, make([]tagNode, wide*high)})
		if wide <= 1 && high <= 1 {
			return t
		}
		wide, high = (wide+1)/2, (high+1)/2
	}
}

// below reads until it is known whether leaf i is below limit, and reports it.
func (t *tagTree) below(b *headerBits, i, limit int) bool {
	x, y, low := i%t.levels[0].wide, i/t.levels[0].wide, 0
	for l := len(t.levels) - 1; l >= 0; l-- {
		level := &t.levels[l]
		n := &level.nodes[(y>>l)*level.wide+x>>l]
		n.low = max(n.low, low)
		for n.low < limit && !n.known {
			if b.bit() == 1 {
				n.known = true
			} else {
				n.low++
			}
		}
		low = n.low
	}
	n := &t.levels[0].nodes[i]
	return n.known && n.low < limit
}

// value reads leaf i, or a number of at least limit.
func (t *tagTree) value(b *headerBits, i, limit int) int {
	for v := 1; v <= limit && !b.ended(); v++ {
		if t.below(b, i, v) {
			return v - 1
		}
	}
	return limit
}

// headerBits reads packet headers: after a byte of 0xff, the next has seven
// bits.
type headerBits struct {
	data []byte
	pos  int
	last byte
	n    uint
}

func (b *headerBits) bit() int {
	if b.n == 0 {
		b.n = 8
		if b.last == 0xff {
			b.n = 7
		}
		b.last = 0
		if b.pos < len(b.data) {
			b.last = b.data[b.pos]
		}
		b.pos++
	}
	b.n--
	return int(b.last >> b.n & 1)
}

func (b *headerBits) bits(n int) int {
	v := 0
	for range n {
		v = v<<1 | b.bit()
	}
	return v
}

func (b *headerBits) ended() bool { return b.pos > len(b.data) }

// align goes to the next whole byte, past the one stuffed after 0xff.
func (b *headerBits) align() {
	if b.last == 0xff {
		b.pos++
	}
	b.n, b.last = 0, 0
}
