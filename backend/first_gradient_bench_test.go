package backend_test

import (
	"testing"
	"time"

	"picasso/backend/infer"
	"picasso/backend/onnx/zoo"
	"picasso/backend/score"
)

// BenchmarkFirstGradient reports how long the first gradient of a model takes
// that was just opened, sessions included, in milliseconds and as a multiple of
// the next one.
func BenchmarkFirstGradient(b *testing.B) {
	for _, name := range zoo.Names() {
		b.Run(name, func(b *testing.B) {
			var first, next []time.Duration
			for b.Loop() {
				for range 5 {
					m := zooModel(b, name)
					x := []infer.Tensor{infer.NewTensor(m.Shape())}
					for _, took := range []*[]time.Duration{&first, &next} {
						start := time.Now()
						if _, err := m.Gradient(b.Context(), x, []score.Target{score.ClassTarget(0, score.Logit)}); err != nil {
							b.Fatal(err)
						}
						*took = append(*took, time.Since(start))
					}
				}
			}
			b.ReportMetric(0, "ns/op") // of no use here
			b.ReportMetric(median(first), "ms-first")
			b.ReportMetric(median(first)/median(next), "first/next")
		})
	}
}
