package backend_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"picasso/backend"
	"picasso/backend/infer"
	"picasso/backend/onnx/zoo"
	"picasso/backend/score"
)

// BenchmarkGradient reports what gradients cost as ratios: of forward and
// backward pass to a prediction, of five classes together to five runs, of
// predictions with the sessions for gradients open to those without. The ways
// take turns and the median of each counts, in time on the clock and, with
// "cpu", in processor time, which other programs disturb less.
func BenchmarkGradient(b *testing.B) {
	for _, name := range zoo.Names() {
		b.Run(name, func(b *testing.B) { benchGradient(b, zooModel(b, name), zooModel(b, name)) })
	}
}

// benchRounds is how often the ways take turns.
const benchRounds = 15

func benchGradient(b *testing.B, m, plain *backend.Model) {
	rng := rand.New(rand.NewPCG(1, 1))
	x := infer.NewTensor(m.Shape())
	for i := range x.Data {
		x.Data[i] = float32(rng.NormFloat64())
	}
	var targets []score.Target
	for class := range 5 {
		targets = append(targets, score.ClassTarget(class, score.Logit))
	}
	predict := func(m *backend.Model) func() error {
		return func() error {
			_, err := m.Predict(b.Context(), []infer.Tensor{x})
			return err
		}
	}
	gradient := func(t []score.Target) func() error {
		return func() error {
			_, err := m.Gradient(b.Context(), []infer.Tensor{x}, t)
			return err
		}
	}
	ways := turns{predict(plain), gradient(targets[:1]), gradient(targets), predict(m)}
	if _, _, err := ways.measure(2); err != nil { // opens the sessions
		b.Fatal(err)
	}
	for b.Loop() {
		wall, cpu, err := ways.measure(benchRounds)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(0, "ns/op") // of no use here
		b.ReportMetric(wall[0], "ms-predict")
		for suffix, ms := range map[string][]float64{"": wall, "-cpu": cpu} {
			b.ReportMetric(ms[1]/ms[0], "gradient/predict"+suffix)
			b.ReportMetric(ms[2]/(5*ms[1]), "top5/5-runs"+suffix)
			b.ReportMetric(ms[3]/ms[0], "opened/plain"+suffix)
		}
	}
}

// turns are ways to be compared.
type turns []func() error

// measure runs the ways in turns and gives the median of each in milliseconds,
// on the clock and of processor time.
func (t turns) measure(rounds int) (wall, cpu []float64, err error) {
	walls, cpus := make([][]time.Duration, len(t)), make([][]time.Duration, len(t))
	for range rounds {
		for k, run := range t {
			start, used := time.Now(), processorTime()
			if err := run(); err != nil {
				return nil, nil, err
			}
			walls[k] = append(walls[k], time.Since(start))
			cpus[k] = append(cpus[k], processorTime()-used)
		}
	}
	for k := range t {
		wall, cpu = append(wall, median(walls[k])), append(cpu, median(cpus[k]))
	}
	return wall, cpu, nil
}

func median(d []time.Duration) float64 {
	slices.Sort(d)
	return max(d[len(d)/2], time.Microsecond).Seconds() * 1000
}
