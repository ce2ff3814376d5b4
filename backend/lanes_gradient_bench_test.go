package backend_test

import (
	"math/rand/v2"
	"testing"

	"picasso/backend/infer"
	"picasso/backend/onnx/zoo"
	"picasso/backend/score"
)

// BenchmarkGradients reports the gradients of many pictures together as a ratio
// to those of the pictures one after the other.
func BenchmarkGradients(b *testing.B) {
	for _, name := range zoo.Names() {
		b.Run(name, func(b *testing.B) {
			m := zooModel(b, name)
			rng := rand.New(rand.NewPCG(1, 1))
			batch := make([]infer.Tensor, 8)
			for k := range batch {
				batch[k] = infer.NewTensor(m.Shape())
				for i := range batch[k].Data {
					batch[k].Data[i] = float32(rng.NormFloat64())
				}
			}
			targets := []score.Target{score.ClassTarget(0, score.Logit)}
			ways := turns{
				func() error {
					for i := range batch {
						if _, err := m.Gradient(b.Context(), batch[i:i+1], targets); err != nil {
							return err
						}
					}
					return nil
				},
				func() error { _, err := m.Gradient(b.Context(), batch, targets); return err },
			}
			if _, _, err := ways.measure(1); err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				wall, cpu, err := ways.measure(7)
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(0, "ns/op") // of no use here
				b.ReportMetric(wall[0]/wall[1], "single/lanes")
				b.ReportMetric(cpu[0]/cpu[1], "single/lanes-cpu")
				b.ReportMetric(wall[0]/8, "ms-single")
			}
		})
	}
}
