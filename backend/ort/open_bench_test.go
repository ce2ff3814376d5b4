//go:build cgo && linux

package ort

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"picasso/backend/fixtures"
	"slices"
	"strings"
	"testing"
	"time"

	onnxruntime "github.com/yalue/onnxruntime_go"

	"picasso/backend"
	"picasso/backend/infer"
	"picasso/backend/onnx/zoo"
)

// BenchmarkOpen compares opening a model of 553 MB, VGG-16, with what the
// library needs for the same file by its path. "model" is all of
// [backend.OpenModel]: checksum, session and a first run; "session" is the
// session alone. MB-peak is the memory beside the mapped file at its highest.
func BenchmarkOpen(b *testing.B) {
	r, err := Load(Config{})
	if err != nil {
		fixtures.NoRuntime(b, err)
	}
	path := bigModel(b)
	ways := []struct {
		name string
		open func() (close func() error, err error)
	}{
		{"path", func() (func() error, error) {
			s, err := onnxruntime.NewDynamicAdvancedSession(path, []string{"image"}, []string{lastOutput(b, path)}, nil)
			if err != nil {
				return nil, err
			}
			return s.Destroy, nil
		}},
		{"session", func() (func() error, error) {
			s, err := r.Open(b.Context(), infer.Source{Path: path}, cpuOnly)
			if err != nil {
				return nil, err
			}
			return s.Close, nil
		}},
		{"model", func() (func() error, error) {
			m, err := backend.OpenModel(b.Context(), r, path, backend.ModelOptions{Provider: infer.CPU})
			if err != nil {
				return nil, err
			}
			return m.Close, nil
		}},
	}
	times, peaks := make([][]time.Duration, len(ways)), make([]int64, len(ways))
	for b.Loop() {
		for range 3 {
			for k, w := range ways {
				stop := watchMemory()
				start := time.Now()
				end, err := w.open()
				times[k] = append(times[k], time.Since(start))
				peaks[k] = max(peaks[k], stop())
				if err != nil {
					b.Fatal(err)
				}
				if err := end(); err != nil {
					b.Fatal(err)
				}
			}
		}
	}
	b.ReportMetric(0, "ns/op") // of no use here
	for k, w := range ways {
		slices.Sort(times[k])
		b.ReportMetric(times[k][len(times[k])/2].Seconds()*1000, "ms-"+w.name)
		b.ReportMetric(float64(peaks[k])/1000, "MB-peak-"+w.name)
		b.ReportMetric(float64(times[k][len(times[k])/2])/float64(times[0][len(times[0])/2]), w.name+"/path")
	}
}

// bigModel writes VGG-16 with random weights.
func bigModel(b *testing.B) string {
	b.Helper()
	net, err := zoo.Network("vgg16", zoo.Side)
	if err != nil {
		b.Fatal(err)
	}
	data, err := net.Encode()
	if err != nil {
		b.Fatal(err)
	}
	path := filepath.Join(b.TempDir(), "vgg16.onnx")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		b.Fatal(err)
	}
	return path
}

func lastOutput(b *testing.B, path string) string {
	b.Helper()
	g, err := readGraph(infer.Source{Path: path}, false)
	if err != nil {
		b.Fatal(err)
	}
	return g.outputs[0].Name
}

// watchMemory follows the process's anonymous memory until stop, which gives
// the growth to its highest point in kilobytes.
func watchMemory() (stop func() int64) {
	before := anonymous()
	end, peak := make(chan struct{}), make(chan int64)
	go func() {
		tick := time.NewTicker(2 * time.Millisecond)
		defer tick.Stop()
		highest := before
		for {
			select {
			case <-tick.C:
				highest = max(highest, anonymous())
			case <-end:
				peak <- max(highest, anonymous()) - before
				return
			}
		}
	}()
	return func() int64 { close(end); return <-peak }
}

// anonymous is the process's memory in kilobytes that belongs to no file.
func anonymous() int64 {
	f, err := os.Open("/proc/self/status")
	if err != nil {
		return 0
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var kilobytes int64
		if rest, ok := strings.CutPrefix(lines.Text(), "RssAnon:"); ok {
			if _, err := fmt.Sscan(rest, &kilobytes); err == nil {
				return kilobytes
			}
		}
	}
	return 0
}
