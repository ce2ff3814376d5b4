package cli_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"picasso/backend/fixtures"
	"picasso/backend/infer"
	"picasso/backend/onnx/zoo"
	"picasso/backend/ort/orttest"
	"picasso/backend/picture/picturetest"
	"picasso/ui/cli"
)

// photographs writes n different JPEGs of 500 × 375 to a folder.
func photographs(b *testing.B, n int) string {
	b.Helper()
	return photographsOf(b, n, 500, 375)
}

func photographsOf(b *testing.B, n, width, height int) string {
	b.Helper()
	folder := b.TempDir()
	for i := range n {
		if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("%04d.jpg", i)), picturetest.Photo(b, width, height, i), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	return folder
}

// predicting is how long `predict` takes for a folder or a file, opening the
// model included, in a process of its own.
func predicting(b *testing.B, model, images string) time.Duration {
	b.Helper()
	var out, errs bytes.Buffer
	env := environment(&out, &errs)
	start := time.Now()
	if code := cli.RunAlone(context.Background(), []string{"predict", "--model", model, "--image", images, "--provider", "cpu", "--json"}, env); code != 0 {
		b.Fatal(errs.String())
	}
	return time.Since(start)
}

// BenchmarkPredictFolder compares `predict` over a folder of JPEGs with the bare
// session on as many inputs that are there already, in turns within one run. What
// opening the model takes is measured with one picture and left out. Reading a
// picture takes the same processor time for every network, so the ratio is the
// better the larger it is: a trained SqueezeNet on a thousand pictures, and networks
// of known architecture with random weights on fewer.
//
//	x-bare      predictions ÷ bare session
//	ms/picture  wall time
//	cpu-ms/own  processor time of a picture beside the bare session's
func BenchmarkPredictFolder(b *testing.B) {
	trained, err := filepath.Glob(filepath.Join(fixtures.Path(b, "models", "imagenet"), "squeezenet*.onnx"))
	if err == nil && len(trained) > 0 {
		b.Run("squeezenet", func(b *testing.B) { predictFolder(b, trained[0], 1000) })
	}
	for _, name := range []string{"resnet18", "resnet50"} {
		path, err := zoo.File(name)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(name, func(b *testing.B) { predictFolder(b, path, 200) })
	}
}

func predictFolder(b *testing.B, model string, pictures int) {
	folder := photographs(b, pictures)
	bare := aloneOn(b, model)
	one := filepath.Join(folder, "0000.jpg")
	predicting(b, model, one) // what is measured and kept about a model
	var ours, alone, own time.Duration
	for b.Loop() {
		opening := predicting(b, model, one)
		before := processorTime()
		ours += predicting(b, model, folder) - opening
		middle := processorTime()
		alone += bare(pictures - 1)
		own += middle - before - (processorTime() - middle)
	}
	n := float64(b.N * (pictures - 1))
	b.ReportMetric(0, "ns/op") // of no use here
	b.ReportMetric(float64(ours)/float64(alone), "x-bare")
	b.ReportMetric(1000*ours.Seconds()/n, "ms/picture")
	b.ReportMetric(1000*own.Seconds()/n, "cpu-ms/own")
}

// processorTime is that of this process.
func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
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
