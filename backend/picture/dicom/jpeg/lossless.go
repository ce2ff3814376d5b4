package jpeg

import "fmt"

// lossless decodes predicted samples (T.81 annex H).
func (s *scanner) lossless() error {
	if s.predictor < 1 || s.predictor > 7 || int(s.shift) >= s.frame.precision {
		return fmt.Errorf("%w: predictor %d, point transform %d", errSyntax, s.predictor, s.shift)
	}
	if s.restart%s.frame.width != 0 {
		return fmt.Errorf("%w: restart markers within a line", errSyntax)
	}
	lines := s.restart / s.frame.width // between restarts
	for y := range s.frame.height {
		fresh := y == 0 || lines > 0 && y%lines == 0
		if fresh && y > 0 && !s.resync() {
			s.image.Truncated = true
			break
		}
		s.line(y, fresh)
		if s.bits.ended() && !s.atRestart() {
			s.image.Truncated = true
			break
		}
	}
	s.scale()
	return nil
}

// line decodes line y of every component, sample by sample in turn. A fresh
// line is the first one, or the first after a restart: it is predicted from the
// left alone.
func (s *scanner) line(y int, fresh bool) {
	for i := range s.parts {
		s.parts[i].begin(y, fresh)
	}
	how := s.predictor
	if fresh {
		how = 1
	}
	for x := range s.frame.width {
		for i := range s.parts {
			p := &s.parts[i]
			if x == 0 {
				p.left = p.first(s.frame.precision - int(s.shift) - 1)
			} else {
				p.left = predict(how, p.left, int32(p.above[x]), int32(p.above[x-1]))
			}
			p.left = (p.left + s.difference(p.dc)) & 0xffff
			p.row[x] = uint16(p.left)
		}
	}
}

// begin sets the rows that line y is decoded from and to. A fresh line looks
// at itself, so that the rows are never nil.
func (p *scanPart) begin(y int, fresh bool) {
	p.row = p.component.row(y)
	p.above, p.fresh = p.row, fresh
	if !fresh {
		p.above = p.component.row(y - 1)
	}
}

// first predicts the first sample of a line.
func (p *scanPart) first(middle int) int32 {
	if p.fresh {
		return 1 << middle
	}
	return int32(p.above[0])
}

// difference reads one difference. Category 16 stands for 32768 alone.
func (s *scanner) difference(h *huffman) int32 {
	n := h.decode(&s.bits)
	if n >= 16 {
		return 32768
	}
	return s.bits.signed(uint(n))
}

// predict is T.81 table H.1 of the samples to the left (a), above (b) and
// above left (c).
func predict(how int, a, b, c int32) int32 {
	switch how {
	case 1:
		return a
	case 2:
		return b
	case 3:
		return c
	case 4:
		return a + b - c
	case 5:
		return a + (b-c)>>1
	case 6:
		return b + (a-c)>>1
	default:
		return (a + b) >> 1
	}
}

// scale undoes the point transform.
func (s *scanner) scale() {
	if s.shift == 0 {
		return
	}
	for _, p := range s.parts {
		for i := range p.pix {
			p.pix[i] <<= s.shift
		}
	}
}
