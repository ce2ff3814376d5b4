package picture

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/image/tiff"

	"picasso/backend/picture/dicom"
)

// written is a file in a folder of its own.
func written(t testing.TB, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func gzipped(t testing.TB, data []byte) []byte {
	return encoded(t, func(b *bytes.Buffer) error {
		z := gzip.NewWriter(b)
		if _, err := z.Write(data); err != nil {
			return err
		}
		return z.Close()
	})
}

// ct is a DICOM file of 3×2 pixels.
func ct() []byte {
	s := dicom.Slice{Rows: 2, Columns: 3, Values: []int16{0, 1, 2, 3, 4, 5}, Spacing: 2, Thickness: 5, Number: 1, Root: "2.25.7", Center: 0, Width: 100}
	return s.Encode()
}

// One picture within gzip is opened as if it were not, whatever it is called.
func TestPicturesWithinGzip(t *testing.T) {
	deep := fill(image.NewGray16(image.Rect(0, 0, 2, 1)), color.Gray16{1000}, color.Gray16{65535})
	for name, data := range map[string][]byte{
		"scan.dcm.gz": ct(), "scan.gz": ct(), "photo.png.gz": asPNG(t, grey()), "page.tif.gz": encoded(t, func(b *bytes.Buffer) error { return tiff.Encode(b, deep, nil) }),
		"photo": asJPEG(t, grey()),
	} {
		plain, err := Open(written(t, "plain", data))
		if err != nil {
			t.Fatal(err)
		}
		path := written(t, name, gzipped(t, data))
		packed, err := Open(path)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		_, a := plain.Samples()
		if _, b := packed.Samples(); !slices.Equal(a, b) || (plain.Scan == nil) != (packed.Scan == nil) {
			t.Errorf("%s: %v, want %v", name, b, a)
		}
		if all, err := OpenSeries(t.Context(), path); err != nil || all[0].Len() != 1 {
			t.Errorf("%s as a series: %v", name, err)
		}
	}
	if !MayBeScan(gzipped(t, ct())) || !Known("a/scan.dcm.gz") || Ordinary("scan.dcm.gz") || !Ordinary("photo.png.gz") {
		t.Error("the name or the beginning of a compressed file is not known")
	}
}

// What is within gzip and no picture is named; so is a stream that is cut off.
func TestRefusalsWithinGzip(t *testing.T) {
	whole := gzipped(t, asPNG(t, image.NewGray(image.Rect(0, 0, 300, 300))))
	for name, c := range map[string]struct {
		data []byte
		says string
	}{
		"tar":    {gzipped(t, append(make([]byte, 257), "ustar\x00  "...)), "compressed by gzip; what it holds is a tar archive"},
		"text":   {gzipped(t, []byte("hello")), "is a text file"},
		"twice":  {gzipped(t, gzipped(t, asPNG(t, grey()))), "what it holds is a gzip archive"},
		"cut":    {whole[:len(whole)-30], "ends too early"},
		"broken": {append([]byte("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03"), 0xff, 0xff, 0xff, 0xff, 0xff), "cannot be unpacked"},
	} {
		if _, err := Decode("x.gz", c.data); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %q", name, err, c.says)
		}
	}
}

// Files that people take for pictures are named, with the true way out.
func TestKindsThatAreNotRead(t *testing.T) {
	for says, data := range map[string]string{
		"MINC or netCDF":  "CDF\x01\x00\x00\x00\x00",
		"HDF5":            "\x89HDF\r\n\x1a\n",
		"GIPL":            strings.Repeat("\x00", 252) + "\xef\xff\xe9\xb0",
		"FITS":            "SIMPLE  =                    T",
		"OpenEXR":         "\x76\x2f\x31\x01\x02\x00\x00\x00",
		"PNM":             "P5\n3 2\n255\n\x00\x01\x02\x03\x04\x05",
		"ECAT":            "MATRIX72v\x00\x00",
		"Philips PAR":     "# === DATA DESCRIPTION FILE ======",
		"brain surface":   "\xff\xff\xfecreated by",
		"MATLAB":          "MATLAB 5.0 MAT-file, Platform: GLNXA64",
		"7-Zip":           "7z\xbc\xaf\x27\x1c\x00",
		"VTK":             "# vtk DataFile Version 3.0\n",
		"pixels alone":    "\x01\x02\x03\x00\x00\x00",
		"JPEG 2000":       "\xff\x4f\xff\x51\x00\x2f",
		"icon":            "\x00\x00\x01\x00\x01\x00",
		"JPEG XL":         "\xff\x0a\xfa\x7f",
		"Zstandard":       "\x28\xb5\x2f\xfd\x04\x00",
		"bzip2":           "BZh91AY&SY",
		"Photoshop":       "8BPS\x00\x01",
		"Radiance":        "#?RADIANCE\n",
		"is an ECAT 7":    "MATRIX72v\x00\x00",
		"ends before its": string(niftiHeader(2, 2, 2)),
	} {
		_, err := Decode("volume.img", []byte(data))
		var e *Error
		if !errors.As(err, &e) || !strings.Contains(err.Error(), says) || e.Remedy == "" {
			t.Errorf("%s: %v", says, err)
		}
	}
}

// What takes more memory than allowed says how much it would take, and opens when
// that is allowed.
func TestMemoryIsAsked(t *testing.T) {
	for name, data := range map[string][]byte{
		"photo.png": asPNG(t, image.NewGray(image.Rect(0, 0, 1500, 1500))), "photo.jpg": asJPEG(t, image.NewNRGBA(image.Rect(0, 0, 600, 600))),
		"page.tif":   encoded(t, func(b *bytes.Buffer) error { return tiff.Encode(b, image.NewGray(image.Rect(0, 0, 1500, 1500)), nil) }),
		"scan.dcm":   (&dicom.Slice{Rows: 800, Columns: 800, Values: make([]int16, 640000), Spacing: 1, Root: "2.25.7", Width: 1}).Encode(),
		"volume.nii": append(niftiHeader(800, 800, 2), make([]byte, 2*800*800*2)...),
	} {
		_, err := DecodeWith(t.Context(), name, data, Options{MaxMemory: 1 << 20})
		var m *MemoryError
		if !errors.As(err, &m) && !strings.Contains(fmt.Sprint(err), "allow more memory") {
			t.Errorf("%s within a megabyte: %v", name, err)
		}
		if m != nil && (m.Limit != 1<<20 || m.Need <= m.Limit) {
			t.Errorf("%s: %+v", name, m)
		}
		if _, err := DecodeWith(t.Context(), name, data, Options{MaxMemory: 1 << 24}); err != nil {
			t.Errorf("%s within 16 megabytes: %v", name, err)
		}
	}
}

// bomb is a PNG that declares a size and has next to no bytes.
func bomb(width, height uint32, depth, kind byte) []byte {
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32([]byte("IHDR"), width), height)
	head = append(head, depth, kind, 0, 0, 0)
	data := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d"), head...)
	data = binary.BigEndian.AppendUint32(data, crc32.ChecksumIEEE(head))
	return append(data, "\x00\x00\x00\x08IDAT\x78\x9c\x63\x00\x00\x00\x02\x00\x01"...)
}

// A size that the bytes cannot hold is refused before anything is allocated.
func TestDeclaredSizesThatCannotBe(t *testing.T) {
	gif := []byte("GIF89a\xff\xff\xff\xff\x80\x00\x00\x00\x00\x00\xff\xff\xff\x2c\x00\x00\x00\x00\xff\xff\xff\xff\x00\x02\x02\x44\x01\x00\x3b")
	bmp := append([]byte("BM\x00\x00\x00\x00\x00\x00\x00\x00\x36\x00\x00\x00\x28\x00\x00\x00\x00\x40\x00\x00\x00\x40\x00\x00\x01\x00\x18\x00"), make([]byte, 64)...)
	big := asJPEG(t, image.NewGray(image.Rect(0, 0, 8, 8)))
	at := bytes.Index(big, []byte{0xff, 0xc0})
	binary.BigEndian.PutUint16(big[at+5:], 16000)
	binary.BigEndian.PutUint16(big[at+7:], 16000)
	for name, data := range map[string][]byte{"grey PNG": bomb(12000, 12000, 8, 0), "deep PNG": bomb(6000, 6000, 16, 6), "1-bit PNG": bomb(30000, 30000, 1, 0), "GIF": gif, "BMP": bmp, "JPEG": big} {
		var before, after, err = uint64(0), uint64(0), error(nil)
		before = allocated()
		_, err = Decode(name, data)
		after = allocated()
		if err == nil || !strings.Contains(err.Error(), "can hold") && !strings.Contains(err.Error(), "allow more memory") {
			t.Errorf("%s: %v", name, err)
		}
		if after-before > 8<<20 {
			t.Errorf("%s: %d MB are allocated before it is refused", name, (after-before)>>20)
		}
	}
}

// A picture of many pixels gives up when it is told to.
func TestDecodingObeysCancel(t *testing.T) {
	m := image.NewNRGBA(image.Rect(0, 0, 3000, 3000))
	textured(m, m.Pix)
	fast := png.Encoder{CompressionLevel: png.BestSpeed}
	photo := encoded(t, func(b *bytes.Buffer) error { return fast.Encode(b, m) })
	volume := gzipped(t, append(niftiHeader(2048, 2048, 30), make([]byte, 2*2048*2048*30)...))
	for name, data := range map[string][]byte{"photo.png": photo, "photo.jpg": asJPEG(t, m), "volume.nii.gz": volume} {
		path := written(t, name, data)
		for _, open := range []func(context.Context) error{
			func(ctx context.Context) error { _, err := OpenWith(ctx, path, Options{}); return err },
			func(ctx context.Context) error { _, err := OpenSeries(ctx, path); return err },
		} {
			took := time.Hour
			for range 5 { // the machine may be busy with other things
				ctx, cancel := context.WithCancel(t.Context())
				time.AfterFunc(20*time.Millisecond, cancel)
				start := time.Now()
				if err := open(ctx); !errors.Is(err, context.Canceled) {
					t.Fatalf("%s: %v", name, err)
				}
				if took = min(took, time.Since(start)); took < 220*time.Millisecond {
					break
				}
			}
			if took > 220*time.Millisecond {
				t.Errorf("%s: cancelled after %v", name, took)
			}
		}
	}
}

// Detectors of 10, 12 and 14 bits are noticed in files of 16.
func TestBitsOf16(t *testing.T) {
	for largest, bits := range map[uint16]int{40: 8, 1000: 10, 2500: 12, 4095: 12, 4096: 14, 16383: 14, 16384: 0, 65535: 0} {
		m, err := Decode("detector.png", asPNG(t, fill(image.NewGray16(image.Rect(0, 0, 2, 1)), color.Gray16{7}, color.Gray16{largest})))
		if err != nil {
			t.Fatal(err)
		}
		want := [2]float32{0, 255}
		if bits > 0 {
			want[1] = float32(int(1)<<bits-1) / 257
		}
		if m.Bits != bits || m.Depth() != want || m.Range != want || (len(m.Notes) > 0) != (bits > 0) {
			t.Errorf("largest %d: %d bits, %v, %v, %q", largest, m.Bits, m.Depth(), m.Range, m.Notes)
		}
		if got, want := m.At(1, 0, 0), float32(largest)/257; got != want {
			t.Errorf("largest %d: the value is %v, want %v", largest, got, want)
		}
	}
}

// What is no number stays in the samples, and out of range, mean and window.
func TestWhatIsNoNumber(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	h := niftiHeader(3, 2, 1)
	binary.LittleEndian.PutUint16(h[70:], 16)
	for _, v := range []float32{nan, 10, 20, inf, 30, 40} {
		h = binary.LittleEndian.AppendUint32(h, math.Float32bits(v))
	}
	m, err := Decode("map.nii", h)
	if err != nil {
		t.Fatal(err)
	}
	_, values := m.Samples()
	if values[0] == values[0] || values[3] != inf {
		t.Errorf("samples %v", values)
	}
	lo, hi := m.Scan.Auto.Ends()
	if m.Range != [2]float32{10, 40} || lo != 10 || hi != 40 || m.Mean()[0] != 25 || m.Least() != 10 {
		t.Errorf("range %v, window %v…%v, mean %v, least %v", m.Range, lo, hi, m.Mean(), m.Least())
	}
	if m.RGBA().Pix[0] != 0 || m.Screen(nil).(*image.Gray).Pix[0] != 0 || m.Screen(nil).(*image.Gray).Pix[5] != 255 {
		t.Error("what is no number is not black")
	}
	if !slices.ContainsFunc(m.Notes, func(s string) bool { return strings.HasPrefix(s, "2 of 6 pixels are not numbers") }) {
		t.Errorf("notes %q", m.Notes)
	}
}

// A pair of files in a folder is one volume, whichever of them is named.
func TestPairsInFolders(t *testing.T) {
	folder := t.TempDir()
	h := niftiHeader(3, 2, 2)[:348]
	copy(h[344:], "ni1\x00")
	binary.LittleEndian.PutUint32(h[108:], 0)
	pixels := make([]byte, 2*3*2*2)
	for i := range 12 {
		binary.LittleEndian.PutUint16(pixels[2*i:], uint16(i))
	}
	header, img := filepath.Join(folder, "scan.hdr"), filepath.Join(folder, "scan.img")
	for path, data := range map[string][]byte{header: h, img: pixels} {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	a, err := Open(header)
	if err != nil {
		t.Fatal(err)
	}
	b, err := Open(img)
	if err != nil || a.At(2, 1, 0) != 5 || b.At(2, 1, 0) != 5 {
		t.Fatalf("%v, %v", b, err)
	}
	if all, err := OpenSeries(t.Context(), folder); err != nil || len(all) != 1 || all[0].Len() != 2 {
		t.Errorf("the folder: %v, %v", all, err)
	}
	if c, err := Collect(t.Context(), []string{img}, nil); err != nil || len(c.Series) != 1 || len(c.Others) != 0 {
		t.Errorf("the pixels alone: %+v, %v", c, err)
	}
	if c, err := Collect(t.Context(), []string{header, img}, nil); err != nil || len(c.Series) != 1 || c.Series[0].Len() != 2 || len(c.Others) != 0 {
		t.Errorf("both: %+v, %v", c, err)
	}
	binary.LittleEndian.PutUint16(pixels[0:], 77)
	if err := os.WriteFile(img, pixels, 0o600); err != nil {
		t.Fatal(err)
	}
	if changed, err := Open(header); err != nil || changed.SHA256 == a.SHA256 {
		t.Errorf("other pixels beside the same header have the same checksum, %v", err)
	}
	if err := os.Remove(header); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(img); err == nil || !strings.Contains(err.Error(), "without the header") {
		t.Errorf("without its header: %v", err)
	}
}

// A file as large as can be is known by its first bytes.
func TestSparseFilesAreKnownByTheirFirstBytes(t *testing.T) {
	for name, head := range map[string]string{"zeros.png": "", "text.png": "hello\n", "photo.png": string(asPNG(t, grey()))} {
		path := written(t, name, []byte(head))
		if err := os.Truncate(path, 1<<40); err != nil {
			t.Skipf("no sparse files here: %v", err)
		}
		before, start := allocated(), time.Now()
		_, err := Open(path)
		if err == nil || time.Since(start) > 5*time.Second || allocated()-before > 64<<20 {
			t.Errorf("%s: %v after %v and %d MB", name, err, time.Since(start), (allocated()-before)>>20)
		}
	}
}
