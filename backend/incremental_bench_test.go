package backend_test

import (
	"fmt"
	"image"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"time"

	"picasso/backend"
	"picasso/backend/onnx/zoo"
)

// zooModel opens a network of a known architecture, written on first use.
func zooModel(t testing.TB, name string) *backend.Model {
	t.Helper()
	folder := filepath.Join(os.TempDir(), "picasso-networks")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(folder, name+".onnx")
	if _, err := os.Stat(path); err != nil {
		net, err := zoo.Network(name, zoo.Side)
		if err != nil {
			t.Fatal(err)
		}
		data, err := net.Encode()
		if err == nil {
			err = os.WriteFile(path+".part", data, 0o644)
		}
		if err == nil {
			err = os.Rename(path+".part", path)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	m, err := backend.OpenModel(t.Context(), onnxRuntime(t), path, backend.ModelOptions{Provider: backend.CPU})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.Close() })
	return m
}

// BenchmarkIncremental compares the plain and the incremental way on the same
// positions, in turns, on networks of known architecture at 224×224:
//
//	x-plain      plain ÷ incremental, wall time
//	x-plain-cpu  the same in processor time, which other programs disturb less
//	x-counted    the same in multiply-adds
//	error        largest difference over the largest score
//	ms-open      time until the first incremental position, once per window size
//
// It measures a sample of the positions that the stride makes.
func BenchmarkIncremental(b *testing.B) {
	for _, name := range zoo.Names() {
		for _, c := range []struct{ size, stride int }{{16, 8}, {32, 16}, {32, 8}, {64, 16}} {
			b.Run(fmt.Sprintf("%s/window=%d/stride=%d", name, c.size, c.stride), func(b *testing.B) {
				benchIncremental(b, zooModel(b, name), c.size, c.stride)
			})
		}
	}
}

// benchSample is the number of positions that are measured.
const benchSample = 80

func benchIncremental(b *testing.B, m *backend.Model, size, stride int) {
	rng := rand.New(rand.NewPCG(1, 1))
	base := backend.NewTensor(m.Shape())
	for i := range base.Data {
		base.Data[i] = float32(rng.NormFloat64())
	}
	var rects []image.Rectangle
	for y := 0; y+size <= m.Input.Height; y += stride {
		for x := 0; x+size <= m.Input.Width; x += stride {
			rects = append(rects, image.Rect(x, y, x+size, y+size))
		}
	}
	rng.Shuffle(len(rects), func(i, j int) { rects[i], rects[j] = rects[j], rects[i] })
	rects = rects[:min(len(rects), benchSample)]
	start := time.Now()
	inc, err := m.Copies(b.Context(), base, rects, nil, backend.IncrementalEngine)
	if err != nil {
		b.Fatal(err)
	}
	defer inc.Close()
	opened := time.Since(start)
	var plain, fast time.Duration
	var plainCPU, fastCPU time.Duration
	worst, ran := 0.0, 0
	runtime.GC()
	chunk := inc.Batch()
	for b.Loop() {
		for at := 0; at < len(rects); at += chunk {
			part := rects[at:min(at+chunk, len(rects))]
			batch := make([]backend.Tensor, len(part))
			for i, r := range part {
				batch[i] = base.Clone()
				fill(batch[i], r)
			}
			start, c0 := time.Now(), processorTime()
			got, err := inc.Score(b.Context(), batch, part)
			if err != nil {
				b.Fatal(err)
			}
			mid, c1 := time.Now(), processorTime()
			var want []backend.Scores
			for i := 0; i < len(batch); i += m.Batch() {
				w, err := m.Predict(b.Context(), batch[i:min(i+m.Batch(), len(batch))])
				if err != nil {
					b.Fatal(err)
				}
				want = append(want, w...)
			}
			end, c2 := time.Now(), processorTime()
			if at > 0 { // the first batch is checked and warms both ways up
				fast, plain = fast+mid.Sub(start), plain+end.Sub(mid)
				fastCPU, plainCPU = fastCPU+c1-c0, plainCPU+c2-c1
				ran += len(part)
			}
			for i := range want {
				worst = max(worst, apart(got[i], want[i]))
			}
		}
	}
	account := inc.Account()
	if account.Engine != backend.IncrementalEngine {
		b.Fatal(account.Notice)
	}
	b.ReportMetric(0, "ns/op") // of no use here
	b.ReportMetric(plain.Seconds()/float64(ran)*1000, "ms-plain")
	b.ReportMetric(fast.Seconds()/float64(ran)*1000, "ms-incremental")
	b.ReportMetric(plain.Seconds()/fast.Seconds(), "x-plain")
	b.ReportMetric(plainCPU.Seconds()/fastCPU.Seconds(), "x-plain-cpu")
	b.ReportMetric(1/account.Share, "x-counted")
	b.ReportMetric(worst, "error")
	b.ReportMetric(opened.Seconds()*1000, "ms-open")
}

// fill covers a rectangle with zeros.
func fill(t backend.Tensor, r image.Rectangle) {
	for c := range t.Shape[0] {
		for y := r.Min.Y; y < r.Max.Y; y++ {
			row := (c*t.Shape[1] + y) * t.Shape[2]
			clear(t.Data[row+r.Min.X : row+r.Max.X])
		}
	}
}

// processorTime is what this process used of the processors.
func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
