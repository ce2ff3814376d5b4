package ui

import (
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"picasso/backend/infer"
	"picasso/backend/picture"
	"picasso/backend/preprocess"
	"picasso/backend/score"
	"picasso/ui/control"
	"picasso/visualizers"
)

// queue is a do that the test drains, so that all of the window runs on the
// test's goroutine.
type queue struct{ fns chan func() }

func (q *queue) do(f func()) { q.fns <- f }

// until runs what is due until done; it fails after a while.
func (q *queue) until(t *testing.T, what string, done func() bool) {
	t.Helper()
	limit := time.After(20 * time.Second)
	for !done() {
		select {
		case f := <-q.fns:
			f()
		case <-limit:
			t.Fatalf("waited in vain: %s", what)
		}
	}
}

// shades is a model of two classes, the share of white and of black in a
// picture of 16×16 pixels.
type shades struct {
	calls  atomic.Int32
	prep   control.Preparation
	saved  string
	answer control.Answer
	opened atomic.Pointer[[]string] // what the last opening was given, as KEY=VALUE
}

// set is what the last opening was given.
func (m *shades) set() []string {
	if s := m.opened.Load(); s != nil {
		return *s
	}
	return nil
}

func (m *shades) Answer() control.Answer { return m.answer }

func (m *shades) Preparation() control.Preparation { return m.prep }
func (m *shades) Adjust(p control.Preparation) error {
	if err := p.Preprocess.Check(3); err != nil {
		return err
	}
	m.prep = p
	return nil
}
func (m *shades) SaveSidecar() (string, []string, error) { return m.saved, nil, nil }
func (m *shades) Preset(name string) (preprocess.Preprocess, error) {
	p, err := preprocess.FindPreset(name)
	if err != nil {
		return preprocess.Preprocess{}, err
	}
	return p.Preprocess(preprocess.Input{Channels: 3, Height: 16, Width: 16}), nil
}

func (m *shades) Shape() (int, int, int) { return 3, 16, 16 }
func (m *shades) Batch() int             { return 8 }
func (m *shades) Classes() int           { return 2 }
func (m *shades) ClassName(i int) string { return []string{"white", "black"}[i] }
func (m *shades) HasLogits() bool        { return true }
func (m *shades) Close() error           { return nil }
func (m *shades) Encode(raw []float32) []float32 {
	return []float32{raw[0] / 255, raw[0] / 255, raw[0] / 255}
}
func (m *shades) About() control.ModelInfo {
	return control.ModelInfo{Name: "shades.onnx", Path: "shades.onnx", Provider: "CPU", Pass: 1.5,
		Facts: []control.Fact{{Name: "Scale", Value: "x / 255", Origin: "guess: stated"}}}
}

func (m *shades) Place(p *picture.Image) preprocess.Placement {
	return preprocess.Placement{ScaleX: float64(p.Width) / 16, ScaleY: float64(p.Height) / 16}
}

func (m *shades) Prepare(p *picture.Image) (infer.Tensor, error) {
	t := infer.NewTensor(3, 16, 16)
	for i := range t.Data {
		at := i % 256
		t.Data[i] = p.At(at%16*p.Width/16, at/16*p.Height/16, 0) / 255
	}
	return t, nil
}

func (m *shades) Predict(ctx context.Context, batch []infer.Tensor) ([]score.Scores, error) {
	m.calls.Add(1)
	out := make([]score.Scores, len(batch))
	for i, t := range batch {
		var sum float32
		for _, v := range t.Data {
			sum += v
		}
		white := sum / float32(len(t.Data))
		out[i] = score.Scores{Probabilities: []float32{white, 1 - white}, Logits: []float32{4 * white, 4 - 4*white}}
	}
	return out, ctx.Err()
}

func (m *shades) Rank(s score.Scores) []score.Class {
	a := score.Class{Index: 0, Name: "white", Probability: s.Probabilities[0], Logit: s.Logits[0]}
	b := score.Class{Index: 1, Name: "black", Probability: s.Probabilities[1], Logit: s.Logits[1]}
	if b.Probability > a.Probability {
		a, b = b, a
	}
	return []score.Class{a, b}
}

// every is a visualizer with a setting of every type. Its one window covers
// the left half of the picture.
type every struct {
	mu    sync.Mutex
	runs  []visualizers.Values
	fail  error
	parts []visualizers.Part
}

var (
	anInt    = visualizers.Int{Field: visualizers.Field{ID: "int", Title: "Whole", Doc: "A whole number."}, Min: 3, Max: 21, Step: 2, Default: 5}
	aFloat   = visualizers.Float{Field: visualizers.Field{ID: "float", Title: "Real", Doc: "A number.", Unit: "%"}, Min: 0, Max: 1, Step: 0.1, Default: 0.3}
	anExtent = visualizers.Extent{Field: visualizers.Field{ID: "extent", Title: "Size", Doc: "A size."}, Share: 25}
	aChoice  = visualizers.Choice{Field: visualizers.Field{ID: "choice", Title: "Word", Doc: "A word."}, Options: []string{"one", "two"}}
	aNumber  = visualizers.Choice{Field: visualizers.Field{ID: "number", Title: "Fill", Doc: "A word or a number."}, Options: []string{"mean", "grey"}, Number: true}
	aToggle  = visualizers.Toggle{Field: visualizers.Field{ID: "toggle", Title: "Switch", Doc: "On or off."}}
)

func (e *every) Info() visualizers.Info {
	return visualizers.Info{ID: "every", Title: "Every", About: "Has a setting of every type.", Link: "https://example.org"}
}

func (e *every) Settings() []visualizers.Setting {
	return []visualizers.Setting{anInt, aFloat, anExtent, aChoice, aNumber, aToggle}
}

func (e *every) count() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.runs)
}

func (e *every) last() visualizers.Values {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.runs[len(e.runs)-1]
}

func (e *every) Explain(ctx context.Context, in visualizers.Input, emit func(visualizers.Result)) (visualizers.Result, error) {
	e.mu.Lock()
	e.runs = append(e.runs, in.Values)
	fail, parts := e.fail, e.parts
	e.mu.Unlock()
	left := image.Rect(0, 0, 8, 16)
	hidden, err := e.Cover(in, left)
	if err != nil {
		return visualizers.Result{}, err
	}
	scores, err := in.Subject.Predict(ctx, []infer.Tensor{hidden})
	if err != nil {
		return visualizers.Result{}, err
	}
	w := &visualizers.Patches{
		Height: 16, Width: 16, Rows: 1, Columns: 1, Size: left.Size(), Stride: left.Size(),
		Base: in.Base, Rects: []image.Rectangle{left}, Scores: scores,
	}
	r := visualizers.Result{Patches: w, Done: 1, Passes: 1, Note: "half of it counts", Parts: parts}
	for _, t := range in.Targets {
		m, err := w.Map(t, in.Subject)
		if err != nil {
			return r, err
		}
		r.Maps = append(r.Maps, m)
	}
	emit(r)
	return r, fail
}

// Cover implements visualizers.Coverer: black.
func (e *every) Cover(in visualizers.Input, region image.Rectangle) (infer.Tensor, error) {
	t := in.Tensor.Clone()
	for i := range t.Data {
		if at := i % 256; image.Pt(at%16, at/16).In(region) {
			t.Data[i] = 0
		}
	}
	return t, nil
}

// plain is a visualizer without settings that this model does not serve.
type plain struct{}

func (plain) Info() visualizers.Info {
	return visualizers.Info{ID: "plain", Title: "Plain", About: "Never works.", Link: "none"}
}
func (plain) Settings() []visualizers.Setting { return nil }
func (plain) Require(visualizers.Subject) error {
	return fmt.Errorf("operator Loop at node /loop has no derivative; use occlusion instead")
}
func (plain) Explain(context.Context, visualizers.Input, func(visualizers.Result)) (visualizers.Result, error) {
	return visualizers.Result{}, nil
}

// bench is a window on fakes.
type bench struct {
	*Window
	t     *testing.T
	q     *queue
	model *shades
	every *every
	dir   string
}

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{t: t, q: &queue{make(chan func(), 10000)}, model: &shades{saved: "m.picasso.json", prep: control.Preparation{
		Preprocess: preprocess.Preprocess{Color: preprocess.RGB, Resize: preprocess.Resize{Mode: preprocess.Stretch, Filter: picture.Bilinear}, Scale: [2]float64{1.0 / 255, 0}},
		Activation: score.Softmax,
	}}, every: &every{}, dir: t.TempDir()}
	app := test.NewTempApp(t)
	b.Window = New(app, Params{
		Visualizers: []visualizers.Visualizer{b.every, plain{}}, Do: b.q.do, Delay: time.Millisecond,
		OpenModel: func(_ context.Context, path string, opt control.OpenOptions, stage func(string)) (control.Model, error) {
			if filepath.Base(path) == "bad.onnx" {
				return nil, fmt.Errorf("%s is a web page, not a model; download the file itself", path)
			}
			b.model.opened.Store(&opt.Set)
			return b.model, nil
		},
		Samples: []Sample{{Name: "Shades, plain", Short: "Shades", About: "Black and white.", Picture: func() (image.Image, error) {
			return image.NewGray(image.Rect(0, 0, 32, 32)), nil
		}, Unpack: func() (string, []string, error) {
			return b.write("s.onnx"), []string{b.picture("s.png", 200)}, nil
		}}},
	})
	b.win.Resize(fyne.NewSize(1280, 820))
	t.Cleanup(b.Close)
	return b
}

// explained has a model and a picture, white on the left, with its map.
func (b *bench) explained() {
	b.t.Helper()
	b.dropped([]fyne.URI{file(b.write("m.onnx")), file(b.picture("a.png", 230))})
	b.ready(1)
}

// ready waits until the current tab's map is whole after n runs.
func (b *bench) ready(n int) {
	b.t.Helper()
	b.q.until(b.t, "a map", func() bool {
		p := b.c.State().Panel()
		return b.every.count() >= n && p.Status == control.Ready && !p.Stale
	})
}

func (b *bench) write(name string) string {
	path := filepath.Join(b.dir, name)
	if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
		b.t.Fatal(err)
	}
	return path
}

func (b *bench) picture(name string, v uint8) string {
	m := image.NewGray(image.Rect(0, 0, 32, 32))
	for i := range m.Pix {
		m.SetGray(i%32, i/32, color.Gray{Y: v})
	}
	path := filepath.Join(b.dir, name)
	f, err := os.Create(path)
	if err != nil {
		b.t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, m); err != nil {
		b.t.Fatal(err)
	}
	return path
}
