package backend_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"picasso/backend"
	"picasso/backend/onnx/zoo"
)

// BenchmarkGradient reports what gradients cost as ratios: of forward and
// backward pass to a prediction, of five classes together to five runs. The
// ways are run in turns and the fastest of each counts.
func BenchmarkGradient(b *testing.B) {
	for _, name := range zoo.Names() {
		b.Run(name, func(b *testing.B) { benchGradient(b, zooModel(b, name)) })
	}
}

func benchGradient(b *testing.B, m *backend.Model) {
	rng := rand.New(rand.NewPCG(1, 1))
	x := backend.NewTensor(m.Shape())
	for i := range x.Data {
		x.Data[i] = float32(rng.NormFloat64())
	}
	var targets []backend.Target
	for class := range 5 {
		targets = append(targets, backend.ClassTarget(class, backend.Logit))
	}
	predict := func() error {
		_, err := m.Predict(b.Context(), []backend.Tensor{x})
		return err
	}
	gradient := func(t []backend.Target) func() error {
		return func() error {
			_, err := m.Gradient(b.Context(), []backend.Tensor{x}, t)
			return err
		}
	}
	ways := []func() error{predict, gradient(targets[:1]), gradient(targets)}
	best := make([]time.Duration, len(ways))
	for b.Loop() {
		for range 4 {
			for k, run := range ways {
				start := time.Now()
				if err := run(); err != nil {
					b.Fatal(err)
				}
				if d := time.Since(start); best[k] == 0 || d < best[k] {
					best[k] = d
				}
			}
		}
	}
	if slices.Min(best) <= 0 {
		b.Fatal("the clock stands still")
	}
	b.ReportMetric(float64(best[0].Microseconds())/1000, "predict-ms")
	b.ReportMetric(float64(best[1])/float64(best[0]), "gradient/predict")
	b.ReportMetric(float64(best[2])/float64(5*best[1]), "top5/5-runs")
}
