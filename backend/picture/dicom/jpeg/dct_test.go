package jpeg

import (
	"bytes"
	"image"
	"image/color"
	std "image/jpeg"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"picasso/backend/fixtures"
	"picasso/backend/picture/kernel"
)

// TestInverseTransform compares with the formula (T.81 A.3.3).
func TestInverseTransform(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		var b kernel.Block
		for i := range b {
			b[i] = int32(r.IntN(61)) - 30
		}
		want := formula(&b)
		dst := make([]uint16, 64)
		inverse(&b, dst, 8, 8)
		for i := range dst {
			if math.Abs(float64(dst[i])-min(max(want[i]+128, 0), 255)) > 1 {
				t.Fatalf("sample %d is %d, want %v", i, dst[i], want[i]+128)
			}
		}
	}
}

func formula(b *kernel.Block) (out [64]float64) {
	scale := func(i int) float64 {
		if i == 0 {
			return math.Sqrt2 / 4
		}
		return 0.5
	}
	for y := range 8 {
		for x := range 8 {
			for v := range 8 {
				for u := range 8 {
					out[8*y+x] += scale(u) * scale(v) * float64(b[8*v+u]) *
						math.Cos(float64((2*x+1)*u)*math.Pi/16) * math.Cos(float64((2*y+1)*v)*math.Pi/16)
				}
			}
		}
	}
	return out
}

// encoded is a stream of the standard library's encoder, with chroma of half
// the resolution.
func encoded(t testing.TB, w, h int) (image.Image, []byte) {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.Set(x, y, color.RGBA{uint8(4 * x), uint8(4 * y), uint8(200 - 2*x), 255})
		}
	}
	var b bytes.Buffer
	if err := std.Encode(&b, m, &std.Options{Quality: 100}); err != nil {
		t.Fatal(err)
	}
	return m, b.Bytes()
}

// TestColourPicture decodes luma and chroma of a smooth picture of odd size.
func TestColourPicture(t *testing.T) {
	src, data := encoded(t, 45, 37)
	m, err := Decode(data, 45*37*3)
	if err != nil || m.Components != 3 || m.Width != 45 || m.Height != 37 {
		t.Fatalf("%+v, %v", m, err)
	}
	for y := range 37 {
		for x := range 45 {
			p := m.Pix[3*(y*45+x):]
			got := color.YCbCr{Y: uint8(p[0]), Cb: uint8(p[1]), Cr: uint8(p[2])}
			r, g, b, _ := got.RGBA()
			wr, wg, wb, _ := src.At(x, y).RGBA()
			for _, d := range []int{int(r>>8) - int(wr>>8), int(g>>8) - int(wg>>8), int(b>>8) - int(wb>>8)} {
				if d < -6 || d > 6 {
					t.Fatalf("pixel %d,%d is %v, want %v", x, y, got, src.At(x, y))
				}
			}
		}
	}
}

func FuzzDecode(f *testing.F) {
	p := random(picture{width: 6, height: 5, components: 3, precision: 8, predictor: 4, restart: 2})
	f.Add(p.encode())
	_, data := encoded(f, 17, 9)
	f.Add(data)
	for _, data := range slices.Concat(fixtureStreams(), ourStreams(f, "sequential"), ourStreams(f, "progressive")) {
		f.Add(data)
	}
	const limit = 1 << 12
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := Decode(data, limit)
		if err == nil && len(m.Pix) != m.Width*m.Height*m.Components {
			t.Errorf("%d samples for %d×%d×%d", len(m.Pix), m.Width, m.Height, m.Components)
		}
		r, other := DecodeRows(data, limit)
		if (err == nil) != (other == nil) {
			t.Fatalf("by rows: %v, together: %v", other, err)
		}
		if err != nil || r.Precision > 8 {
			return
		}
		rows := make([]uint8, len(m.Pix))
		r.Read(rows, 0, r.Height, false)
		for i, v := range rows {
			if v != uint8(m.Pix[i]) {
				t.Fatalf("sample %d of rows is %d, want %d", i, v, m.Pix[i])
			}
		}
		if r.Components == 3 {
			r.Read(rows, 0, r.Height, true)
		}
		r.Close()
	})
}

// fixtureStreams are the streams in small fixtures, where they are.
func fixtureStreams() (out [][]byte) {
	files := fixtures.Glob("dicom", "files", "pydicom", "*.dcm")
	for _, path := range files {
		data, err := os.ReadFile(path)
		if at := bytes.Index(data, []byte{0xff, 0xd8, 0xff}); err == nil && at >= 0 && len(data) < 20_000 {
			out = append(out, data[at:])
		}
	}
	return out
}
