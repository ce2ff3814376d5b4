// Package uitest holds what the tests of the window and of its panes share: a
// model and a method that are told what to do, a goroutine of the user
// interface that the test drives, and a host that remembers.
package uitest

import (
	"context"
	"fmt"
	"image"
	"picasso/backend/infer"
	"picasso/backend/metadata"
	"picasso/backend/preprocess"
	"picasso/backend/score"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"picasso/backend/picture"
	"picasso/ui/control"
	"picasso/visualizers"
)

// Queue is a do that the test drains, so that all of the window runs on the
// test's goroutine.
type Queue struct{ fns chan func() }

// NewQueue returns an empty queue.
func NewQueue() *Queue { return &Queue{make(chan func(), 10000)} }

// Do appends a function.
func (q *Queue) Do(f func()) { q.fns <- f }

// Due are the functions to run, in order.
func (q *Queue) Due() <-chan func() { return q.fns }

// Next runs the next function that is due.
func (q *Queue) Next() { (<-q.fns)() }

// Until runs what is due until done; it fails after a while.
func (q *Queue) Until(t testing.TB, what string, done func() bool) {
	t.Helper()
	limit := time.After(time.Minute)
	for !done() {
		select {
		case f := <-q.fns:
			f()
		case <-limit:
			t.Fatalf("waited in vain: %s", what)
		}
	}
}

// Shades is a model of two classes, the share of white and of black in a
// picture of 16×16 pixels.
type Shades struct {
	Calls  atomic.Int32
	Known  metadata.Card // what is known about it
	ins    []string      // further inputs
	outs   []string
	opened atomic.Pointer[metadata.Choices] // what the last opening was given
}

// Offer lists the inputs and outputs of the model's file.
func (m *Shades) Offer(inputs, outputs []string) { m.ins, m.outs = inputs, outputs }

// Ports implements control.Ported.
func (m *Shades) Ports() (inputs, outputs []string) { return m.ins, m.outs }

// Chosen is what the last opening was given.
func (m *Shades) Chosen() metadata.Choices {
	if c := m.opened.Load(); c != nil {
		return *c
	}
	return metadata.Choices{}
}

// Card implements control.Adjustable.
func (m *Shades) Card() metadata.Card { return m.Known.Clone() }

// Use implements control.Adjustable.
func (m *Shades) Use(card metadata.Card) error {
	m.Known = card
	return nil
}
func (m *Shades) SaveSidecar() (string, []string, error) { return "m.picasso.json", nil, nil }

func (m *Shades) Shape() (int, int, int) { return 3, 16, 16 }
func (m *Shades) Batch() int             { return 8 }
func (m *Shades) Classes() int           { return 2 }
func (m *Shades) ClassName(i int) string {
	if labels := m.Known.Labels; i < len(labels) { // chosen since
		return labels[i]
	}
	return []string{"white", "black"}[i]
}
func (m *Shades) HasLogits() bool { return true }
func (m *Shades) Close() error    { return nil }
func (m *Shades) Encoder(img *picture.Image) func(raw []float32) []float32 {
	return m.Known.Preprocess.Encoder(img, m.Known.Input)
}
func (m *Shades) Decoder(img *picture.Image) preprocess.Decoder {
	return m.Known.Preprocess.Decoder(img, m.Known.Input)
}
func (m *Shades) About() control.ModelInfo {
	return control.ModelInfo{Name: "shades.onnx", Path: "shades.onnx", Provider: "CPU", Pass: 1.5,
		Facts: []control.Fact{{Name: "Scale", Value: "x / 255", Origin: "guess: stated"}}}
}

func (m *Shades) Place(p *picture.Image) preprocess.Placement {
	return preprocess.Placement{ScaleX: float64(p.Width) / 16, ScaleY: float64(p.Height) / 16}
}

func (m *Shades) Prepare(p *picture.Image) (infer.Tensor, error) {
	t := infer.NewTensor(3, 16, 16)
	for i := range t.Data {
		at := i % 256
		t.Data[i] = p.At(at%16*p.Width/16, at/16*p.Height/16, 0) / 255
	}
	return t, nil
}

func (m *Shades) Predict(ctx context.Context, batch []infer.Tensor) ([]score.Scores, error) {
	m.Calls.Add(1)
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

func (m *Shades) Rank(s score.Scores) []score.Class {
	a := score.Class{Index: 0, Name: "white", Probability: s.Probabilities[0], Logit: s.Logits[0]}
	b := score.Class{Index: 1, Name: "black", Probability: s.Probabilities[1], Logit: s.Logits[1]}
	if b.Probability > a.Probability {
		a, b = b, a
	}
	return []score.Class{a, b}
}

// Every is a visualizer with a setting of every type. Its one window covers
// the left half of the picture.
type Every struct {
	mu    sync.Mutex
	runs  []visualizers.Values
	Fail  error
	Parts []visualizers.Part
}

// Settings of [Every].
var (
	AnInt    = visualizers.Int{Field: visualizers.Field{ID: "int", Title: "Whole", Doc: "A whole number."}, Min: 3, Max: 21, Step: 2, Default: 5}
	AFloat   = visualizers.Float{Field: visualizers.Field{ID: "float", Title: "Real", Doc: "A number.", Unit: "%"}, Min: 0, Max: 1, Step: 0.1, Default: 0.3}
	AnExtent = visualizers.Extent{Field: visualizers.Field{ID: "extent", Title: "Size", Doc: "A size."}, Share: 25}
	AChoice  = visualizers.Choice{Field: visualizers.Field{ID: "choice", Title: "Word", Doc: "A word."}, Options: []string{"one", "two"}}
	ANumber  = visualizers.Choice{Field: visualizers.Field{ID: "number", Title: "Fill", Doc: "A word or a number."}, Options: []string{"mean", "grey"}, Number: true}
	AToggle  = visualizers.Toggle{Field: visualizers.Field{ID: "toggle", Title: "Switch", Doc: "On or off."}}
)

func (e *Every) Info() visualizers.Info {
	return visualizers.Info{ID: "every", Title: "Every", Group: visualizers.Cover, About: "Has a setting of every type.", Link: "https://example.org"}
}

func (e *Every) Settings() []visualizers.Setting {
	return []visualizers.Setting{AnInt, AFloat, AnExtent, AChoice, ANumber, AToggle}
}

// Count is how often it ran.
func (e *Every) Count() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.runs)
}

// Last are the values of the last run.
func (e *Every) Last() visualizers.Values {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.runs[len(e.runs)-1]
}

func (e *Every) Explain(ctx context.Context, in visualizers.Input, emit func(visualizers.Result)) (visualizers.Result, error) {
	e.mu.Lock()
	e.runs = append(e.runs, in.Values)
	fail, parts := e.Fail, e.Parts
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
func (e *Every) Cover(in visualizers.Input, region image.Rectangle) (infer.Tensor, error) {
	t := in.Tensor.Clone()
	for i := range t.Data {
		if at := i % 256; image.Pt(at%16, at/16).In(region) {
			t.Data[i] = 0
		}
	}
	return t, nil
}

// Plain is a visualizer without settings that this model does not serve.
type Plain struct{}

func (Plain) Info() visualizers.Info {
	return visualizers.Info{ID: "plain", Title: "Plain", Group: visualizers.Gradient, About: "Never works.", Link: "none"}
}
func (Plain) Settings() []visualizers.Setting { return nil }
func (Plain) Require(visualizers.Subject) error {
	return fmt.Errorf("operator Loop at node /loop has no derivative; use occlusion instead")
}
func (Plain) Explain(context.Context, visualizers.Input, func(visualizers.Result)) (visualizers.Result, error) {
	return visualizers.Result{}, nil
}
