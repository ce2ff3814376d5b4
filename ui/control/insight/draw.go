package insight

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"picasso/backend/files"
	"picasso/backend/score"
	"picasso/ui/control"
	"picasso/ui/control/task"
	"picasso/ui/drawing"
	"picasso/visualizers"
)

// What is drawn for: a class, or a unit.
const (
	OfClass = iota
	OfUnit
)

// Wish is how the network is to draw: values of the settings of the methods.
type Wish struct {
	Method string // "fourier", "simonyan", "maco"
	Steps  int
	Seed   int
}

// usual is what the methods begin with.
func usual() Wish { return Wish{Method: "fourier", Steps: 128} }

// Drawing is what the network would draw.
type Drawing struct {
	Title   string // "tank", "channel 12 of relu5"
	Picture *visualizers.Picture
	Caption string // what it is, in words
	Note    string
	Seed    int
	Done    float64
	Stage   string
	Running bool
	Partial bool // it was stopped, or is not finished
	Err     error
}

func (d *Drawing) told() (share float64, text string) {
	return d.Done, fmt.Sprintf("Drawing %s: %s", d.Title, d.Stage)
}

// drawers are the methods that draw, by what they draw for.
var drawers = [2]string{"class-model", "unit-model"}

// SetWish changes how the next picture is drawn.
func (t *Controller) SetWish(w Wish) {
	t.state.Drawn = w
	t.tell()
}

// values are the settings of a drawing.
func (t *Controller) values(of int, v visualizers.Visualizer) visualizers.Values {
	values := visualizers.Defaults(v, nil) // a subject would be asked for its layers, and wait for the model
	values["method"], values["steps"], values["seed"] = t.state.Drawn.Method, t.state.Drawn.Steps, t.state.Drawn.Seed
	if of == OfUnit {
		u := t.state.Unit
		values["layer"], values["channel"] = t.state.Layer, u.Channel
		if u.Cell != nil {
			values["row"], values["column"] = u.Cell[0], u.Cell[1]
		}
	}
	return values
}

// Cost is what drawing would take, in words, or why nothing can be drawn.
func (t *Controller) Cost(of int) (string, error) {
	v, err := t.drawer(of)
	if err != nil || v == nil {
		return "", err
	}
	p, ok := v.(visualizers.Previewer)
	if !ok {
		return "", nil
	}
	return p.Preview(t.model, t.values(of, v)).String(), nil
}

// drawer is the method that draws, or why this model cannot be drawn for. It asks
// the model nothing.
func (t *Controller) drawer(of int) (visualizers.Visualizer, error) {
	g := t.state.Graph
	switch {
	case t.model == nil:
		return nil, control.ErrNoModel
	case g == nil:
		return nil, t.state.GraphErr
	case g.undrawn[of] != nil:
		return nil, g.undrawn[of]
	case of == OfUnit && !t.Current():
		return nil, errNoUnit
	}
	return t.visualizer(drawers[of]), nil
}

var errNoUnit = errors.New("choose a layer and a unit first")

// Named is what is drawn for, in words: the class that is shown, or the unit.
func (t *Controller) Named(of int) string {
	switch {
	case t.model == nil:
		return ""
	case of == OfClass:
		return t.model.ClassName(t.c.State().Target.Class)
	}
	text := fmt.Sprintf("channel %d of %s", t.state.Unit.Channel, t.state.Layer)
	if c := t.state.Unit.Cell; c != nil {
		text += fmt.Sprintf(" at row %d, column %d", c[0], c[1])
	}
	return text
}

// Draw lets the network draw, for the class that is shown or for the unit.
func (t *Controller) Draw(of int) {
	k, d := t.c.State().Look, &t.state.Drawings[of]
	v, err := t.drawer(of)
	if err != nil || v == nil || !k.Answered() {
		*d = Drawing{Err: err}
		t.tell()
		return
	}
	input, err := single(k)
	if err != nil {
		*d = Drawing{Err: err}
		t.tell()
		return
	}
	*d = Drawing{Title: t.Named(of), Running: true, Partial: true, Seed: t.state.Drawn.Seed}
	in := visualizers.Input{Subject: t.model, Image: k.Image, Tensor: input, Base: k.Base, Targets: []score.Target{t.target()}, Values: t.values(of, v), Beside: t.c.Beside()}
	task.Start(t.drawing[of], control.Lend(t.c, func(ctx context.Context, _ control.Model, tell func(func())) (visualizers.Result, error) {
		return v.Explain(ctx, in, func(r visualizers.Result) { tell(func() { d.put(r); t.tell() }) })
	}), func(r visualizers.Result, err error) {
		d.Running = false
		if d.Err = err; err == nil {
			d.put(r)
			d.Partial = false
		}
		t.tell()
	})
	t.tell()
}

// ShowDrawings tells whether what the network would draw is what the user looks at.
// Then the model's gradient is opened ahead, so that the first sight of a picture does
// not wait for it.
func (t *Controller) ShowDrawings(on bool) {
	if t.drawable = on; on && t.here() {
		t.prepare()
		return
	}
	t.preparing.Stop()
}

// prepare opens the model's gradient once, where a class can be drawn.
func (t *Controller) prepare() {
	k, g := t.c.State().Look, t.state.Graph
	if !t.drawable || t.prepared || k == nil || k.Over != nil || t.preparing.Running() || t.drawing[OfClass].Running() || !k.Answered() || g == nil || g.undrawn[OfClass] != nil {
		return
	}
	target := t.target()
	task.Start(t.preparing, control.Lend(t.c, func(ctx context.Context, m control.Model, _ func(func())) (struct{}, error) {
		d, err := visualizers.AsDifferentiable(m)
		if err == nil {
			_, err = d.Gradient(ctx, []tensor{k.Input}, []score.Target{target})
		}
		return struct{}{}, err
	}), func(struct{}, error) { t.prepared = true }) // why it failed is told once the user draws
}

// target is the class that is drawn, by its logit where there is one.
func (t *Controller) target() score.Target {
	target := t.c.State().Target
	if t.model.HasLogits() {
		target.Score = score.Logit
	}
	return target
}

// StopDrawing keeps the picture as it is.
func (t *Controller) StopDrawing(of int) {
	t.drawing[of].Stop()
	t.ended()
	t.tell()
}

// put takes a picture that is being drawn.
func (d *Drawing) put(r visualizers.Result) {
	d.Done, d.Stage, d.Note = r.Done, r.Stage, r.Note
	for _, p := range r.Parts {
		if p.Picture != nil {
			d.Picture = p.Picture
		}
		if p.Text != "" {
			d.Caption = p.Text
		}
	}
}

// Save writes a drawing as PNG, pixel by pixel as the model takes it. Files that
// are open are not overwritten.
func (t *Controller) Save(of int, path string) {
	p, used := t.state.Drawings[of].Picture, t.c.InUse()
	if p == nil {
		return
	}
	task.Start(t.c.NewTask(), func(context.Context, func(func())) (struct{}, error) {
		if err := files.Refuse([]string{path}, used); err != nil {
			return struct{}{}, err
		}
		var b bytes.Buffer
		if err := drawing.WritePNG(&b, drawing.Picture(p), ""); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, files.Write(path, b.Bytes(), 0o644)
	}, func(_ struct{}, err error) {
		if err != nil {
			t.c.Tell("save the drawing", err)
			return
		}
		t.c.Say("Saved " + path + ".")
	})
}
