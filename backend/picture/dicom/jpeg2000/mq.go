package jpeg2000

// mqState is a row of the probability table (T.800 table C.2).
type mqState struct {
	qe         uint32
	nmps, nlps uint8
	swap       uint8
}

var mqTable = [47]mqState{
	{0x5601, 1, 1, 1}, {0x3401, 2, 6, 0}, {0x1801, 3, 9, 0}, {0x0ac1, 4, 12, 0},
	{0x0521, 5, 29, 0}, {0x0221, 38, 33, 0}, {0x5601, 7, 6, 1}, {0x5401, 8, 14, 0},
	{0x4801, 9, 14, 0}, {0x3801, 10, 14, 0}, {0x3001, 11, 17, 0}, {0x2401, 12, 18, 0},
	{0x1c01, 13, 20, 0}, {0x1601, 29, 21, 0}, {0x5601, 15, 14, 1}, {0x5401, 16, 14, 0},
	{0x5101, 17, 15, 0}, {0x4801, 18, 16, 0}, {0x3801, 19, 17, 0}, {0x3401, 20, 18, 0},
	{0x3001, 21, 19, 0}, {0x2801, 22, 19, 0}, {0x2401, 23, 20, 0}, {0x2201, 24, 21, 0},
	{0x1c01, 25, 22, 0}, {0x1801, 26, 23, 0}, {0x1601, 27, 24, 0}, {0x1401, 28, 25, 0},
	{0x1201, 29, 26, 0}, {0x1101, 30, 27, 0}, {0x0ac1, 31, 28, 0}, {0x09c1, 32, 29, 0},
	{0x08a1, 33, 30, 0}, {0x0521, 34, 31, 0}, {0x0441, 35, 32, 0}, {0x02a1, 36, 33, 0},
	{0x0221, 37, 34, 0}, {0x0141, 38, 35, 0}, {0x0111, 39, 36, 0}, {0x0085, 40, 37, 0},
	{0x0049, 41, 38, 0}, {0x0025, 42, 39, 0}, {0x0015, 43, 40, 0}, {0x0009, 44, 41, 0},
	{0x0005, 45, 42, 0}, {0x0001, 45, 43, 0}, {0x5601, 46, 46, 0},
}

// Context labels.
const (
	ctxSign      = 9
	ctxMagnitude = 14
	ctxRun       = 17
	ctxUniform   = 18
	contexts     = 19
)

// mq is the arithmetic decoder (T.800 annex C). Beyond its data it reads ones.
type mq struct {
	data  []byte
	pos   int
	a, c  uint32
	ct    int
	state [contexts]uint8
	mps   [contexts]uint8
}

// start begins a codeword segment; the contexts stay.
func (m *mq) start(data []byte) {
	m.data, m.pos = data, 0
	m.c = uint32(m.byteAt(0)) << 16
	m.bytein()
	m.c <<= 7
	m.ct -= 7
	m.a = 0x8000
}

// reset gives the contexts their first probabilities.
func (m *mq) reset() {
	m.state, m.mps = [contexts]uint8{}, [contexts]uint8{}
	m.state[0], m.state[ctxRun], m.state[ctxUniform] = 4, 3, 46
}

func (m *mq) byteAt(i int) byte {
	if i < len(m.data) {
		return m.data[i]
	}
	return 0xff
}

func (m *mq) bytein() {
	next := uint32(m.byteAt(m.pos + 1))
	if m.byteAt(m.pos) != 0xff {
		m.pos++
		m.c += next << 8
		m.ct = 8
		return
	}
	if next > 0x8f {
		m.c += 0xff00
		m.ct = 8
		return
	}
	m.pos++
	m.c += next << 9
	m.ct = 7
}

// decode reads one decision in a context.
func (m *mq) decode(ctx uint8) uint8 {
	s := &mqTable[m.state[ctx]]
	d := m.mps[ctx]
	m.a -= s.qe
	if m.c>>16 < s.qe {
		if m.a < s.qe {
			m.state[ctx] = s.nmps
		} else {
			m.mps[ctx] ^= s.swap
			m.state[ctx] = s.nlps
			d ^= 1
		}
		m.a = s.qe
	} else {
		m.c -= s.qe << 16
		if m.a&0x8000 != 0 {
			return d
		}
		if m.a < s.qe {
			m.mps[ctx] ^= s.swap
			m.state[ctx] = s.nlps
			d ^= 1
		} else {
			m.state[ctx] = s.nmps
		}
	}
	for {
		if m.ct == 0 {
			m.bytein()
		}
		m.a <<= 1
		m.c <<= 1
		m.ct--
		if m.a&0x8000 != 0 {
			return d
		}
	}
}

// raw reads the bits of segments that bypass the arithmetic coder: after a
// byte of 0xff, the next has seven.
type raw struct {
	data []byte
	pos  int
	last byte
	n    uint
}

func (r *raw) bit() uint8 {
	if r.n == 0 {
		r.n = 8
		if r.last == 0xff {
			r.n = 7
		}
		r.last = 0xff
		if r.pos < len(r.data) {
			r.last = r.data[r.pos]
		}
		r.pos++
	}
	r.n--
	return r.last >> r.n & 1
}
