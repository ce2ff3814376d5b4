package cli_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"picasso/backend/fixtures"
	"picasso/backend/infer"
	"picasso/backend/ort/orttest"
)

// photographs writes n different JPEGs of 500 × 375 to a folder.
func photographs(b *testing.B, n int) string {
	b.Helper()
	folder := b.TempDir()
	m := image.NewRGBA(image.Rect(0, 0, 500, 375))
	for i := range n {
		grain := uint32(i)
		for y := range 375 {
			for x := range 500 {
				grain = grain*1664525 + 1013904223
				v := 90*math.Sin(float64((x+7*i)*y)/9000) + float64(grain>>28) + 128
				if (x/60+y/45+i)%3 == 0 {
					v -= 60
				}
				m.SetRGBA(x, y, color.RGBA{uint8(max(v, 0)), uint8(max(v*0.8, 0)), uint8(200 - max(v, 0)/2), 255})
			}
		}
		var out bytes.Buffer
		if err := jpeg.Encode(&out, m, &jpeg.Options{Quality: 90}); err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("%04d.jpg", i)), out.Bytes(), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	return folder
}

// predicting is how long `predict` takes for a folder or a file, opening the
// model included.
func predicting(b *testing.B, model, images string) time.Duration {
	b.Helper()
	start := time.Now()
	if code, _, said := picasso(context.Background(), "predict", "--model", model, "--image", images, "--provider", "cpu", "--json"); code != 0 {
		b.Fatal(said)
	}
	return time.Since(start)
}

// BenchmarkPredictFolder compares `predict` over a folder of JPEGs with the bare
// session on as many inputs that are there already, in turns within one run. What
// opening the model takes is measured with one picture and left out.
//
//	x-bare  predictions ÷ bare session
func BenchmarkPredictFolder(b *testing.B) {
	const pictures = 1000
	folder := photographs(b, pictures)
	for _, name := range []string{"squeezenet*", "mobilenet*", "resnet50*"} {
		models, err := filepath.Glob(filepath.Join(fixtures.Path(b, "models", "imagenet"), name+".onnx"))
		if err != nil || len(models) == 0 {
			continue
		}
		b.Run(filepath.Base(models[0]), func(b *testing.B) {
			bare := aloneOn(b, models[0])
			one := filepath.Join(folder, "0000.jpg")
			predicting(b, models[0], one) // what is measured and kept about a model
			var ours, alone time.Duration
			for b.Loop() {
				opening := predicting(b, models[0], one)
				ours += predicting(b, models[0], folder) - opening
				alone += bare(pictures - 1)
			}
			b.ReportMetric(float64(ours)/float64(alone), "x-bare")
			b.ReportMetric(float64(ours.Milliseconds())/float64(b.N*(pictures-1)), "ms/picture")
		})
	}
}

// aloneOn runs a model's session n times on one input.
func aloneOn(b *testing.B, path string) func(n int) time.Duration {
	b.Helper()
	s, err := orttest.Runtime(b).Open(b.Context(), infer.Source{Path: path}, infer.SessionOptions{Provider: infer.CPU})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := s.Close(); err != nil {
			b.Error(err)
		}
	})
	shape := append([]int(nil), s.Inputs()[0].Shape...)
	shape[0] = 1
	x := infer.NewTensor(shape...)
	for i := range x.Data {
		x.Data[i] = float32(i%251) / 251
	}
	return func(n int) time.Duration {
		start := time.Now()
		for range n {
			if _, err := s.Run(b.Context(), []infer.Tensor{x}); err != nil {
				b.Fatal(err)
			}
		}
		return time.Since(start)
	}
}
