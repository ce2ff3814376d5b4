package picture

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"math"
	"slices"
	"strings"
	"testing"

	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"
)

func encoded(t testing.TB, encode func(*bytes.Buffer) error) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := encode(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asPNG(t testing.TB, m image.Image) []byte {
	return encoded(t, func(b *bytes.Buffer) error { return png.Encode(b, m) })
}

func asJPEG(t testing.TB, m image.Image) []byte {
	return encoded(t, func(b *bytes.Buffer) error { return jpeg.Encode(b, m, nil) })
}

// fill makes a 2×1 image of two colours.
func fill[M interface {
	image.Image
	Set(x, y int, c color.Color)
}](m M, a, b color.Color) M {
	m.Set(0, 0, a)
	m.Set(1, 0, b)
	return m
}

// exif is an EXIF block with an orientation and nothing else.
func exif(orientation uint16) []byte {
	b := []byte("MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01")
	b = binary.BigEndian.AppendUint16(b, orientation)
	return append(b, 0, 0, 0, 0, 0, 0)
}

func jpegWithOrientation(data []byte, orientation uint16) []byte {
	body := append([]byte("Exif\x00\x00"), exif(orientation)...)
	out := []byte{0xff, 0xd8, 0xff, 0xe1}
	out = binary.BigEndian.AppendUint16(out, uint16(len(body)+2))
	return append(append(out, body...), data[2:]...)
}

func grey() *image.Gray {
	return fill(image.NewGray(image.Rect(0, 0, 2, 1)), color.Gray{10}, color.Gray{200})
}

func twoFrames(t testing.TB) []byte {
	p := color.Palette{color.White, color.Black, color.RGBA{255, 0, 0, 255}}
	first := image.NewPaletted(image.Rect(1, 0, 2, 1), p)
	first.Pix[0] = 2
	second := image.NewPaletted(image.Rect(0, 0, 2, 1), p)
	return encoded(t, func(b *bytes.Buffer) error {
		return gif.EncodeAll(b, &gif.GIF{Image: []*image.Paletted{first, second}, Delay: []int{1, 1},
			Config: image.Config{Width: 2, Height: 1, ColorModel: p}})
	})
}

const webp1x1 = "UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA=="

func TestDecode(t *testing.T) {
	box := image.Rect(0, 0, 2, 1)
	rgb := fill(image.NewNRGBA(box), color.NRGBA{1, 2, 3, 255}, color.NRGBA{250, 251, 252, 255})
	clear := fill(image.NewNRGBA(box), color.NRGBA{0, 0, 0, 0}, color.NRGBA{0, 100, 255, 51})
	deep := fill(image.NewGray16(box), color.Gray16{1000}, color.Gray16{65535})
	deepRGB := fill(image.NewNRGBA64(box), color.NRGBA64{257, 514, 1000, 0xffff}, color.NRGBA64{0, 0, 65535, 0xffff})
	greys := image.NewPaletted(box, color.Palette{color.Gray{7}, color.Gray{9}})
	greys.Pix[1] = 1
	tall := image.NewGray(image.Rect(0, 0, 16, 8))
	for i := range tall.Pix {
		tall.Pix[i] = uint8(30 * (i / 16)) // rows of falling darkness
	}
	webp, err := base64.StdEncoding.DecodeString(webp1x1)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name   string
		data   []byte
		size   [3]int
		values []float32 // of the first pixels; nil leaves them
		note   string
	}{
		{"grey PNG", asPNG(t, grey()), [3]int{2, 1, 1}, []float32{10, 200}, ""},
		{"RGB PNG", asPNG(t, rgb), [3]int{2, 1, 3}, []float32{1, 2, 3, 250, 251, 252}, ""},
		{"transparent PNG", asPNG(t, clear), [3]int{2, 1, 3}, []float32{255, 255, 255, 204, 224, 255}, "over white"},
		{"16-bit grey PNG", asPNG(t, deep), [3]int{2, 1, 1}, []float32{1000.0 / 257, 255}, ""},
		{"16-bit RGB PNG", asPNG(t, deepRGB), [3]int{2, 1, 3}, []float32{1, 2, 1000.0 / 257, 0, 0, 255}, ""},
		{"palette PNG", asPNG(t, greys), [3]int{2, 1, 1}, []float32{7, 9}, ""},
		{"GIF animation", twoFrames(t), [3]int{2, 1, 3}, []float32{255, 255, 255, 255, 0, 0}, "first picture"},
		{"BMP", encoded(t, func(b *bytes.Buffer) error { return bmp.Encode(b, rgb) }), [3]int{2, 1, 3}, []float32{1, 2, 3, 250, 251, 252}, ""},
		{"palette BMP", encoded(t, func(b *bytes.Buffer) error { return bmp.Encode(b, greys) }), [3]int{2, 1, 1}, []float32{7, 9}, ""},
		{"TIFF", encoded(t, func(b *bytes.Buffer) error { return tiff.Encode(b, deep, nil) }), [3]int{2, 1, 1}, []float32{1000.0 / 257, 255}, ""},
		{"WebP", webp, [3]int{1, 1, 3}, nil, "over white"},
		{"JPEG", asJPEG(t, tall), [3]int{16, 8, 1}, nil, ""},
		{"turned JPEG", jpegWithOrientation(asJPEG(t, tall), 6), [3]int{8, 16, 1}, []float32{210, 180, 150}, "EXIF"},
		{"upright JPEG", jpegWithOrientation(asJPEG(t, tall), 1), [3]int{16, 8, 1}, nil, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m, err := Decode("folder/x.dat", tt.data)
			if err != nil {
				t.Fatal(err)
			}
			if got := [3]int{m.Width, m.Height, m.Channels}; got != tt.size {
				t.Fatalf("size %v, want %v", got, tt.size)
			}
			row := make([]float32, m.Width*m.Channels)
			m.Row(0, row)
			for i, want := range tt.values {
				if math.Abs(float64(row[i]-want)) > 1.01 || tt.name != "turned JPEG" && math.Abs(float64(row[i]-want)) > 1e-3 {
					t.Errorf("value %d is %v, want %v", i, row[i], want)
				}
			}
			if got := strings.Join(m.Notes, "; "); !strings.Contains(got, tt.note) || tt.note == "" && got != "" {
				t.Errorf("notes %q, want %q", got, tt.note)
			}
			if m.Name != "x.dat" || len(m.SHA256) != 64 {
				t.Errorf("name %q, SHA-256 %q", m.Name, m.SHA256)
			}
		})
	}
}

func TestForeignFilesAreNamed(t *testing.T) {
	for text, says := range map[string]string{
		"":                                   "is empty",
		"<!DOCTYPE html><html></html>":       "web page",
		"<?xml version='1.0'?><svg></svg>":   "SVG",
		"%PDF-1.7":                           "PDF",
		"PK\x03\x04":                         "zip",
		"\x00\x00\x00\x18ftypheic":           "HEIC",
		"\x93NUMPY":                          "NumPy",
		strings.Repeat("\x00", 128) + "DICM": "DICOM",
		"version https://git-lfs.github.com/spec/v1": "LFS",
		"hello":             "text file",
		"\x01\x02\x03\x00":  "not a picture",
		"\x89PNG\r\n\x1a\n": "ends too early",
	} {
		_, err := Decode("x.png", []byte(text))
		var e *Error
		if !errors.As(err, &e) || !strings.Contains(err.Error(), says) || e.Remedy == "" {
			t.Errorf("%q: got %v, want an error that says %q and a remedy", text, err, says)
		}
	}
}

func TestDeclaredSizeIsBounded(t *testing.T) {
	data := asPNG(t, grey())
	binary.BigEndian.PutUint32(data[16:], 1<<20)
	binary.BigEndian.PutUint32(data[20:], 1<<20)
	sum := pngChecksum(data[12:29])
	binary.BigEndian.PutUint32(data[29:], sum)
	_, err := Decode("x.png", data)
	if err == nil || !strings.Contains(err.Error(), "1048576×1048576") {
		t.Errorf("got %v, want an error that names the size", err)
	}
}

// TIFF palettes have 16 bits, which some writers fill with v·256 and others with
// v·257.
func TestPalettesOf16Bits(t *testing.T) {
	for _, spread := range []uint16{256, 257} {
		p := image.NewPaletted(image.Rect(0, 0, 2, 1), color.Palette{
			color.RGBA64{255 * spread, 128 * spread, 0, 0xffff}, color.RGBA64{1 * spread, 2 * spread, 254 * spread, 0xffff},
		})
		p.Pix[1] = 1
		if got, want := FromImage("p", p).px.u8, []uint8{255, 128, 0, 1, 2, 254}; !slices.Equal(got, want) {
			t.Errorf("by %d: %v, want %v", spread, got, want)
		}
	}
}

func TestPaletteIndexOutOfRangeIsAnError(t *testing.T) {
	m := image.NewPaletted(image.Rect(0, 0, 2, 1), color.Palette{color.Black})
	m.Pix[1] = 200
	if _, err := convert("x", m); !errors.Is(err, errPalette) {
		t.Errorf("got %v, want %v", err, errPalette)
	}
	if got := FromImage("x", m); got.At(1, 0, 0) != 0 || len(got.Notes) == 0 {
		t.Errorf("got %v with notes %v, want black and a note", got.At(1, 0, 0), got.Notes)
	}
}

func TestRGBAShowsTheRange(t *testing.T) {
	m := NewFloat("ct", 4, 1, 1, []float32{-1000, 0, 1000, float32(math.NaN())})
	if m.Range != [2]float32{-1000, 1000} {
		t.Fatalf("range %v", m.Range)
	}
	var got []uint8
	for x := range 4 {
		got = append(got, m.RGBA().RGBAAt(x, 0).R)
	}
	if want := []uint8{0, 128, 255, 0}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if mean := pattern(2, 1, 1).Mean(); mean[0] != 19 { // 0 and 38
		t.Errorf("mean %v", mean)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(asPNG(f, grey()))
	f.Add(jpegWithOrientation(asJPEG(f, grey()), 8))
	f.Add(twoFrames(f))
	f.Add(encoded(f, func(b *bytes.Buffer) error { return bmp.Encode(b, grey()) }))
	f.Add(encoded(f, func(b *bytes.Buffer) error { return tiff.Encode(b, grey(), nil) }))
	if webp, err := base64.StdEncoding.DecodeString(webp1x1); err == nil {
		f.Add(webp)
	}
	f.Add(ct())
	f.Add(gzipped(f, asPNG(f, grey())))
	f.Add(append(niftiHeader(3, 2, 2), make([]byte, 24)...))
	f.Add([]byte("NRRD0004\ntype: uchar\nencoding: raw\ndimension: 3\nsizes: 2 2 2\n\n01234567"))
	f.Add([]byte("NDims = 2\nDimSize = 2 2\nElementType = MET_UCHAR\nElementDataFile = LOCAL\n0123"))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := DecodeWith(t.Context(), "fuzz", data, Options{MaxMemory: 16 << 20})
		if err != nil {
			return
		}
		row := make([]float32, m.Width*m.Channels)
		m.Row(m.Height-1, row)
		m.Screen(nil).At(m.Width-1, m.Height-1)
		m.Depth()
		if m.Channels != 1 && m.Channels != 3 {
			t.Fatalf("%d channels", m.Channels)
		}
	})
}

func pngChecksum(chunk []byte) uint32 { return crc32.ChecksumIEEE(chunk) }
