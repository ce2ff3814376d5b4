package picture

import (
	"bytes"
	"image"
	"image/jpeg"
	"slices"
	"testing"
	"time"

	"picasso/backend/picture/picturetest"
)

// BenchmarkJPEG decodes a photograph to red, green and blue, with chroma
// interpolated, and compares with Go's decoder, which repeats chroma: as it
// comes from there, and with the conversion to red, green and blue. The ratios are
// of medians.
func BenchmarkJPEG(b *testing.B) {
	data := picturetest.Photo(b, 500, 375, 0)
	const rounds = 20 // the first one fetches memory that later ones use again
	var ours, bare, whole []time.Duration
	for b.Loop() {
		for range rounds {
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
	}
	b.ReportMetric(0, "ns/op") // of no use here
	b.ReportMetric(median(ours)*1000, "ms")
	b.ReportMetric(median(ours)/median(bare), "÷Go's-planes")
	b.ReportMetric(median(ours)/median(whole), "÷Go's-RGB")
}

// median is in seconds.
func median(times []time.Duration) float64 {
	slices.Sort(times)
	return times[len(times)/2].Seconds()
}
