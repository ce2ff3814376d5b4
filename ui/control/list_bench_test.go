package control_test

import (
	"context"
	"fmt"
	"image"
	"image/jpeg"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/image/draw"

	"picasso/backend"
	"picasso/backend/bounded"
	"picasso/backend/fixtures"
	"picasso/backend/infer"
	"picasso/backend/ort/orttest"
	"picasso/backend/picture"
	"picasso/ui/control"
	"picasso/ui/control/opened"
	"picasso/visualizers/methods"
)

// BenchmarkThousandPictures drops SqueezeNet 227 with 2,000 JPEGs of 500×375 on
// the window's controller, with a screen of thumbnails:
//
//	looks/picture   how often each is decoded and prepared; goal 1.1
//	cpu-ms/picture  processor time until all have thumbnail and answer ÷ 2,000; goal 60
//	model-ms        of that, the model's own: processor time of one pass
//	first-map-x     time until the first map ÷ the same with one picture, medians of
//	                five rounds in turns; goal 1.1
func BenchmarkThousandPictures(b *testing.B) {
	const n = 2000
	model := filepath.Join(fixtures.Path(b, "models", "imagenet"), "squeezenet1.1_rgbnorm_227.onnx")
	files := photos(b, n)
	for b.Loop() {
		var one, all []time.Duration
		for range 5 {
			one = append(one, newLibrary(b, model, files[:1]).firstMap())
			all = append(all, newLibrary(b, model, files).firstMap())
		}
		l := newLibrary(b, model, files)
		l.firstMap()
		spent := bounded.Cost(func() { l.until(30*time.Minute, l.answered) })
		b.ReportMetric(float64(l.looks.Load())/n, "looks/picture")
		b.ReportMetric(float64(spent.Microseconds())/1000/n, "cpu-ms/picture")
		b.ReportMetric(float64(l.pass().Microseconds())/1000, "model-ms")
		b.ReportMetric(float64(median(all))/float64(median(one)), "first-map-x")
		b.ReportMetric(0, "ns/op")
	}
}

func median(d []time.Duration) time.Duration {
	slices.Sort(d)
	return d[len(d)/2]
}

// library is a controller with pictures, whose goroutine is the benchmark's.
type library struct {
	b     *testing.B
	c     *control.Controller
	fns   chan func()
	model control.Model
	files []string
	path  string
	looks atomic.Int32
}

// counting counts how often a picture is prepared for a model.
type counting struct {
	control.Model
	looks *atomic.Int32
}

func (m counting) Prepare(p *picture.Image) (infer.Tensor, error) {
	m.looks.Add(1)
	return m.Model.Prepare(p)
}

func newLibrary(b *testing.B, model string, files []string) *library {
	l := &library{b: b, fns: make(chan func(), 10000), files: files, path: model}
	open := opened.With(orttest.Runtime(b), backend.ModelOptions{Provider: infer.CPU})
	l.c = control.New(control.Params{
		Open: func(ctx context.Context, path string, opt control.OpenOptions, stage func(string)) (control.Model, error) {
			m, err := open(ctx, path, opt, stage)
			l.model = m
			return counting{m, &l.looks}, err
		},
		Visualizers: methods.All(), Do: func(f func()) { l.fns <- f },
	})
	b.Cleanup(l.c.Close)
	l.c.Listen(l)
	return l
}

// Changed implements control.View: thirty pictures are on the screen.
func (l *library) Changed(e control.Event) {
	if e.Kind == control.ImagesChanged {
		for _, i := range l.c.State().Listed[:min(30, len(l.c.State().Listed))] {
			l.c.Want(i)
		}
	}
}

func (l *library) until(limit time.Duration, done func() bool) {
	l.b.Helper()
	end := time.After(limit)
	for !done() {
		select {
		case f := <-l.fns:
			f()
		case <-end:
			l.b.Fatal("it takes too long")
		}
	}
}

// firstMap is the time from dropping everything to the first map.
func (l *library) firstMap() time.Duration {
	l.b.Helper()
	began := time.Now()
	l.c.Drop(append([]string{l.path}, l.files...))
	l.until(10*time.Minute, func() bool { return l.c.State().Panel().Map != nil })
	return time.Since(began)
}

// answered reports whether every picture has its answer and the map is whole.
func (l *library) answered() bool {
	s := l.c.State()
	return s.Panel().Status == control.Ready && !slices.ContainsFunc(s.Images, func(p *control.Picture) bool { return p.Best == nil && p.Err == nil })
}

// pass is the processor time of one pass through the model.
func (l *library) pass() time.Duration {
	const passes = 50
	x := l.c.State().Look.Input
	return bounded.Cost(func() {
		for range passes {
			if _, err := l.model.Predict(l.b.Context(), []infer.Tensor{x}); err != nil {
				l.b.Fatal(err)
			}
		}
	}) / passes
}

// photos writes n JPEGs, each a crop of a photograph.
func photos(b *testing.B, n int) []string {
	b.Helper()
	source, err := picture.Open(filepath.Join(fixtures.Path(b, "photos", "files"), "hotdog.jpg"))
	if err != nil {
		b.Fatal(err)
	}
	photo, dir := source.RGBA(), b.TempDir()
	crop := image.NewRGBA(image.Rect(0, 0, 500, 375))
	var out []string
	for i := range n {
		from := photo.Rect.Inset(i % 100)
		draw.ApproxBiLinear.Scale(crop, crop.Rect, photo, from, draw.Src, nil)
		path := filepath.Join(dir, fmt.Sprintf("p%04d.jpg", i))
		f, err := os.Create(path)
		if err != nil {
			b.Fatal(err)
		}
		if err := jpeg.Encode(f, crop, nil); err != nil {
			b.Fatal(err)
		}
		if err := f.Close(); err != nil {
			b.Fatal(err)
		}
		out = append(out, path)
	}
	return out
}
