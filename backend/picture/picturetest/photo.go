// Package picturetest makes pictures for tests and benchmarks.
package picturetest

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"testing"
)

// Photo is a JPEG with edges, slopes and grain, which compresses as photographs do; chroma
// is halved on both axes. Each number makes another picture.
func Photo(t testing.TB, width, height, number int) []byte {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, width, height))
	grain := uint32(number)
	for y := range height {
		for x := range width {
			grain = grain*1664525 + 1013904223
			v := 90*math.Sin(float64((x+7*number)*y)/9000) + float64(grain>>28) + 128
			if (x/60+y/45+number)%3 == 0 {
				v -= 60
			}
			m.SetRGBA(x, y, color.RGBA{uint8(max(v, 0)), uint8(max(v*0.8, 0)), uint8(200 - max(v, 0)/2), 255})
		}
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, m, &jpeg.Options{Quality: 90}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
