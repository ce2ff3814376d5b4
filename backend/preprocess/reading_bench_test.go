package preprocess

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"os"
	"path/filepath"
	"testing"

	"picasso/backend/picture"
)

// photo is a file with a JPEG of 500 × 375 that compresses as photographs do.
func photo(b *testing.B) string {
	b.Helper()
	m := image.NewRGBA(image.Rect(0, 0, 500, 375))
	grain := uint32(1)
	for y := range 375 {
		for x := range 500 {
			grain = grain*1664525 + 1013904223
			v := 90*math.Sin(float64(x*y)/9000) + float64(grain>>28) + 128
			if (x/60+y/45)%3 == 0 {
				v -= 60
			}
			m.SetRGBA(x, y, color.RGBA{uint8(max(v, 0)), uint8(max(v*0.8, 0)), uint8(200 - max(v, 0)/2), 255})
		}
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, m, &jpeg.Options{Quality: 90}); err != nil {
		b.Fatal(err)
	}
	path := filepath.Join(b.TempDir(), "photo.jpg")
	if err := os.WriteFile(path, out.Bytes(), 0o600); err != nil {
		b.Fatal(err)
	}
	return path
}

// BenchmarkReading reads a photograph from a file and prepares it for networks of 227
// and 224 pixels: stretched, and with the middle cut out.
func BenchmarkReading(b *testing.B) {
	path := photo(b)
	stretch := Preprocess{Color: RGB, Resize: Resize{Mode: Stretch, Filter: picture.Bilinear}, Scale: [2]float64{1. / 255, 0}, Mean: Values{0.485, 0.456, 0.406}, Std: Values{0.229, 0.224, 0.225}}
	crop := stretch
	crop.Resize = Resize{Mode: Crop, Filter: picture.Bilinear, Edge: 256}
	for _, c := range []struct {
		name string
		p    Preprocess
		side int
	}{{"stretch227", stretch, 227}, {"crop224", crop, 224}} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				m, err := picture.OpenWith(context.Background(), path, picture.Options{})
				if err != nil {
					b.Fatal(err)
				}
				t, err := Prepare(m, c.p, Input{Channels: 3, Height: c.side, Width: c.side})
				if err != nil {
					b.Fatal(err)
				}
				m.GiveBack()
				t.GiveBack()
			}
		})
	}
}
