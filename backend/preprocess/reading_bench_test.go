package preprocess

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"picasso/backend/picture"
	"picasso/backend/picture/picturetest"
)

// photo is a file with a JPEG of 500 × 375.
func photo(b *testing.B) string {
	b.Helper()
	path := filepath.Join(b.TempDir(), "photo.jpg")
	if err := os.WriteFile(path, picturetest.Photo(b, 500, 375, 0), 0o600); err != nil {
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
