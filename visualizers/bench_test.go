package visualizers_test

import (
	"context"
	"math"
	"path/filepath"
	"picasso/backend/fixtures"
	"picasso/backend/ort/orttest"
	"testing"
	"time"

	"picasso/backend/fake"
	"picasso/backend/infer"
	"picasso/backend/score"
	"picasso/visualizers"
	"picasso/visualizers/vistest"
)

// BenchmarkOcclusionOverBareSession compares occlusion with running as many
// images through the session alone, in turns within one run:
//
//	x-bare       occlusion ÷ bare session; what masking, copying, averaging cost
//	first-share  time until the first map ÷ whole time
func BenchmarkOcclusionOverBareSession(b *testing.B) {
	path := filepath.Join(fixtures.Path(b, "public", "resnet_bn"), "model.onnx")
	if real, err := filepath.Glob(filepath.Join(fixtures.Path(b, "models", "imagenet"), "*.onnx")); err == nil && len(real) > 0 {
		path = real[0]
	}
	m := openModel(b, path)
	bare := bareSession(b, path)
	channels, height, width := m.Shape()
	x := infer.NewTensor(channels, height, width)
	for i := range x.Data {
		x.Data[i] = float32(i%251) / 251
	}
	in := answered(b, m, x)
	in.Targets = []score.Target{score.ClassTarget(0, score.Probability)}
	v := vistest.Find(b, "occlusion")
	var err error
	if in.Values, err = visualizers.ParseValues(v, m, []string{"size=20%", "stride=10%", "engine=plain"}); err != nil {
		b.Fatal(err)
	}
	var ours, alone, first time.Duration
	images := 0
	for b.Loop() {
		start, drawn := time.Now(), time.Duration(0)
		r, err := v.Explain(b.Context(), in, func(r visualizers.Result) {
			if drawn == 0 && len(r.Maps) > 0 {
				drawn = time.Since(start)
			}
		})
		if err != nil {
			b.Fatal(err)
		}
		ours += time.Since(start)
		first += drawn
		images = r.Passes
		start = time.Now()
		if err := bare(b.Context(), x, r.Passes, m.Batch()); err != nil {
			b.Fatal(err)
		}
		alone += time.Since(start)
	}
	b.ReportMetric(float64(ours)/float64(alone), "x-bare")
	b.ReportMetric(float64(first)/float64(ours), "first-share")
	b.ReportMetric(float64(images), "images")
}

// bareSession runs copies of one image in batches, without anything of ours
// around the session.
func bareSession(b *testing.B, path string) func(ctx context.Context, x infer.Tensor, images, batch int) error {
	r := orttest.Runtime(b)
	s, err := r.Open(b.Context(), infer.Source{Path: path}, infer.SessionOptions{Provider: infer.CPU})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := s.Close(); err != nil {
			b.Error(err)
		}
	})
	return func(ctx context.Context, x infer.Tensor, images, batch int) error {
		if s.Inputs()[0].Shape[0] == 1 {
			batch = 1
		}
		stack := make([]infer.Tensor, batch)
		for i := range stack {
			stack[i] = x
		}
		full := fake.Stack(stack)
		for left := images; left > 0; left -= batch {
			part := full
			if left < batch {
				part = fake.Stack(stack[:left])
			}
			if _, err := s.Run(ctx, []infer.Tensor{part}); err != nil {
				return err
			}
		}
		return nil
	}
}

// BenchmarkOwnCost is what occlusion itself costs per window of a 224 × 224
// colour image and 1000 classes, the model being free.
func BenchmarkOwnCost(b *testing.B) {
	s := free{vistest.Random(3, 224, 224), make([]float32, 1000)}
	v := vistest.Find(b, "occlusion")
	in := visualizers.Input{
		Subject: s, Tensor: infer.NewTensor(3, 224, 224), Base: score.Scores{Probabilities: s.scores},
		Targets: []score.Target{score.ClassTarget(7, score.Probability)},
	}
	var err error
	if in.Values, err = visualizers.ParseValues(v, s, []string{"size=32", "stride=8"}); err != nil {
		b.Fatal(err)
	}
	passes := 0
	for b.Loop() {
		r, err := v.Explain(b.Context(), in, func(visualizers.Result) {})
		if err != nil {
			b.Fatal(err)
		}
		if math.IsNaN(float64(r.Maps[0].Values[0])) {
			b.Fatal("no map")
		}
		passes += r.Passes
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(passes), "µs/window")
}

// free is a model that answers at once.
type free struct {
	*vistest.Net
	scores []float32
}

func (f free) Classes() int         { return len(f.scores) }
func (f free) ClassName(int) string { return "x" }
func (f free) HasLogits() bool      { return false }

func (f free) Predict(_ context.Context, batch []infer.Tensor) ([]score.Scores, error) {
	out := make([]score.Scores, len(batch))
	for i := range out {
		out[i].Probabilities = f.scores
	}
	return out, nil
}
