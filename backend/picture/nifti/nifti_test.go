package nifti

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"math"
	"slices"
	"testing"

	"picasso/backend/picture/volume"
)

// sample writes a NIfTI-1 file of 3×2×2 signed 16-bit voxels 0…11, rescaled by
// 2x−10. Axes run to the right, front and head, as most files have them.
func sample(order binary.AppendByteOrder, change func(h []byte, put func(at int, v float32))) []byte {
	h := make([]byte, 352)
	bo := order.(binary.ByteOrder)
	put := func(at int, v float32) { bo.PutUint32(h[at:], math.Float32bits(v)) }
	bo.PutUint32(h, 348)
	for i, n := range []uint16{3, 3, 2, 2, 1, 1, 1, 1} {
		bo.PutUint16(h[40+2*i:], n)
	}
	bo.PutUint16(h[70:], 4)
	for i, v := range []float32{1, 0.5, 0.75, 3} {
		put(76+4*i, v)
	}
	put(108, 352)
	put(112, 2)
	put(116, -10)
	bo.PutUint16(h[254:], 1)
	put(280, 0.5)
	put(280+12, -20)
	put(296+4, 0.75)
	put(296+12, -30)
	put(312+8, 3)
	put(312+12, 40)
	copy(h[344:], "n+1\x00")
	if change != nil {
		change(h, put)
	}
	for i := range uint16(12) {
		h = order.AppendUint16(h, i)
	}
	return h
}

func TestValuesAndPlace(t *testing.T) {
	for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
		v, err := load(t, sample(order, nil))
		if err != nil {
			t.Fatal(err)
		}
		// Both axes of a slice are turned: the patient's right to the left, the front up.
		if got, want := values(t, v, 0), []float32{0, -2, -4, -6, -8, -10}; !slices.Equal(got, want) {
			t.Errorf("first slice %v, want %v", got, want)
		}
		if got, want := values(t, v, 1), []float32{12, 10, 8, 6, 4, 2}; !slices.Equal(got, want) {
			t.Errorf("second slice %v, want %v", got, want)
		}
		want := volume.Place{Known: true, Origin: [3]float64{20 - 1, 30 - 0.75, 40}, Direction: [3][3]float64{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}, Spacing: [3]float64{0.5, 0.75, 3}}
		if v.Place != want {
			t.Errorf("place %+v, want %+v", v.Place, want)
		}
	}
}

func TestQuaternion(t *testing.T) {
	turned := func(h []byte, put func(int, float32)) {
		binary.LittleEndian.PutUint16(h[252:], 1)
		binary.LittleEndian.PutUint16(h[254:], 0)
		put(256+8, 1) // half a turn about the long axis: left, back, head
	}
	v, err := load(t, sample(binary.LittleEndian, turned))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := values(t, v, 0), []float32{-10, -8, -6, -4, -2, 0}; !slices.Equal(got, want) {
		t.Errorf("first slice %v, want %v", got, want)
	}
	if !v.Place.Known || v.Place.Direction[0] != [3]float64{1, 0, 0} || v.Place.Direction[1] != [3]float64{0, 1, 0} {
		t.Errorf("place %+v", v.Place)
	}
}

func TestCompressed(t *testing.T) {
	v, err := load(t, zipped(t, sample(binary.LittleEndian, nil)))
	if err != nil || v.Slices != 2 || !slices.Equal(values(t, v, 1), []float32{12, 10, 8, 6, 4, 2}) {
		t.Errorf("%+v, %v", v, err)
	}
}

func TestTruncatedKeepsWholeSlices(t *testing.T) {
	data := sample(binary.LittleEndian, nil)
	v, err := load(t, data[:len(data)-1])
	if err != nil || v.Slices != 1 || len(v.Warnings) != 1 {
		t.Errorf("%+v, %v", v, err)
	}
	var e *volume.Error
	if _, err := load(t, data[:353]); !errors.As(err, &e) || !errors.Is(err, volume.ErrDamaged) {
		t.Errorf("no slice at all: %v", err)
	}
}

func TestRefused(t *testing.T) {
	for name, c := range map[string]struct {
		change func(h []byte, put func(int, float32))
		want   error
	}{
		"too large":   {func(h []byte, _ func(int, float32)) { copy(h[42:], "\xff\x7f\xff\x7f\xff\x7f") }, volume.ErrTooLarge},
		"negative":    {func(h []byte, _ func(int, float32)) { copy(h[42:], "\xff\xff") }, volume.ErrDamaged},
		"complex":     {func(h []byte, _ func(int, float32)) { h[70] = 32 }, volume.ErrUnsupported},
		"two files":   {func(h []byte, _ func(int, float32)) { h[345] = 'i' }, volume.ErrMissing},
		"no NIfTI":    {func(h []byte, _ func(int, float32)) { h[344] = 'x' }, volume.ErrUnknown},
		"dimensions":  {func(h []byte, _ func(int, float32)) { h[40] = 9 }, volume.ErrDamaged},
		"far offset":  {func(_ []byte, put func(int, float32)) { put(108, 1e9) }, volume.ErrDamaged},
		"past offset": {func(_ []byte, put func(int, float32)) { put(108, 5000) }, volume.ErrDamaged},
	} {
		if _, err := load(t, sample(binary.LittleEndian, c.change)); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// zipped compresses data.
func zipped(t testing.TB, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// load reads the first volume of a file in memory.
func values(t testing.TB, v *volume.Volume, i int) []float32 {
	t.Helper()
	all, err := v.Values(i)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func load(t testing.TB, data []byte) (*volume.Volume, error) {
	t.Helper()
	s := volume.Source{File: bytes.NewReader(data), Size: int64(len(data)), Zipped: bytes.HasPrefix(data, []byte{0x1f, 0x8b}), Name: "v.nii"}
	h, err := Header(s)
	if err != nil {
		return nil, err
	}
	return volume.Load(t.Context(), s, h, 0, 1<<20)
}

func FuzzHeader(f *testing.F) {
	f.Add(sample(binary.LittleEndian, nil))
	f.Add(sample(binary.BigEndian, nil))
	f.Fuzz(func(t *testing.T, data []byte) {
		Sniff(data)
		v, err := load(t, data)
		if err != nil {
			return
		}
		for i := range min(v.Slices, 2) {
			if got := len(values(t, v, i)); got != v.Width*v.Height*v.Channels {
				t.Fatalf("%d values of %d×%d×%d", got, v.Width, v.Height, v.Channels)
			}
		}
	})
}
