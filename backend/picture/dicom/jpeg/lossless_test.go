package jpeg

import (
	"encoding/binary"
	"fmt"
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"
)

// picture is what the test's encoder writes.
type picture struct {
	width, height, components, precision int
	predictor, shift, restart            int // restart in lines
	pix                                  []uint16
}

// bitWriter writes entropy-coded data.
type bitWriter struct {
	out []byte
	acc uint64
	n   uint
}

func (w *bitWriter) put(v uint32, n uint) {
	w.acc, w.n = w.acc<<n|uint64(v)&(1<<n-1), w.n+n
	for ; w.n >= 8; w.n -= 8 {
		b := byte(w.acc >> (w.n - 8))
		if w.out = append(w.out, b); b == 0xff {
			w.out = append(w.out, 0)
		}
	}
}

func (w *bitWriter) flush() {
	for w.n != 0 {
		w.put(1, 1)
	}
}

func segment(out []byte, marker byte, body []byte) []byte {
	out = binary.BigEndian.AppendUint16(append(out, 0xff, marker), uint16(len(body)+2))
	return append(out, body...)
}

// encode writes a lossless stream. All categories have codes of five bits.
func (p *picture) encode() []byte {
	frame := []byte{byte(p.precision), byte(p.height >> 8), byte(p.height), byte(p.width >> 8), byte(p.width), byte(p.components)}
	scan := []byte{byte(p.components)}
	for c := range p.components {
		frame = append(frame, byte(c+1), 0x11, 0)
		scan = append(scan, byte(c+1), 0)
	}
	table := make([]byte, 17, 34)
	table[5] = 17
	for i := range byte(17) {
		table = append(table, i)
	}
	out := segment([]byte{0xff, markerSOI}, markerSOF3, frame)
	out = segment(out, markerDHT, table)
	if p.restart > 0 {
		out = segment(out, markerDRI, []byte{byte(p.restart * p.width >> 8), byte(p.restart * p.width)})
	}
	out = segment(out, markerSOS, append(scan, byte(p.predictor), 0, byte(p.shift)))
	return append(append(out, p.data()...), 0xff, markerEOI)
}

func (p *picture) data() []byte {
	w := &bitWriter{}
	at := func(x, y, c int) int32 { return int32(p.pix[(y*p.width+x)*p.components+c]) >> p.shift }
	for y := range p.height {
		fresh := y == 0 || p.restart > 0 && y%p.restart == 0
		if fresh && y > 0 {
			w.flush()
			w.out = append(w.out, 0xff, markerRST0+byte(y/p.restart-1)%8)
		}
		for x := range p.width {
			for c := range p.components {
				var v int32
				switch {
				case x == 0 && fresh:
					v = 1 << (p.precision - p.shift - 1)
				case x == 0:
					v = at(x, y-1, c)
				case fresh:
					v = at(x-1, y, c)
				default:
					v = predict(p.predictor, at(x-1, y, c), at(x, y-1, c), at(x-1, y-1, c))
				}
				w.difference(int16(at(x, y, c) - v))
			}
		}
	}
	w.flush()
	return w.out
}

func (w *bitWriter) difference(d int16) {
	if d == -32768 {
		w.put(16, 5)
		return
	}
	n := uint(bits.Len16(uint16(max(d, -d))))
	w.put(uint32(n), 5)
	if d < 0 {
		d += 1<<n - 1
	}
	w.put(uint32(d), n)
}

func random(p picture) picture {
	r := rand.New(rand.NewPCG(1, uint64(p.width*p.height)))
	p.pix = make([]uint16, p.width*p.height*p.components)
	for i := range p.pix {
		p.pix[i] = uint16(r.Uint32()) >> (16 - p.precision) >> p.shift << p.shift
	}
	return p
}

func TestLosslessIsExact(t *testing.T) {
	for predictor := 1; predictor <= 7; predictor++ {
		for _, p := range []picture{
			{width: 7, height: 5, components: 1, precision: 16},
			{width: 7, height: 5, components: 1, precision: 12, restart: 2},
			{width: 3, height: 4, components: 3, precision: 8},
			{width: 9, height: 2, components: 1, precision: 10, shift: 3},
			{width: 1, height: 6, components: 1, precision: 2},
		} {
			p.predictor = predictor
			p := random(p)
			t.Run(fmt.Sprintf("%d,%d bits,%d components,%d×%d", predictor, p.precision, p.components, p.width, p.height), func(t *testing.T) {
				m, err := Decode(p.encode(), len(p.pix))
				if err != nil {
					t.Fatal(err)
				}
				if !slices.Equal(m.Pix, p.pix) || m.Truncated || !m.Lossless || m.Precision != p.precision {
					t.Errorf("got %v, want %v, %+v", m.Pix, p.pix, m)
				}
			})
		}
	}
}

func TestTruncatedStreamsSaySo(t *testing.T) {
	p := random(picture{width: 16, height: 16, components: 1, precision: 12, predictor: 1})
	data := p.encode()
	for n := range data {
		m, err := Decode(data[:n], len(p.pix))
		if err == nil && !m.Truncated && n < len(data)-2 {
			t.Errorf("cut at %d of %d bytes without notice", n, len(data))
		}
	}
}

func TestLargerThanAllowed(t *testing.T) {
	p := random(picture{width: 16, height: 16, components: 1, precision: 12, predictor: 1})
	if _, err := Decode(p.encode(), len(p.pix)-1); err == nil {
		t.Error("decoded")
	}
}
