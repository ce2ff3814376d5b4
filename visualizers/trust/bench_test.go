package trust_test

import (
	"path/filepath"
	"testing"
	"time"

	"picasso/backend"
	"picasso/backend/fixtures"
	"picasso/backend/infer"
	"picasso/backend/ort/orttest"
	"picasso/backend/picture"
	"picasso/backend/score"
	"picasso/visualizers"
	_ "picasso/visualizers/methods"
	"picasso/visualizers/trust"
	"picasso/visualizers/vistest"
)

// BenchmarkCover runs the cover test of the first map of a picture on a real
// network:
//
//	first-passes  passes until the first verdict
//	first-s       seconds until then
//	x-bare        the whole test ÷ as many passes of the model alone
//	next-x        the test of a second map ÷ that of the first
func BenchmarkCover(b *testing.B) {
	found, err := filepath.Glob(filepath.Join(fixtures.Path(b, "models", "imagenet"), "*squeezenet*.onnx"))
	if err != nil || len(found) == 0 {
		b.Skip("no SqueezeNet among the fixtures")
	}
	path := found[0]
	m := orttest.Open(b, path, backend.ModelOptions{})
	photos, err := filepath.Glob(filepath.Join(fixtures.Path(b, "photos"), "files", "*.jpg"))
	if err != nil || len(photos) == 0 {
		b.Skip("no photos")
	}
	img, err := picture.Open(photos[len(photos)-1])
	if err != nil {
		b.Fatal(err)
	}
	x, err := m.Prepare(img)
	if err != nil {
		b.Fatal(err)
	}
	base, err := m.Predict(b.Context(), []infer.Tensor{x})
	if err != nil {
		b.Fatal(err)
	}
	in := visualizers.Input{Subject: m, Image: img, Tensor: x, Base: base[0], Targets: []score.Target{score.ClassTarget(base[0].Order()[0], score.Probability)}}
	in.Values = visualizers.Defaults(vistest.Find(b, "saliency"), m)
	in.Targets[0].Score = score.Logit
	drawn, err := trust.Explaining(vistest.Find(b, "saliency"))(b.Context(), in)
	if err != nil {
		b.Fatal(err)
	}
	var whole, bare, next, first time.Duration
	passes := 0
	for b.Loop() {
		var judge trust.Judge
		start, seen := time.Now(), false
		c, err := judge.Cover(b.Context(), in, drawn, trust.CoverOptions{}, func(c trust.Cover) {
			if !seen && c.Random != nil && c.Random.Orders > 1 {
				seen, passes = true, c.Passes
				first += time.Since(start)
			}
		})
		if err != nil {
			b.Fatal(err)
		}
		whole += time.Since(start)
		if c.Random == nil {
			b.Skip(c.Said)
		}
		batch := make([]infer.Tensor, m.Batch())
		for i := range batch {
			batch[i] = x
		}
		start = time.Now()
		for done := 0; done < c.Passes; done += len(batch) {
			if _, err := m.Predict(b.Context(), batch); err != nil {
				b.Fatal(err)
			}
		}
		bare += time.Since(start)
		start = time.Now()
		other := drawn
		other.Inverse = !other.Inverse
		if _, err := judge.Cover(b.Context(), in, other, trust.CoverOptions{}, nil); err != nil {
			b.Fatal(err)
		}
		next += time.Since(start)
	}
	n := float64(b.N)
	b.ReportMetric(float64(passes), "first-passes")
	b.ReportMetric(first.Seconds()/n, "first-s")
	b.ReportMetric(whole.Seconds()/bare.Seconds(), "x-bare")
	b.ReportMetric(next.Seconds()/whole.Seconds(), "next-x")
}
