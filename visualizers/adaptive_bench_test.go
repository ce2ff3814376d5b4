package visualizers_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"picasso/backend/fixtures"
)

// BenchmarkAdaptive compares adaptive maps of photographs with full ones, of the best
// class of a trained network:
//
//	least-overlap  the most important tenth of the pixels, intersection over union: the worst photograph
//	overlap        their mean
//	share          of the windows that were run, the mean
//	most-share     the same of the photograph that took most
func BenchmarkAdaptive(b *testing.B) {
	photos, err := filepath.Glob(filepath.Join(fixtures.Path(b, "photos", "files"), "*"))
	if err != nil || len(photos) == 0 {
		b.Skip("no photographs among the reference cases")
	}
	m := photoModel(b)
	for _, w := range [][2]int{{16, 8}, {32, 8}, {48, 8}, {64, 8}, {48, 12}, {16, 16}, {32, 16}, {48, 16}, {64, 16}} {
		b.Run(fmt.Sprintf("window=%d/stride=%d", w[0], w[1]), func(b *testing.B) {
			var overlaps, shares []float64
			for b.Loop() {
				for _, photo := range photos {
					c := compareAdaptive(b, pictured(b, m, photo), fmt.Sprint("size=", w[0]), fmt.Sprint("stride=", w[1]))
					overlaps, shares = append(overlaps, c.overlap), append(shares, c.share)
				}
			}
			b.ReportMetric(0, "ns/op") // of no use here
			least, _, mean := spreadOf(overlaps)
			b.ReportMetric(least, "least-overlap")
			b.ReportMetric(mean, "overlap")
			_, most, mean := spreadOf(shares)
			b.ReportMetric(mean, "share")
			b.ReportMetric(most, "most-share")
		})
	}
}

// spreadOf is the least, the largest and the mean of numbers.
func spreadOf(v []float64) (least, most, mean float64) {
	least, most = v[0], v[0]
	for _, x := range v {
		least, most, mean = min(least, x), max(most, x), mean+x
	}
	return least, most, mean / float64(len(v))
}
