package picture

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"

	"picasso/backend/picture/dicom"
)

// peakFile names the picture that this test's own process opens, to tell how much
// memory it took.
const peakFile = "PICASSO_TEST_PEAK"

func TestMain(m *testing.M) {
	path := os.Getenv(peakFile)
	if path == "" {
		os.Exit(m.Run())
	}
	img, err := Open(path)
	if err == nil {
		fmt.Println(img.Width, img.Height, img.Channels)
	} else {
		fmt.Println(err)
	}
	status, _ := os.ReadFile("/proc/self/status")
	for _, line := range strings.Split(string(status), "\n") {
		if kb, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			fmt.Println("peak", strings.Fields(kb)[0])
		}
	}
}

// peak opens a file in a process of its own, and tells what that said and how many
// bytes of memory it held at most.
func peak(t *testing.T, path string) (said string, bytes int64) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), peakFile+"="+path)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v: %s", path, err, out)
	}
	said, kb, ok := strings.Cut(strings.TrimSpace(string(out)), "\npeak ")
	if !ok {
		t.Skip("this system does not tell how much memory a process held")
	}
	n, err := strconv.ParseInt(kb, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return said, n << 10
}

// textured is a picture that compresses about as well as a photo.
func textured[M interface {
	image.Image
	Set(x, y int, c color.Color)
}](m M, pix []uint8) M {
	x := uint32(1)
	for i := range pix {
		x = x*1664525 + 1013904223
		pix[i] = uint8(i/64) + uint8(x>>30)
	}
	return m
}

// Opening a picture takes at most four times its size in its own type of sample,
// and 64 MB.
func TestPeakMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("writes pictures of 50 MB")
	}
	folder := t.TempDir()
	const side = 4096
	box := image.Rect(0, 0, side, side)
	grey, deep := image.NewGray(box), image.NewGray16(box)
	rgb, deepRGB := image.NewNRGBA(box), image.NewNRGBA64(box)
	textured(grey, grey.Pix)
	textured(deep, deep.Pix)
	textured(rgb, rgb.Pix)
	textured(deepRGB, deepRGB.Pix)
	opaque := image.NewRGBA(box)
	copy(opaque.Pix, rgb.Pix)
	for i := 3; i < len(opaque.Pix); i += 4 {
		opaque.Pix[i] = 255
	}
	fast := png.Encoder{CompressionLevel: png.BestSpeed}
	for _, c := range []struct {
		name    string
		decoded int64
		encode  func(b *bytes.Buffer) error
	}{
		{"grey.png", side * side, func(b *bytes.Buffer) error { return fast.Encode(b, grey) }},
		{"grey16.png", 2 * side * side, func(b *bytes.Buffer) error { return fast.Encode(b, deep) }},
		{"rgb.png", 3 * side * side, func(b *bytes.Buffer) error { return fast.Encode(b, opaque) }},
		{"rgba.png", 4 * side * side, func(b *bytes.Buffer) error { return fast.Encode(b, rgb) }},
		{"rgba16.png", 8 * side * side, func(b *bytes.Buffer) error { return fast.Encode(b, deepRGB) }},
		{"rgb.bmp", 3 * side * side, func(b *bytes.Buffer) error { return bmp.Encode(b, opaque) }},
		{"grey.jpg", side * side, func(b *bytes.Buffer) error { return jpeg.Encode(b, grey, nil) }},
		{"rgb.jpg", 3 * side * side, func(b *bytes.Buffer) error { return jpeg.Encode(b, rgb, nil) }},
		{"grey16.tif", 2 * side * side, func(b *bytes.Buffer) error { return tiff.Encode(b, deep, &tiff.Options{Compression: tiff.Deflate}) }},
		{"rgb.tif", 3 * side * side, func(b *bytes.Buffer) error { return tiff.Encode(b, opaque, nil) }},
		{"grey.png.gz", side * side, func(b *bytes.Buffer) error {
			z := gzip.NewWriter(b)
			if err := fast.Encode(z, grey); err != nil {
				return err
			}
			return z.Close()
		}},
		{"ct.dcm", 2 * side * side, func(b *bytes.Buffer) error {
			values := make([]int16, side*side)
			for i := range values {
				values[i] = int16(i)
			}
			s := dicom.Slice{Rows: side, Columns: side, Values: values, Spacing: 1, Root: "2.25.7", Width: 100}
			_, err := b.Write(s.Encode())
			return err
		}},
		{"int16.nii.gz", 2 * side * side * 2, func(b *bytes.Buffer) error {
			z, _ := gzip.NewWriterLevel(b, gzip.BestSpeed)
			if _, err := z.Write(niftiHeader(side, side, 2)); err != nil {
				return err
			}
			for range 2 {
				if _, err := z.Write(deep.Pix); err != nil {
					return err
				}
			}
			return z.Close()
		}},
		{"int16.nii", 2 * side * side * 2, func(b *bytes.Buffer) error {
			b.Write(niftiHeader(side, side, 2))
			b.Write(deep.Pix)
			b.Write(deep.Pix)
			return nil
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(folder, c.name)
			if err := os.WriteFile(path, encoded(t, c.encode), 0o600); err != nil {
				t.Fatal(err)
			}
			said, held := peak(t, path)
			if want := fmt.Sprintf("%d %d ", side, side); !strings.HasPrefix(said, want) {
				t.Fatal(said)
			}
			if most := 4*c.decoded + 64<<20; held > most {
				t.Errorf("%d MB for %d MB of pixels, at most %d are allowed", held>>20, c.decoded>>20, most>>20)
			} else {
				t.Logf("%d MB for %d MB of pixels (%.1f times)", held>>20, c.decoded>>20, float64(held)/float64(c.decoded))
			}
			os.Remove(path)
		})
	}
}

// niftiHeader is that of a volume of 16-bit numbers without a place.
func niftiHeader(width, height, slices int) []byte {
	h := make([]byte, 352)
	binary.LittleEndian.PutUint32(h, 348)
	for i, n := range []int{3, width, height, slices} {
		binary.LittleEndian.PutUint16(h[40+2*i:], uint16(n))
	}
	binary.LittleEndian.PutUint16(h[70:], 4)
	binary.LittleEndian.PutUint32(h[108:], math.Float32bits(352))
	copy(h[344:], "n+1\x00")
	return h
}

// allocated is how many bytes the process has asked for so far.
func allocated() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}

// No picture takes more than the machine has free, whatever is allowed, and the
// sentence does not advise to allow more.
func TestMemoryThatIsNotFreeIsNotTaken(t *testing.T) {
	defer func(f func() int64) { available = f }(available)
	if free := available(); free < 1<<20 {
		t.Errorf("%d bytes are free", free)
	}
	data := asPNG(t, image.NewGray(image.Rect(0, 0, 2000, 2000)))
	available = func() int64 { return 1 << 20 }
	for _, o := range []Options{{}, {MaxMemory: 1 << 40}} {
		_, err := DecodeWith(t.Context(), "a.png", data, o)
		var more *MemoryError
		if !errors.As(err, &more) || !more.Short || more.Limit != 1<<20 || !strings.Contains(err.Error(), "1 MB are free") || !strings.Contains(err.Error(), "close other programs") {
			t.Errorf("%+v: %v", o, err)
		}
	}
	available = func() int64 { return 1 << 30 }
	if _, err := DecodeWith(t.Context(), "a.png", data, Options{}); err != nil {
		t.Error(err)
	}
}
