package control

import (
	"context"
	"fmt"
	"image"
	"os"
	"picasso/backend/infer"
	"picasso/backend/preprocess"
	"picasso/backend/score"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"picasso/backend/picture"
	"picasso/ui/control/intake"
	"picasso/visualizers"
)

// queue is a do that waits for the test, like a busy user interface.
type queue struct {
	mu  sync.Mutex
	fns []func()
}

func (q *queue) do(f func()) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.fns = append(q.fns, f)
}

func (q *queue) take() []func() {
	q.mu.Lock()
	defer q.mu.Unlock()
	fns := q.fns
	q.fns = nil
	return fns
}

// settle runs everything that is due, until all goroutines rest.
func (q *queue) settle() {
	for {
		synctest.Wait()
		fns := q.take()
		if len(fns) == 0 {
			return
		}
		for _, f := range fns {
			f()
		}
	}
}

// pass lets virtual time go by in the steps of a lively user interface.
func (q *queue) pass(d time.Duration) {
	const frame = 10 * time.Millisecond
	q.settle()
	for ; d > 0; d -= frame {
		time.Sleep(frame)
		q.settle()
	}
}

// recorder is a view that remembers.
type recorder struct{ events []Event }

func (r *recorder) Changed(e Event) { r.events = append(r.events, e) }

func (r *recorder) count(k Kind) int {
	n := 0
	for _, e := range r.events {
		if e.Kind == k {
			n++
		}
	}
	return n
}

// plainModel has two classes: the share of white and of black in a picture of
// 8×8 grey pixels.
type plainModel struct {
	name   string
	logits bool
	delay  time.Duration
	calls  atomic.Int32
	closed atomic.Bool
}

func (m *plainModel) Shape() (int, int, int) { return 1, 8, 8 }
func (m *plainModel) Batch() int             { return 4 }
func (m *plainModel) Classes() int           { return 2 }
func (m *plainModel) ClassName(i int) string { return []string{"white", "black"}[i] }
func (m *plainModel) HasLogits() bool        { return m.logits }
func (m *plainModel) About() ModelInfo       { return ModelInfo{Name: m.name, Path: m.name} }
func (m *plainModel) Place(img *picture.Image) preprocess.Placement {
	return preprocess.Placement{ScaleX: float64(img.Width) / 8, ScaleY: float64(img.Height) / 8}
}
func (m *plainModel) Close() error { m.closed.Store(true); return nil }

// unit makes 0…255 of a grey picture 0…1.
var unit = preprocess.Preprocess{Color: preprocess.Grey, Scale: [2]float64{1.0 / 255, 0}}

func (m *plainModel) Encoder(img *picture.Image) func(raw []float32) []float32 {
	return unit.Encoder(img, preprocess.Input{Channels: 1})
}
func (m *plainModel) Decoder(img *picture.Image) preprocess.Decoder {
	return unit.Decoder(img, preprocess.Input{Channels: 1})
}

func (m *plainModel) Prepare(img *picture.Image) (infer.Tensor, error) {
	if img.Name == "odd" {
		return infer.Tensor{}, fmt.Errorf("odd pictures do not fit")
	}
	t := infer.NewTensor(1, 8, 8)
	for i := range t.Data {
		t.Data[i] = img.At(i%8*img.Width/8, i/8*img.Height/8, 0) / 255
	}
	return t, nil
}

func (m *plainModel) Predict(ctx context.Context, batch []infer.Tensor) ([]score.Scores, error) {
	m.calls.Add(1)
	if err := wait(ctx, m.delay); err != nil {
		return nil, err
	}
	if m.closed.Load() {
		panic("predict after close")
	}
	out := make([]score.Scores, len(batch))
	for i, t := range batch {
		var sum float32
		for _, v := range t.Data {
			sum += v
		}
		white := sum / float32(len(t.Data))
		out[i].Probabilities = []float32{white, 1 - white}
		if m.logits {
			out[i].Logits = []float32{white * 4, 4 - white*4}
		}
	}
	return out, nil
}

func (m *plainModel) Rank(s score.Scores) []score.Class {
	a := score.Class{Index: 0, Name: "white", Probability: s.Probabilities[0]}
	b := score.Class{Index: 1, Name: "black", Probability: s.Probabilities[1]}
	if s.Logits != nil {
		a.Logit, b.Logit = s.Logits[0], s.Logits[1]
	}
	if b.Probability > a.Probability {
		a, b = b, a
	}
	return []score.Class{a, b}
}

func wait(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

var steps = visualizers.Int{Field: visualizers.Field{ID: "steps", Title: "Steps", Doc: "how many"}, Min: 1, Max: 50, Step: 1, Default: 4}

// stepper emits as many partial results as its setting says, one a second.
type stepper struct {
	id      string
	windows bool // holds the evidence for all classes
	fail    error
	crash   bool
	prepare time.Duration // before the first step

	mu     sync.Mutex
	starts []visualizers.Input
}

func (s *stepper) Info() visualizers.Info {
	return visualizers.Info{ID: s.id, Title: s.id, About: "for tests", Link: "none"}
}
func (s *stepper) Settings() []visualizers.Setting { return []visualizers.Setting{steps} }

func (s *stepper) runs() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.starts)
}

func (s *stepper) Explain(ctx context.Context, in visualizers.Input, emit func(visualizers.Result)) (visualizers.Result, error) {
	s.mu.Lock()
	s.starts = append(s.starts, in)
	s.mu.Unlock()
	if s.crash {
		panic("index out of range")
	}
	n := steps.In(in.Values)
	var r visualizers.Result
	if s.prepare > 0 {
		infer.Tell(ctx, "preparing the gradient: 64 of 640 nodes", 0.1)
		if err := wait(ctx, s.prepare); err != nil {
			return r, err
		}
	}
	for i := 1; i <= n; i++ {
		if err := wait(ctx, time.Second); err != nil {
			return r, err
		}
		r = s.result(in, i, n)
		emit(r)
		if in.Settled == nil {
			continue
		}
		select {
		case <-in.Settled:
		case <-ctx.Done():
			return r, ctx.Err()
		}
	}
	return r, s.fail
}

func (s *stepper) result(in visualizers.Input, i, n int) visualizers.Result {
	r := visualizers.Result{Done: float64(i) / float64(n), Passes: i * 10, Stage: "stepping"}
	for _, t := range in.Targets {
		r.Maps = append(r.Maps, visualizers.Map{Target: t, Channels: 1, Height: 1, Width: 1, Values: []float32{float32(i)}, Unit: "steps of " + t.Symbol(in.Subject), Signed: true})
	}
	if s.windows {
		covered := score.Scores{Probabilities: []float32{0, 1}}
		if in.Base.Logits != nil {
			covered.Logits = []float32{-1, 1}
		}
		r.Patches = &visualizers.Patches{
			Height: 8, Width: 8, Rows: 1, Columns: 1, Size: image.Pt(8, 8), Stride: image.Pt(8, 8), Base: in.Base,
			Rects: []image.Rectangle{image.Rect(0, 0, 8, 8)}, Scores: []score.Scores{covered},
		}
	}
	return r
}

// desk is a controller with everything around it.
type desk struct {
	*Controller
	t      *testing.T
	q      queue
	view   recorder
	models map[string]*plainModel
	first  *stepper
	second *stepper
}

func newDesk(t *testing.T) *desk {
	d := &desk{t: t, models: map[string]*plainModel{}, first: &stepper{id: "first", windows: true}, second: &stepper{id: "second"}}
	d.Controller = New(Params{
		Open: func(ctx context.Context, path string, opt OpenOptions, stage func(string)) (Model, error) {
			stage("opening")
			if path == "bad.onnx" {
				return nil, &intake.FileError{Path: path, Reason: "is a web page"}
			}
			const need = 1 << 30
			if path == "roomy.onnx" && opt.PictureMemory < need {
				return nil, &picture.MemoryError{Need: need, Limit: opt.PictureMemory}
			}
			if err := wait(ctx, time.Second); err != nil {
				return nil, err
			}
			m := &plainModel{name: path, logits: path == "logits.onnx"}
			d.models[path] = m
			return m, nil
		},
		Visualizers: []visualizers.Visualizer{d.first, d.second}, Do: d.q.do, Delay: 100 * time.Millisecond,
	})
	d.Listen(&d.view)
	return d
}

// opened has a model and one white picture, not yet explained.
func (d *desk) opened() {
	d.Open("m.onnx")
	d.q.pass(time.Second)
	d.AddPicture(grey("white", 200))
	d.q.settle()
}

// AddPicture appends a picture that is no file and looks at it.
func (d *desk) AddPicture(m *picture.Image) {
	d.add(&Picture{Name: m.Name, open: func() (*picture.Image, error) { return m, nil }})
	d.listed(len(d.state.Images) - 1)
}

func grey(name string, v float32) *picture.Image {
	pix := make([]float32, 64)
	for i := range pix {
		pix[i] = v
	}
	return picture.NewFloat(name, 8, 8, 1, pix)
}

func value(p *Panel) float32 {
	if p.Map == nil {
		return -1
	}
	return p.Map.Values[0]
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
