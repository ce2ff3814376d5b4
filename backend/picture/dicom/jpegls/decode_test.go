package jpegls

import (
	"bytes"
	"os"
	"picasso/backend/fixtures"
	"slices"
	"testing"
)

// example is the picture of T.87 annex H.3 and its code stream.
func example() ([]uint16, []byte) {
	return []uint16{0, 0, 90, 74, 68, 50, 43, 205, 64, 145, 145, 145, 100, 145, 145, 145},
		[]byte{
			0xff, 0xd8, 0xff, 0xf7, 0x00, 0x0b, 0x08, 0x00, 0x04, 0x00, 0x04, 0x01, 0x01, 0x11, 0x00,
			0xff, 0xda, 0x00, 0x08, 0x01, 0x01, 0x00, 0x00, 0x00, 0x00,
			0xc0, 0x00, 0x00, 0x6c, 0x80, 0x20, 0x8e, 0x01, 0xc0, 0x00, 0x00, 0x57, 0x40, 0x00, 0x00, 0x6e,
			0xe6, 0x00, 0x00, 0x01, 0xbc, 0x18, 0x00, 0x00, 0x05, 0xd8, 0x00, 0x00, 0x91, 0x60,
			0xff, 0xd9,
		}
}

func TestExampleOfTheStandard(t *testing.T) {
	want, data := example()
	m, err := Decode(data, 16)
	if err != nil || m.Truncated {
		t.Fatalf("%+v, %v", m, err)
	}
	if !slices.Equal(m.Pix, want) {
		t.Errorf("got %v, want %v", m.Pix, want)
	}
}

func TestDefaultThresholds(t *testing.T) {
	for _, c := range []struct{ precision, near, t1, t2, t3 int }{
		{8, 0, 3, 7, 21}, {12, 0, 18, 67, 276}, {16, 0, 18, 67, 276}, {8, 2, 9, 17, 35},
	} {
		got, err := newCoding(c.precision, c.near, preset{})
		if err != nil || got.t1 != c.t1 || got.t2 != c.t2 || got.t3 != c.t3 {
			t.Errorf("%+v: %d, %d, %d, %v", c, got.t1, got.t2, got.t3, err)
		}
	}
}

func TestTruncatedStreamsSaySo(t *testing.T) {
	_, data := example()
	for n := range len(data) - 8 {
		if m, err := Decode(data[:n], 16); err == nil && !m.Truncated {
			t.Errorf("cut at %d of %d bytes without notice", n, len(data))
		}
	}
}

func TestRefused(t *testing.T) {
	_, data := example()
	if _, err := Decode(data, 15); err == nil {
		t.Error("a picture over the limit is decoded")
	}
	for name, at := range map[string]int{"precision": 6, "mapping table": 21, "error bound": 22, "interleave": 23} {
		bad := bytes.Clone(data)
		bad[at] = 200
		if _, err := Decode(bad, 16); err == nil {
			t.Errorf("%s: decoded", name)
		}
	}
}

func FuzzDecode(f *testing.F) {
	_, data := example()
	f.Add(data)
	f.Add(twice([]byte{0, 4}))
	files := fixtures.Glob("dicom", "files", "pydicom*", "*.dcm")
	for _, path := range files {
		data, err := os.ReadFile(path)
		if at := bytes.Index(data, []byte{0xff, 0xd8, 0xff, 0xf7}); err == nil && at >= 0 && len(data) < 40_000 {
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
