package jpeg2000

import (
	"bytes"
	"encoding/binary"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"picasso/backend/fixtures"
	"testing"
)

// TestArithmeticDecoder decodes the test sequence of ITU-T T.88 annex H.2,
// whose coder is the same.
func TestArithmeticDecoder(t *testing.T) {
	coded := []byte{
		0x84, 0xc7, 0x3b, 0xfc, 0xe1, 0xa1, 0x43, 0x04, 0x02, 0x20, 0x00, 0x00, 0x41, 0x0d, 0xbb,
		0x86, 0xf4, 0x31, 0x7f, 0xff, 0x88, 0xff, 0x37, 0x47, 0x1a, 0xdb, 0x6a, 0xdf, 0xff, 0xac,
	}
	want := []byte{
		0x00, 0x02, 0x00, 0x51, 0x00, 0x00, 0x00, 0xc0, 0x03, 0x52, 0x87, 0x2a, 0xaa, 0xaa, 0xaa, 0xaa,
		0x82, 0xc0, 0x20, 0x00, 0xfc, 0xd7, 0x9e, 0xf6, 0xbf, 0x7f, 0xed, 0x90, 0x4f, 0x46, 0xa3, 0xbf,
	}
	var m mq
	m.start(coded)
	for i, w := range want {
		var got byte
		for range 8 {
			got = got<<1 | m.decode(0)
		}
		if got != w {
			t.Fatalf("byte %d is %#x, want %#x", i, got, w)
		}
	}
}

// TestReversibleTransform undoes the forward 5/3 transform exactly, for lines
// of any length and beginning.
func TestReversibleTransform(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for n := 1; n < 20; n++ {
		for _, odd := range []bool{false, true} {
			want := make([]int32, n)
			for i := range want {
				want[i] = int32(r.IntN(4096)) - 2048
			}
			line := append([]int32(nil), want...)
			forward(line, odd)
			reversible(line, odd)
			for i := range want {
				if line[i] != want[i] {
					t.Fatalf("length %d, odd %v: sample %d is %d, want %d", n, odd, i, line[i], want[i])
				}
			}
		}
	}
}

// forward is T.800 F.4.8.1.
func forward(v []int32, odd bool) {
	first := 0
	if odd {
		first = 1
	}
	if len(v) == 1 {
		if odd {
			v[0] *= 2
		}
		return
	}
	for i := 1 - first; i < len(v); i += 2 {
		v[i] -= (mirror(v, i-1) + mirror(v, i+1)) >> 1
	}
	for i := first; i < len(v); i += 2 {
		v[i] += (mirror(v, i-1) + mirror(v, i+1) + 2) >> 2
	}
}

// TestIrreversibleTransform gives a constant line for a constant low band.
func TestIrreversibleTransform(t *testing.T) {
	for n := 2; n < 12; n++ {
		line := make([]float32, n)
		for i := 0; i < n; i += 2 {
			line[i] = 100
		}
		irreversible(line, false)
		for i, v := range line {
			if math.Abs(float64(v)-100) > 0.01 {
				t.Errorf("length %d: sample %d is %v", n, i, v)
			}
		}
	}
}

// TestSingleSamples: a line of one sample that begins odd is halved towards zero
// by the reversible transform, and kept by the irreversible one, whose high
// band has its gain elsewhere.
func TestSingleSamples(t *testing.T) {
	whole, real := []int32{-5}, []float32{-5}
	reversible(whole, true)
	irreversible(real, true)
	if whole[0] != -2 || real[0] != -5 {
		t.Errorf("%v, %v", whole, real)
	}
}

// TestTagTree reads the example of T.800 B.10.2: leaves 1, 3, 2 and 3, 1, 1…
// begin with the bits 01111, 001, 101.
func TestTagTree(t *testing.T) {
	tree := newTagTree(6, 3)
	b := &headerBits{data: []byte{0b01111001, 0b10100000}}
	for i, want := range []int{1, 3, 2} {
		if got := tree.value(b, i, 10); got != want {
			t.Errorf("leaf %d is %d, want %d", i, got, want)
		}
	}
}

// grey is a stream of 5×3 pixels of 8 bits whose only packet is empty.
func grey() []byte {
	out := []byte{0xff, 0x4f, 0xff, 0x51, 0, 41, 0, 0}
	for _, v := range []uint32{5, 3, 0, 0, 5, 3, 0, 0} {
		out = binary.BigEndian.AppendUint32(out, v)
	}
	out = append(out, 0, 1, 7, 1, 1)
	out = append(out, 0xff, 0x52, 0, 12, 0, 0, 0, 1, 0, 1, 4, 4, 0, 1)
	out = append(out, 0xff, 0x5c, 0, 7, 0x40, 0x40, 0x48, 0x48, 0x50)
	out = append(out, 0xff, 0x90, 0, 10, 0, 0, 0, 0, 0, 16, 0, 1, 0xff, 0x93, 0, 0)
	return append(out, 0xff, 0xd9)
}

func TestEmptyPacketIsMiddleGrey(t *testing.T) {
	m, err := Decode(grey(), 15)
	if err != nil {
		t.Fatal(err)
	}
	if m.Width != 5 || m.Height != 3 || !m.Lossless {
		t.Errorf("%+v", m)
	}
	for i, v := range m.Pix {
		if v != 128 {
			t.Errorf("sample %d is %d", i, v)
		}
	}
}

func TestRefused(t *testing.T) {
	if _, err := Decode(grey(), 14); err == nil {
		t.Error("a picture over the limit is decoded")
	}
	for n := range 84 { // the one byte of the packet is behind these
		if m, err := Decode(grey()[:n], 15); err == nil {
			t.Errorf("cut at %d: %+v", n, m)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(grey())
	ours, _ := filepath.Glob(filepath.Join("testdata", "*.j2k"))
	for _, path := range ours {
		if data, err := os.ReadFile(path); err == nil {
			f.Add(data)
		}
	}
	files := fixtures.Glob("dicom", "files", "pydicom*", "*.dcm")
	for _, path := range files {
		data, err := os.ReadFile(path)
		if at := bytes.Index(data, []byte{0xff, 0x4f, 0xff, 0x51}); err == nil && at >= 0 && len(data) < 40_000 {
			f.Add(data[at:])
		}
	}
	const limit = 1 << 12
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := Decode(data, limit)
		if err == nil && len(m.Pix) != m.Width*m.Height*m.Components {
			t.Errorf("%d samples for %d×%d×%d", len(m.Pix), m.Width, m.Height, m.Components)
		}
	})
}
