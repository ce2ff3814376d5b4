package script_test

import (
	"context"
	"picasso/backend/fixtures"
	"picasso/backend/ort/orttest"
	"picasso/visualizers/vistest"
	"testing"
	"time"

	"picasso/backend"
	"picasso/backend/infer"
	"picasso/backend/score"
	"picasso/visualizers"
)

// BenchmarkOverhead runs occlusion with 225 windows as a script and as the
// program's own method without its shortcuts, in turns within one run:
//
//	script    time outside the model ÷ time inside it, for the script: process,
//	          interpreter, pipes, covering, drawing
//	built-in  the same for the built-in method
func BenchmarkOverhead(b *testing.B) {
	m := &timed{Subject: squeezeNet(b)}
	channels, height, width := m.Shape()
	x := infer.NewTensor(channels, height, width)
	for i := range x.Data {
		x.Data[i] = float32(i%251) / 251
	}
	base, err := m.Predict(b.Context(), []infer.Tensor{x})
	if err != nil {
		b.Fatal(err)
	}
	builtIn := vistest.Find(b, "occlusion")
	run := func(v visualizers.Visualizer, pairs ...string) (inside, outside time.Duration) {
		values, err := visualizers.ParseValues(v, m, pairs)
		if err != nil {
			b.Fatal(err)
		}
		start := time.Now()
		m.spent = 0
		r := explain(b, v, visualizers.Input{
			Subject: m, Tensor: x, Base: base[0], Values: values,
			Targets: []score.Target{score.ClassTarget(0, score.Probability)},
		})
		if r.Passes != 225 {
			b.Fatalf("%d windows", r.Passes)
		}
		return m.spent, time.Since(start) - m.spent
	}
	s := example(b, "occlusion.star")
	var inside, outside, ownInside, ownOutside time.Duration
	for b.Loop() {
		i, o := run(s)
		inside, outside = inside+i, outside+o
		i, o = run(builtIn, "engine=plain")
		ownInside, ownOutside = ownInside+i, ownOutside+o
	}
	b.ReportMetric(outside.Seconds()/inside.Seconds(), "script")
	b.ReportMetric(ownOutside.Seconds()/ownInside.Seconds(), "built-in")
	b.ReportMetric(inside.Seconds()/225/float64(b.N)*1e3, "ms/image")
	b.ReportMetric(0, "ns/op")
}

// timed adds up the time spent inside the model.
type timed struct {
	visualizers.Subject
	spent time.Duration
}

// Predict is the model's own.
func (m *timed) Predict(ctx context.Context, batch []infer.Tensor) ([]score.Scores, error) {
	start := time.Now()
	defer func() { m.spent += time.Since(start) }()
	return m.Subject.Predict(ctx, batch)
}

// squeezeNet opens the real network of the fixtures; without it the benchmark
// is skipped.
func squeezeNet(b *testing.B) *backend.Model {
	b.Helper()
	path := fixtures.Path(b, "models", "imagenet", "squeezenet1.1_rgbnorm_227.onnx")
	runtime := orttest.Runtime(b)
	m, err := backend.OpenModel(b.Context(), runtime, path, backend.ModelOptions{Provider: infer.CPU})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { m.Close() })
	return m
}
