package jpegls

import (
	"bytes"
	"errors"
	"slices"
	"testing"
)

// scanOf is the entropy-coded data of the standard's example.
func scanOf() []byte {
	_, data := example()
	return data[25 : len(data)-2]
}

// twice is the example above itself, with a restart marker between.
func twice(interval []byte) []byte {
	out := []byte{0xff, 0xd8, 0xff, 0xf7, 0, 0x0b, 8, 0, 8, 0, 4, 1, 1, 0x11, 0, 0xff, 0xdd, 0, byte(2 + len(interval))}
	out = append(append(out, interval...), 0xff, 0xda, 0, 8, 1, 1, 0, 0, 0, 0)
	out = append(append(append(out, scanOf()...), 0xff, 0xd0), scanOf()...)
	return append(out, 0xff, 0xd9)
}

// Everything begins anew behind a restart marker, so that two pictures above
// each other are their two streams behind each other.
func TestRestartMarkers(t *testing.T) {
	one, _ := example()
	want := append(slices.Clone(one), one...)
	for _, interval := range [][]byte{{0, 4}, {0, 0, 4}, {0, 0, 0, 4}} {
		m, err := Decode(twice(interval), 32)
		if err != nil || m.Truncated || !slices.Equal(m.Pix, want) {
			t.Errorf("interval of %d bytes: %+v, %v", len(interval), m, err)
		}
	}
	filled := bytes.Replace(twice([]byte{0, 4}), []byte{0xff, 0xd0}, []byte{0xff, 0xff, 0xff, 0xd0}, 1)
	if m, err := Decode(filled, 32); err != nil || m.Truncated || !slices.Equal(m.Pix, want) {
		t.Errorf("with bytes that fill up: %+v, %v", m, err)
	}
	data := twice([]byte{0, 4})
	at := bytes.Index(data, []byte{0xff, 0xd0})
	data[at+1] = 0xd3 // another marker than the next one
	if m, err := Decode(data, 32); err != nil || !m.Truncated || !slices.Equal(m.Pix[:16], one) {
		t.Errorf("a marker out of turn: %+v, %v", m, err)
	}
}

// A component of half the height repeats its lines.
func TestComponentsOfDifferentSize(t *testing.T) {
	one, _ := example()
	data := []byte{0xff, 0xd8, 0xff, 0xf7, 0, 14, 8, 0, 8, 0, 4, 2, 1, 0x12, 0, 2, 0x11, 0, 0xff, 0xdd, 0, 4, 0, 4}
	first := append(append(scanOf(), 0xff, 0xd0), scanOf()...)
	data = append(append(data, 0xff, 0xda, 0, 8, 1, 1, 0, 0, 0, 0), first...)
	data = append(append(data, 0xff, 0xda, 0, 8, 1, 2, 0, 0, 0, 0), scanOf()...)
	data = append(data, 0xff, 0xd9)
	m, err := Decode(data, 64)
	if err != nil || m.Truncated || m.Components != 2 {
		t.Fatalf("%+v, %v", m, err)
	}
	for y := range 8 {
		for x := range 4 {
			got := [2]uint16(m.Pix[2*(4*y+x):])
			if want := [2]uint16{one[y%4*4+x], one[y/2*4+x]}; got != want {
				t.Fatalf("row %d, column %d is %v, want %v", y, x, got, want)
			}
		}
	}
}

// forward is the transforms as Hewlett-Packard's encoder applies them.
func forward(t transform, half, r, g, b int32) (x, y, z int32) {
	switch t {
	case 1:
		return r - g + half, g, b - g + half
	case 2:
		return r - g + half, g, b - (r+g)>>1 - half
	default:
		mask := 2*half - 1
		v2, v3 := (b-g+half)&mask, (r-g+half)&mask
		return g + (v2+v3)>>2 - half/2, v2, v3
	}
}

func TestColourTransformsAreUndone(t *testing.T) {
	for _, precision := range []int{8, 16} {
		half, mask := int32(1)<<(precision-1), int32(1)<<precision-1
		for id := transform(1); id <= 3; id++ {
			var want []uint16
			m := &Image{Precision: precision, Components: 3}
			for i := int32(0); i < 4000; i++ {
				r, g, b := i*7919&mask, i*104729&mask, i*1299709&mask
				want = append(want, uint16(r), uint16(g), uint16(b))
				x, y, z := forward(id, half, r, g, b)
				m.Pix = append(m.Pix, uint16(x&mask), uint16(y&mask), uint16(z&mask))
			}
			if id.undo(m); !slices.Equal(m.Pix, want) {
				t.Errorf("transform %d of %d bits is not undone", id, precision)
			}
		}
	}
}

func TestTransformsThatCannotBeUndone(t *testing.T) {
	_, data := example()
	for name, id := range map[string]byte{"of one component": 1, "unknown": 4} {
		marked := append([]byte{0xff, 0xd8, 0xff, 0xe8, 0, 7, 'm', 'r', 'f', 'x', id}, data[2:]...)
		if _, err := Decode(marked, 16); !errors.Is(err, ErrUnsupported) {
			t.Errorf("%s: %v", name, err)
		}
	}
	none := append([]byte{0xff, 0xd8, 0xff, 0xe8, 0, 7, 'm', 'r', 'f', 'x', 0}, data[2:]...)
	if m, err := Decode(none, 16); err != nil || m.Truncated {
		t.Errorf("no transform: %+v, %v", m, err)
	}
}
