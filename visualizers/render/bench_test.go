package render

import (
	"image"
	"math"
	"testing"
	"time"
)

func benchField(w, h int) Field {
	f := Field{w, h, make([]float32, w*h)}
	for i := range f.Values {
		f.Values[i] = float32(math.Sin(float64(i)))
	}
	return f
}

// BenchmarkOverlay512 is the redraw after a display control moved: the bound
// is 10 ms.
func BenchmarkOverlay512(b *testing.B) {
	base := image.NewRGBA(image.Rect(0, 0, 512, 512))
	for _, c := range []struct {
		name  string
		field Field
		style Style
	}{
		{"bilinear", benchField(64, 64), Style{Opacity: 0.6, Signed: true}},
		{"cells", benchField(64, 64), Style{Opacity: 0.6, Signed: true, Cells: true}},
		{"pixels", benchField(224, 224), Style{Opacity: 0.6, Signed: true, Robust: 0.01, Alpha: ByMagnitude}},
	} {
		b.Run(c.name, func(b *testing.B) {
			start := time.Now()
			for b.Loop() {
				Overlay(base, c.field, Whole(512, 512), c.style)
			}
			b.ReportMetric(float64(time.Since(start).Microseconds())/1e3/float64(b.N), "ms/redraw")
		})
	}
}

func BenchmarkColors(b *testing.B) {
	for b.Loop() {
		Colors("blue-red")
	}
}
