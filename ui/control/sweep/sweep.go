// Package sweep makes a film of the map on the screen while one setting of its method
// moves from its least value to its greatest. It knows nothing of Fyne.
package sweep

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"picasso/backend/visible"
	"picasso/ui/control"
	"picasso/ui/control/task"
	"picasso/ui/drawing"
	"picasso/ui/drawing/animation"
	"picasso/ui/report"
	"picasso/visualizers"
	"picasso/visualizers/spelling"
)

// mostSteps is how many values of a setting a film shows.
const mostSteps = 12

// Controller makes films of the current map.
type Controller struct {
	c        *control.Controller
	task     *task.Task
	done, of int
	title    string
}

// New makes films of what c shows.
func New(c *control.Controller) *Controller {
	k := &Controller{c: c, task: c.NewTask()}
	c.Join(control.Activity{Running: k.task.Running, End: k.task.Stop, Asked: true, Model: true, Ahead: true, Told: k.told})
	return k
}

func (k *Controller) told() (share float64, text string) {
	return float64(k.done) / float64(k.of+1), fmt.Sprintf("Making a film of “%s”: %d of %d maps", k.title, k.done, k.of)
}

// Settings are those of the current method that can move.
func (k *Controller) Settings() []visualizers.Setting {
	m := k.c.State().Model
	if m == nil {
		return nil
	}
	p := k.c.State().Panel()
	return slices.DeleteFunc(visualizers.Mattering(p.Settings, p.Values), func(s visualizers.Setting) bool { return len(values(s, m)) < 2 })
}

// values are those of a setting that a film shows, in their order; none for a setting
// that is no number.
func values(set visualizers.Setting, m visualizers.Subject) []any {
	low, high := 0, mostSteps-1
	var at func(i int) any
	switch s := set.(type) {
	case visualizers.Int:
		step := max(s.Step, 1)
		high = (s.Max - s.Min) / step
		at = func(i int) any { return s.Min + i*step }
	case visualizers.Float:
		at = func(i int) any { return s.Min + (s.Max-s.Min)*float64(i)/(mostSteps-1) }
	case visualizers.Extent:
		low, high = s.Range(m)
		low = max(low, high/20) // smaller ones would take thousands of runs
		at = func(i int) any { return s.At(m, i) }
	default:
		return nil
	}
	var list []any
	n := min(high-low, mostSteps-1)
	for i := range n + 1 {
		if v := at(low + (high-low)*i/max(n, 1)); set.Check(v) == nil {
			list = append(list, v)
		}
	}
	return list
}

// film is what a film is made of.
type film struct {
	subject report.Subject
	shown   report.Shown
	set     visualizers.Setting
	values  []any
	in      visualizers.Input
	left    []string // values that the method refuses, in words
}

// Save writes the film of a setting of the current method, by its key, as a GIF. The
// maps have one colour scale, and the picture, the class and all other settings are
// those on the screen.
func (k *Controller) Save(path, key string) {
	list := k.Settings()
	i := slices.IndexFunc(list, func(s visualizers.Setting) bool { return s.Key() == key })
	subject, shown, err := k.c.Reported()
	if err == nil && i < 0 {
		err = errors.New("the method has no such setting; choose another one")
	}
	if err != nil {
		k.c.Tell("make a film", err)
		return
	}
	look, m := k.c.State().Look, k.c.State().Model
	f := film{subject: subject, shown: shown, set: list[i], values: values(list[i], m), in: look.Asked(m, nil, shown.Map.Target)}
	k.done, k.of, k.title = 0, len(f.values), list[i].Label()
	path = strings.TrimSuffix(path, ".gif") + ".gif"
	save, notice := k.c.Saver(path), drawing.Notice(look.Image)
	task.Start(k.task, control.Lend(k.c, func(ctx context.Context, _ control.Model, tell func(func())) (struct{}, error) {
		frames, err := f.frames(ctx, func(n int) {
			tell(func() {
				k.done = n
				k.c.Announce(control.FilmChanged)
			})
		})
		if err != nil {
			return struct{}{}, err
		}
		return struct{}{}, save(func(w io.Writer) error { return animation.Write(ctx, w, frames, notice) })
	}), func(_ struct{}, err error) {
		defer k.c.Announce(control.FilmChanged)
		if err != nil {
			k.c.Tell("make a film of “"+k.title+"”", err)
			return
		}
		text := "Saved the film as " + filepath.Base(path) + "."
		if len(f.left) > 0 {
			text += " Left out: " + strings.Join(f.left, "; ") + "."
		}
		k.c.Say(text)
	})
	k.c.Announce(control.FilmChanged)
}

// frames runs the method with each value, and draws its maps on one scale.
func (f *film) frames(ctx context.Context, ran func(n int)) ([]animation.Frame, error) {
	var all []report.Shown
	var kept []any
	var scale drawing.Range
	medical := f.subject.Picture != nil && f.subject.Picture.Scan != nil
	for i, v := range f.values {
		one := f.shown
		one.Values = maps.Clone(f.shown.Values)
		one.Values[f.set.Key()] = v
		f.in.Values = one.Values
		r, err := one.Visualizer.Explain(ctx, f.in, func(visualizers.Result) {})
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil {
			f.left = append(f.left, fmt.Sprintf("%s: %v", f.set.Format(v), err))
			ran(i + 1)
			continue
		}
		m := r.MapOf(f.shown.Map.Target, f.in.Subject)
		if m == nil {
			return nil, fmt.Errorf("with %s %s the method draws no map", f.set.Label(), f.set.Format(v))
		}
		one.Map, one.Note, one.Warnings = *m, r.Note, r.Warnings
		own := one.Display.Style(*m, medical).Scale(drawing.Field(*m)).Range
		scale = scale.Joined(drawing.Range{Lo: own.Lo, Hi: own.Hi})
		all = append(all, one)
		kept = append(kept, v)
		ran(i + 1)
	}
	if len(all) < 2 {
		return nil, fmt.Errorf("no two values give a map (%s)", strings.Join(f.left, "; "))
	}
	frames := make([]animation.Frame, len(all))
	for i, one := range all {
		one.Display.Locked = &scale
		figure := f.subject.Figure(one)
		frames[i] = animation.Frame{Picture: figure.Overlay(), Words: []string{
			fmt.Sprintf("%s: %s %s", one.Visualizer.Info().Title, f.set.Label(), f.set.Format(kept[i])),
			visible.Text(figure.Subject),
			fmt.Sprintf("colours from %s to %s %s in all pictures", spelling.Number(scale.Lo), spelling.Number(scale.Hi), visible.Text(one.Map.Unit)),
		}}
	}
	return frames, nil
}
