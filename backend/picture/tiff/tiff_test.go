package tiff

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"math"
	"os"
	"strings"
	"testing"
)

// sample is a file of testdata/tiff.py and the numbers in it.
type sample struct {
	Name   string
	File   []byte
	Page   int
	Shape  [3]int
	Values []byte // bytes, or floats where these are not enough
}

func (s sample) value(i int) float32 {
	if len(s.Values) == s.Shape[0]*s.Shape[1]*s.Shape[2] {
		return float32(s.Values[i])
	}
	return math.Float32frombits(binary.LittleEndian.Uint32(s.Values[4*i:]))
}

func samples(t testing.TB) []sample {
	t.Helper()
	data, err := os.ReadFile("testdata/tiff.json")
	if err != nil {
		t.Fatal(err)
	}
	var all []sample
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

func parse(data []byte) (*File, error) { return Parse(bytes.NewReader(data), int64(len(data))) }

// value is one number of a raster, as the file has it where it was stretched.
func (m *Raster) value(i int) float32 {
	switch {
	case m.U8 != nil:
		return float32(m.U8[i])
	case m.U16 != nil:
		return float32(m.U16[i])
	}
	return m.F32[i]
}

// Every kind of file has the numbers that tifffile, libtiff and Pillow write.
func TestNumbersAreThoseOfOtherPrograms(t *testing.T) {
	for _, s := range samples(t) {
		t.Run(s.Name, func(t *testing.T) {
			f, err := parse(s.File)
			if err != nil {
				t.Fatal(err)
			}
			m, err := f.Decode(t.Context(), s.Page, 0, 1<<20)
			if err != nil {
				t.Fatal(err)
			}
			if got := [3]int{m.Height, m.Width, m.Channels}; got != s.Shape {
				t.Fatalf("%v, want %v", got, s.Shape)
			}
			for i := range m.Width * m.Height * m.Channels {
				if got, want := m.value(i), s.value(i); got != want && !(got != got && want != want) {
					t.Fatalf("value %d is %v, want %v", i, got, want)
				}
			}
		})
	}
}

// A file that is whole is never said to be cut off; one that is cut off is never
// taken for a whole one.
func TestCutFiles(t *testing.T) {
	for _, s := range samples(t) {
		for _, n := range []int{1, 8, len(s.File) / 3, len(s.File) / 2} {
			f, err := parse(s.File[:n])
			if err == nil {
				for i := range f.Pages {
					_, fault := f.Decode(t.Context(), i, 0, 1<<20)
					err = errors.Join(err, fault)
				}
				if err == nil && s.Name != "third page" {
					t.Errorf("%s: %d of %d bytes are taken for the whole file", s.Name, n, len(s.File))
				}
			}
		}
	}
}

// build writes a small file: short and long fields, in order of their tags, and
// pixels behind them.
func build(order binary.AppendByteOrder, fields [][2]uint32, pixels []byte) []byte {
	data := []byte("II*\x00")
	if order.String() == binary.BigEndian.String() {
		data = []byte("MM\x00*")
	}
	data = order.AppendUint32(data, 8)
	data = order.AppendUint16(data, uint16(len(fields)+2))
	place := 8 + 2 + 12*(len(fields)+2) + 4
	for _, f := range append(fields, [2]uint32{tagStripOffsets, uint32(place)}, [2]uint32{tagStripCounts, uint32(len(pixels))}) {
		data = order.AppendUint16(data, uint16(f[0]))
		data = order.AppendUint16(data, 4)
		data = order.AppendUint32(data, 1)
		data = order.AppendUint32(data, f[1])
	}
	return append(order.AppendUint32(data, 0), pixels...)
}

func TestRefusalsNameTheirReason(t *testing.T) {
	base := [][2]uint32{{tagWidth, 2}, {tagHeight, 2}, {tagBits, 8}}
	with := func(more ...[2]uint32) []byte {
		return build(binary.LittleEndian, append(append([][2]uint32{}, base...), more...), make([]byte, 64))
	}
	for name, c := range map[string]struct {
		file []byte
		kind error
		says string
	}{
		"Zstandard":     {with([2]uint32{tagCompression, 50000}), ErrUnsupported, "Zstandard"},
		"old JPEG":      {with([2]uint32{tagCompression, 6}), ErrUnsupported, "old-style JPEG"},
		"JPEG 2000":     {with([2]uint32{tagCompression, 34712}), ErrUnsupported, "JPEG 2000"},
		"Lab":           {with([2]uint32{tagPhotometric, 8}, [2]uint32{tagSamples, 3}), ErrUnsupported, "L*a*b*"},
		"raw camera":    {with([2]uint32{tagPhotometric, 32803}), ErrUnsupported, "raw camera data"},
		"complex":       {with([2]uint32{tagSampleFormat, 6}), ErrUnsupported, "complex"},
		"chroma":        {with([2]uint32{tagPhotometric, 6}, [2]uint32{tagSamples, 3}), ErrUnsupported, "YCbCr"},
		"predictor":     {with([2]uint32{tagPredictor, 9}), ErrUnsupported, "predictor 9"},
		"24-bit":        {with([2]uint32{tagBits, 24}), ErrUnsupported, "24 bits"},
		"no pixels":     {build(binary.BigEndian, base, nil), ErrDamaged, "ends too early"},
		"too wide":      {with([2]uint32{tagWidth, 1 << 30}), ErrDamaged, "pixels"},
		"cannot hold":   {with([2]uint32{tagHeight, 1 << 15}, [2]uint32{tagWidth, 1 << 15}, [2]uint32{tagCompression, compressionPackBits}), ErrDamaged, "cannot hold"},
		"too much":      {with([2]uint32{tagHeight, 1 << 19}, [2]uint32{tagWidth, 1 << 19}), ErrTooLarge, "allow more memory"},
		"short palette": {with([2]uint32{tagPhotometric, 3}), ErrDamaged, "palette"},
	} {
		f, err := parse(c.file)
		if err == nil {
			_, err = f.Decode(t.Context(), 0, 0, 1<<31)
		}
		var e *Error
		if !errors.As(err, &e) || !errors.Is(err, c.kind) || !strings.Contains(err.Error(), c.says) || e.Remedy == "" {
			t.Errorf("%s: %v, want %q", name, err, c.says)
		}
		if c.kind != ErrDamaged && err != nil && strings.Contains(err.Error(), "again") && strings.Contains(err.Error(), "copy or") {
			t.Errorf("%s: a whole file is to be copied again: %v", name, err)
		}
	}
}

// Both byte orders, and samples of 12 bits: 0x123 0x456 in three bytes.
func TestSamplesOfTwelveBits(t *testing.T) {
	for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
		f, err := parse(build(order, [][2]uint32{{tagWidth, 2}, {tagHeight, 1}, {tagBits, 12}}, []byte{0x12, 0x34, 0x56}))
		if err != nil {
			t.Fatal(err)
		}
		m, err := f.Decode(t.Context(), 0, 0, 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		if want := [2]uint16{0x1231, 0x4564}; len(m.U16) != 2 || [2]uint16(m.U16) != want {
			t.Errorf("%x, want %x: stretched to 16 bits", m.U16, want)
		}
	}
}

// Channels that are no colours are chosen by number.
func TestFurtherChannels(t *testing.T) {
	pixels := []byte{1, 2, 3, 4, 5, 11, 12, 13, 14, 15}
	f, err := parse(build(binary.LittleEndian, [][2]uint32{{tagWidth, 2}, {tagHeight, 1}, {tagBits, 8}, {tagSamples, 5}}, pixels))
	if err != nil {
		t.Fatal(err)
	}
	for c := range f.Pages[0].Channels() {
		m, err := f.Decode(t.Context(), 0, c, 1<<20)
		if err != nil || m.Channels != 1 || m.U8[0] != uint8(1+c) || m.U8[1] != uint8(11+c) {
			t.Errorf("channel %d: %v, %v", c, m, err)
		}
	}
	if _, err := f.Decode(t.Context(), 0, 5, 1<<20); err == nil || !strings.Contains(err.Error(), "0 to 4") {
		t.Errorf("channel 5: %v", err)
	}
}

func TestCancelledDecoding(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	f, err := parse(samples(t)[0].File)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Decode(ctx, 0, 0, 1<<20); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func FuzzDecode(f *testing.F) {
	for i, s := range samples(f) {
		if i%4 == 0 {
			f.Add(s.File)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := parse(data)
		if err != nil {
			return
		}
		for i := range min(len(file.Pages), 3) {
			m, err := file.Decode(t.Context(), i, 0, 16<<20)
			if err != nil {
				continue
			}
			if n := len(m.U8) + len(m.U16) + len(m.F32); n != m.Width*m.Height*m.Channels {
				t.Fatalf("%d values of %d×%d×%d", n, m.Width, m.Height, m.Channels)
			}
		}
	})
}
