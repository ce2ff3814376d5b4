package audit_test

import (
	"fmt"
	"image"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"picasso/backend"
	"picasso/backend/fixtures"
	"picasso/backend/infer"
	"picasso/backend/ort/orttest"
	"picasso/backend/picture"
	"picasso/backend/score"
	"picasso/visualizers"
	"picasso/visualizers/audit"
)

// BenchmarkRows compares rows with the maps in them: the same answers and maps made
// alone.
func BenchmarkRows(b *testing.B) {
	m := orttest.Open(b, fixtures.Path(b, "models", "imagenet", "squeezenet1.1_rgbnorm_227.onnx"), backend.ModelOptions{})
	method, pairs, _, err := audit.Choose(m, find)
	if err != nil {
		b.Fatal(err)
	}
	values, err := visualizers.ParseValues(method, m, pairs)
	if err != nil {
		b.Fatal(err)
	}
	a := audit.Auditor{Subject: m, Method: method, Values: values, Class: audit.Predicted, Score: score.Logit, Features: true}
	var pictures []*picture.Image
	for i := range 8 {
		random := rand.New(rand.NewPCG(uint64(i), 1))
		img := image.NewRGBA(image.Rect(0, 0, 224, 224))
		for k := range img.Pix {
			img.Pix[k] = uint8(random.IntN(256)) | 255*uint8(k%4/3)
		}
		pictures = append(pictures, picture.FromImage(fmt.Sprint(i), img))
	}
	bare := func(img *picture.Image) {
		x, err := m.Prepare(img)
		if err != nil {
			b.Fatal(err)
		}
		p, err := m.Predict(b.Context(), []infer.Tensor{x})
		if err != nil {
			b.Fatal(err)
		}
		in := visualizers.Input{Subject: m, Image: img, Tensor: x, Base: p[0], Targets: []score.Target{score.ClassTarget(p[0].Order()[0], score.Logit)}, Values: values}
		if _, err := method.Explain(b.Context(), in, func(visualizers.Result) {}); err != nil {
			b.Fatal(err)
		}
	}
	whole := func(img *picture.Image) {
		if _, _, err := a.Row(b.Context(), img, nil, math.NaN()); err != nil {
			b.Fatal(err)
		}
	}
	bare(pictures[0]) // sessions open at the first
	whole(pictures[0])
	var alone, rows time.Duration
	for b.Loop() {
		for range 4 { // by turns, for the machine's load changes
			for _, img := range pictures {
				began := time.Now()
				bare(img)
				alone += time.Since(began)
				began = time.Now()
				whole(img)
				rows += time.Since(began)
			}
		}
	}
	b.ReportMetric(rows.Seconds()/alone.Seconds(), "rows/maps")
	b.ReportMetric(1000*rows.Seconds()/float64(b.N*4*len(pictures)), "ms/row")
}

// BenchmarkAnalysis analyses maps of five kinds.
func BenchmarkAnalysis(b *testing.B) {
	for _, n := range []int{1000, 10_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			random := rand.New(rand.NewPCG(1, 2))
			s := audit.Sample{Names: []string{"a"}}
			for i := range n {
				cells := make([]float32, audit.Side*audit.Side)
				for k := range cells {
					y, x := float64(k/audit.Side), float64(k%audit.Side)
					kind := float64(i % 5)
					cells[k] = float32(math.Exp(-((y-6*kind-4)*(y-6*kind-4)+(x-16)*(x-16))/20) + 0.1*random.Float64())
				}
				s.Rows, s.Maps = append(s.Rows, audit.Row{Path: fmt.Sprint(i)}), append(s.Maps, cells)
			}
			for b.Loop() {
				if _, err := audit.Analyse(b.Context(), s); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(1000*b.Elapsed().Seconds()/float64(b.N), "ms-wall")
		})
	}
}
