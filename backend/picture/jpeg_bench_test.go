package picture

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"slices"
	"testing"
	"time"
)

// photo is a JPEG of 500 × 375 with edges, slopes and grain, which compresses
// as photographs do; Go's encoder halves chroma on both axes.
func photo(b *testing.B) []byte {
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
	return out.Bytes()
}

// BenchmarkJPEG decodes a photograph to red, green and blue, with chroma
// interpolated, and compares with Go's decoder, which repeats chroma: as it
// comes from there, and with the conversion to red, green and blue. The ratios are
// of medians.
func BenchmarkJPEG(b *testing.B) {
	data := photo(b)
	var ours, bare, whole []time.Duration
	for b.Loop() {
		start := time.Now()
		size, err := jpeg.DecodeConfig(bytes.NewReader(data))
		if err != nil {
			b.Fatal(err)
		}
		if _, err := decodeJPEG(data, size); err != nil {
			b.Fatal(err)
		}
		ours = append(ours, time.Since(start))
		start = time.Now()
		m, err := jpeg.Decode(bytes.NewReader(data))
		if err != nil {
			b.Fatal(err)
		}
		bare = append(bare, time.Since(start))
		convertYCbCr("photo", m.(*image.YCbCr))
		whole = append(whole, time.Since(start))
	}
	b.ReportMetric(median(ours)*1000, "ms")
	b.ReportMetric(median(ours)/median(bare), "÷Go's-planes")
	b.ReportMetric(median(ours)/median(whole), "÷Go's-RGB")
}

// median is in seconds.
func median(times []time.Duration) float64 {
	slices.Sort(times)
	return times[len(times)/2].Seconds()
}
