package jpegls

// runOrder is J: the binary logarithm of the run lengths.
var runOrder = [32]uint{0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 9, 10, 11, 12, 13, 14, 15}

// scanner decodes one scan. Lines carry a sample before the first column and
// one behind the last, so that every neighbour exists.
type scanner struct {
	*coding
	bits     bitReader
	planes   []plane // all of the picture
	parts    []int   // components in this scan
	shift    uint    // point transform
	interval int     // rows of blocks between restart markers, 0 for none
	cut      bool    // the data ended before the scan did
}

// component is a component's two lines and its place in the table of runs.
type component struct {
	line, above []int32 // line[0] stands before the first column
	runIndex    int
	next        int // line to be decoded
}

// begin starts a line: the neighbours outside the picture take the values T.87
// A.2.1 gives them.
func (p *component) begin() {
	width := len(p.line) - 2
	p.line, p.above = p.above, p.line
	p.line[0] = p.above[1]
	p.above[width+1] = p.above[width]
}

// forget is the component's state at the start of a scan.
func (p *component) forget() {
	clear(p.line)
	clear(p.above)
	p.runIndex = 0
}

// run decodes all lines. Components lie sample by sample, or line by line: then
// as many lines of each follow each other as the component has rows in a block
// (T.87 4.2).
func (s *scanner) run(bySample bool) {
	parts := make([]component, len(s.parts))
	rows := 0 // of blocks
	for i, part := range s.parts {
		p := &s.planes[part]
		parts[i] = component{line: make([]int32, p.width+2), above: make([]int32, p.width+2)}
		if len(parts) == 1 {
			p.block = 1
		}
		rows = max(rows, (p.height+p.block-1)/p.block)
	}
	for y := range rows {
		if s.interval > 0 && y > 0 && y%s.interval == 0 {
			if s.cut = !s.bits.restart(y/s.interval - 1); s.cut {
				return
			}
			s.forget()
			for i := range parts {
				parts[i].forget()
			}
		}
		if bySample {
			s.lineBySample(parts)
		} else {
			s.block(parts)
		}
		if s.cut = s.bits.ended(); s.cut {
			return
		}
	}
}

// block decodes the lines of a row of blocks.
func (s *scanner) block(parts []component) {
	for i := range parts {
		plane := &s.planes[s.parts[i]]
		for range plane.block {
			if parts[i].next < plane.height {
				parts[i].begin()
				s.line(&parts[i])
				s.store(&parts[i], plane)
			}
		}
	}
}

// store takes a decoded line over into the component's plane.
func (s *scanner) store(p *component, to *plane) {
	out := to.pix[p.next*to.width*to.step:]
	for x, v := range p.line[1 : to.width+1] {
		out[x*to.step] = uint16(v << s.shift)
	}
	p.next++
}

// line decodes one component's line.
func (s *scanner) line(p *component) {
	for x, end := 1, len(p.line)-2; x <= end; x++ {
		ra, rb, rc, rd := p.line[x-1], p.above[x], p.above[x-1], p.above[x+1]
		if q := s.neighbourhood(ra, rb, rc, rd); q != 0 {
			p.line[x] = s.sample(q, ra, rb, rc)
			continue
		}
		n := s.length(p, end-x+1)
		for i := range n {
			p.line[x+i] = ra
		}
		if x += n; x <= end {
			p.line[x] = s.interruption(p.line[x-1], p.above[x], p.runIndex, true)
			p.runIndex = max(p.runIndex-1, 0)
		}
	}
}

// lineBySample decodes the components' lines in turn, one sample of each. They
// share their runs.
func (s *scanner) lineBySample(parts []component) {
	first := &parts[0]
	q := make([]int, len(parts))
	for i := range parts {
		parts[i].begin()
	}
	defer func() {
		for i := range parts {
			s.store(&parts[i], &s.planes[s.parts[i]])
		}
	}()
	for x, end := 1, len(first.line)-2; x <= end; x++ {
		flat := true
		for i := range parts {
			p := &parts[i]
			q[i] = s.neighbourhood(p.line[x-1], p.above[x], p.above[x-1], p.above[x+1])
			flat = flat && q[i] == 0
		}
		if !flat {
			for i := range parts {
				p := &parts[i]
				p.line[x] = s.sample(q[i], p.line[x-1], p.above[x], p.above[x-1])
			}
			continue
		}
		n := s.length(first, end-x+1)
		for i := range parts {
			for j := range n {
				parts[i].line[x+j] = parts[i].line[x-1]
			}
		}
		if x += n; x <= end {
			for i := range parts {
				parts[i].line[x] = s.interruption(parts[i].line[x-1], parts[i].above[x], first.runIndex, false)
			}
			first.runIndex = max(first.runIndex-1, 0)
		}
	}
}

// sample decodes a sample in the context q (T.87 A.4 and A.5).
func (s *scanner) sample(q int, ra, rb, rc int32) int32 {
	sign := int32(1)
	if q < 0 {
		q, sign = -q, -1
	}
	x := &s.contexts[q]
	predicted := min(max(median(ra, rb, rc)+sign*x.c, 0), int32(s.maxValue))
	k := golomb(x.a, x.n)
	code := s.code(k, s.limit)
	err := code >> 1
	if code&1 == 1 {
		err = -err - 1
	}
	if k == 0 && s.near == 0 && 2*x.b <= -x.n {
		err = -err - 1
	}
	x.update(err, s.coding)
	return s.reconstruct(predicted, sign*err)
}

// median predicts from the left, above and above left: along an edge where
// there seems to be one.
func median(a, b, c int32) int32 {
	switch {
	case c >= max(a, b):
		return min(a, b)
	case c <= min(a, b):
		return max(a, b)
	default:
		return a + b - c
	}
}

// code reads a limited-length Golomb code.
func (s *scanner) code(k uint, limit int) int32 {
	zeros := s.bits.zeros(limit - s.wide - 1)
	if zeros >= limit-s.wide-1 {
		return s.bits.take(uint(s.wide)) + 1
	}
	return int32(zeros)<<k | s.bits.take(k)
}

// length reads how far a run goes, at most left samples.
func (s *scanner) length(p *component, left int) int {
	n := 0
	for s.bits.take(1) == 1 {
		step := 1 << runOrder[p.runIndex]
		if n+step > left {
			return left
		}
		if n += step; p.runIndex < 31 {
			p.runIndex++
		}
		if n == left {
			return n
		}
	}
	if order := runOrder[p.runIndex]; order > 0 {
		n += int(s.bits.take(order))
	}
	return min(n, left)
}

// interruption decodes the sample that ends a run (T.87 A.7.2). Where
// components lie sample by sample, the left neighbour is never the prediction.
func (s *scanner) interruption(ra, rb int32, runIndex int, may bool) int32 {
	same := int32(0)
	predicted, sign := rb, int32(1)
	if may && max(ra-rb, rb-ra) <= int32(s.near) {
		same, predicted = 1, ra
	} else if ra > rb {
		sign = -1
	}
	x := &s.runs[same]
	k := golomb(x.a+same*(x.n>>1), x.n)
	code := s.code(k, s.limit-int(runOrder[runIndex])-1)
	odd := (code + same) & 1
	err := (code + same + odd) >> 1
	if (odd == 1) == (k != 0 || 2*x.negative >= x.n) {
		err = -err
	}
	if err < 0 {
		x.negative++
	}
	x.a += (code + 1 - same) >> 1
	if x.n == int32(s.reset) {
		x.a, x.n, x.negative = x.a>>1, x.n>>1, x.negative>>1
	}
	x.n++
	return s.reconstruct(predicted, sign*err)
}
