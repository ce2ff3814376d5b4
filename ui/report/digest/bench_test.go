package digest_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"runtime/debug"
	"testing"
	"time"

	"picasso/ui/report/digest"
	"picasso/visualizers/audit"
	"picasso/visualizers/audit/store"
)

// BenchmarkManyRows reads, analyses and writes an audit of 100,000 pictures in 250
// classes, with as many probabilities as rows of 50 have and 64 features, and tells how
// much memory of Go's that takes at most.
func BenchmarkManyRows(b *testing.B) {
	folder := b.TempDir()
	s := manyRows(b, folder, 100_000, 250, 50)
	for b.Loop() {
		debug.FreeOSMemory()
		done, peak := make(chan struct{}), make(chan uint64)
		go func() {
			var most uint64
			for {
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				most = max(most, m.Sys-m.HeapReleased)
				select {
				case <-done:
					peak <- most
					return
				case <-time.After(20 * time.Millisecond):
				}
			}
		}()
		d, err := digest.Read(b.Context(), s)
		if err == nil {
			err = d.Write(b.Context(), folder, nil)
		}
		close(done)
		if most := <-peak; err == nil {
			b.ReportMetric(float64(most)/(1<<20), "MiB")
		} else {
			b.Fatal(err)
		}
	}
}

// manyRows fills an audit with rows that were never made by a model.
func manyRows(b *testing.B, folder string, n, classes, probabilities int) *store.Store {
	b.Helper()
	var m store.Manifest
	for k := range classes {
		m.Model.Classes = append(m.Model.Classes, fmt.Sprintf("class %d", k))
	}
	m.Preparation, m.Features, m.FeatureLength = []byte("{}"), "pool", 64
	items := make([]store.Item, n)
	for i := range items {
		items[i].Name = fmt.Sprintf("folder %03d/picture %06d.jpeg", i/1000, i)
	}
	s, err := store.Begin(folder, m, items, nil)
	if err != nil {
		b.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	for i := range items {
		cells := make([]float32, audit.Side*audit.Side)
		kind := i / classes % 3
		for k := range cells {
			if cells[k] = 0.05 * random.Float32(); k/audit.Side/11 == kind {
				cells[k] += random.Float32()
			}
		}
		p := audit.PlaceOf(cells, audit.Side, audit.Side)
		r := audit.Row{Path: items[i].Name, SHA256: fmt.Sprintf("%064x", i), Width: 224, Height: 224, Predicted: i % classes, Explained: i % classes, Name: m.Model.Classes[i%classes],
			Probability: 0.9, Look: fmt.Sprintf("%016x", random.Uint64()), Strength: audit.Number(p.Strength).Rounded(), Top: audit.Number(p.Top).Rounded()}
		for range m.FeatureLength {
			r.Features = append(r.Features, 1+random.Float32())
		}
		for range audit.Properties {
			r.Properties = append(r.Properties, audit.NumbersOf(random.Float64())...)
		}
		for range probabilities {
			r.Probabilities = append(r.Probabilities, audit.NumbersOf(random.Float64())...)
		}
		if err := s.Put(i, r, cells); err != nil {
			b.Fatal(err)
		}
	}
	if err := s.Tell(store.Whole, store.Report{}, time.Now()); err != nil {
		b.Fatal(err)
	}
	return s
}
