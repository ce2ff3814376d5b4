// Package pages makes the report of what the window shows: a page for the current
// picture, for each picture of the list, or for a comparison, as HTML or PDF. It
// works in the background and knows nothing of Fyne.
package pages

import (
	"context"
	"errors"
	"fmt"
	"image"
	"maps"
	"path/filepath"
	"slices"
	"time"

	"picasso/backend/files"
	"picasso/backend/score"
	"picasso/ui/control"
	"picasso/ui/control/comparison"
	"picasso/ui/control/task"
	"picasso/ui/drawing"
	"picasso/ui/report"
	"picasso/ui/report/printed"
	"picasso/visualizers"
)

// Most is the most pictures of one report.
const Most = 500

// Scope is what a report is about.
type Scope int

// Scopes.
const (
	Current  Scope = iota // the current picture with every map there is of its class
	Listed                // every picture of the list, its best class by the current method
	Methods               // methods × classes
	TwoModel              // both models about the current picture
)

// Choice is a scope that is possible now.
type Choice struct {
	Scope Scope
	Title string
	Cost  string // what has to be computed for it, "" for nothing
	Note  string // what is left out, "" for nothing
}

// Controller writes reports.
type Controller struct {
	c       *control.Controller
	m       *comparison.Controller
	writing *task.Task
	version string
	done    int
	all     int
}

// New makes a writer of reports by a program of some version.
func New(c *control.Controller, m *comparison.Controller, version string) *Controller {
	p := &Controller{c: c, m: m, version: version, writing: c.NewTask()}
	c.Join(control.Activity{Running: p.writing.Running, End: p.writing.Stop, Asked: true, Model: true, Ahead: true, Stopped: p.stopped, Told: p.told})
	return p
}

func (p *Controller) told() (float64, string) {
	return float64(p.done) / float64(max(1, p.all)), fmt.Sprintf("Report: %d of %d pages", p.done, p.all)
}

func (p *Controller) stopped() {
	p.c.Say("The report was stopped; nothing was written.")
}

// ErrNothing says that there is nothing to report on.
var ErrNothing = errors.New("there is nothing to report on yet; open a model and a picture first")

// Choices are the scopes that are possible now, the likeliest first.
func (p *Controller) Choices() []Choice {
	s := p.c.State()
	if s.Model == nil || !s.Look.Answered() {
		return nil
	}
	var list []Choice
	if s.Workspace == control.Compare {
		if b, err := p.m.Board(false); err == nil && p.m.View() == comparison.ByMethod {
			list = append(list, Choice{Scope: Methods, Title: fmt.Sprintf("This comparison: %d methods × %d classes of %s", len(p.m.Sheet().Rows), len(p.m.Sheet().Classes), b.Subject.Name())})
		}
		if pair := p.m.Pair(); p.m.View() == comparison.ByModel && pair.Answered() && pair.Status == comparison.Ready {
			list = append(list, Choice{Scope: TwoModel, Title: "This comparison of two models, of " + p.c.Subject(s.Look).Name()})
		}
	}
	if shown := p.shown(); len(shown) > 0 {
		list = append(list, Choice{Scope: Current, Title: fmt.Sprintf("The current picture, with the %d maps there are of its class", len(shown))})
	}
	if images := p.listed(); len(images) > 0 && panelDraws(s.Panel()) {
		list = append(list, p.listedChoice(images))
	}
	return list
}

// listedChoice is a report on the pictures of the list.
func (p *Controller) listedChoice(images []*control.Picture) Choice {
	s := p.c.State()
	n := min(len(images), Most)
	one := Choice{Scope: Listed, Title: fmt.Sprintf("The %d pictures of the list, each with %s of its best class", n, s.Panel().Info.Title)}
	if n == 1 {
		one.Title = "The picture of the list, with " + s.Panel().Info.Title + " of its best class"
	}
	if len(images) > Most {
		one.Note = fmt.Sprintf("A report has at most %d pictures; the first %d of the list's %d are taken. Filter the list to choose others.", Most, Most, len(images))
	}
	if pre, ok := s.Panel().Visualizer.(visualizers.Previewer); ok {
		cost := pre.Preview(s.Model, s.Panel().Values)
		cost.Passes, cost.Time, cost.Learn, cost.Bytes = cost.Passes*n, cost.Time*time.Duration(n), nil, 0
		one.Cost = cost.String()
	}
	return one
}

// panelDraws reports whether a panel's method suits the model.
func panelDraws(p *control.Panel) bool { return p.Err == nil && len(p.Settings) > 0 }

// listed are the usable pictures that the list shows.
func (p *Controller) listed() []*control.Picture {
	var out []*control.Picture
	for _, i := range p.c.State().Listed {
		if one := p.c.State().Images[i]; one.Err == nil {
			out = append(out, one)
		}
	}
	return out
}

// shown are the finished maps of the current picture and class.
func (p *Controller) shown() []report.Shown {
	s := p.c.State()
	var out []report.Shown
	for _, panel := range s.Panels {
		target := s.Target
		target.Score = p.c.ScoreOf(panel)
		r, ok := p.c.Kept(p.c.KeyOf(panel, s.Look), target)
		if !ok {
			continue
		}
		r = s.Look.OnSlice(r)
		if found := r.MapOf(target, s.Model); found != nil {
			out = append(out, shownOf(panel, panel.Values, *found, r))
		}
	}
	return out
}

func shownOf(p *control.Panel, values visualizers.Values, m visualizers.Map, r visualizers.Result) report.Shown {
	return report.Shown{Visualizer: p.Visualizer, Values: maps.Clone(values), Map: m, Display: p.Display, Note: r.Note, Warnings: r.Warnings, Done: 1}
}

// maker makes one page.
type maker func(ctx context.Context, m control.Model) (printed.Page, error)

// Files are what a report of a scope takes, the first being path.
func (p *Controller) Files(scope Scope, path string) []string {
	n := 1
	if scope == Listed {
		n = min(len(p.listed()), Most)
	}
	return printed.Parts(path, n)
}

// Write makes a report about a scope in the background, with a note of the user's own
// on every page. The form follows the name's ending: .html or .pdf.
func (p *Controller) Write(scope Scope, path, note string) {
	form := printed.FormOf(path)
	if form == nil {
		p.c.Tell("make the report", fmt.Errorf("%s has to end in .html or .pdf", filepath.Base(path)))
		return
	}
	var methods []visualizers.Visualizer
	for _, panel := range p.c.State().Panels {
		methods = append(methods, panel.Visualizer)
	}
	makers := p.makers(scope, printed.Options{Methods: methods, Note: note})
	if len(makers) == 0 {
		p.c.Tell("make the report", ErrNothing)
		return
	}
	parts := p.Files(scope, path)
	if err := p.c.Refuse(parts); err != nil {
		p.c.Tell("make the report", err)
		return
	}
	p.done, p.all = 0, len(makers)
	job := &job{form: form, parts: parts, makers: makers, version: p.version}
	task.Start(p.writing, control.Lend(p.c, func(ctx context.Context, m control.Model, tell func(func())) (int, error) {
		return job.run(ctx, m, func() { tell(func() { p.made() }) })
	}), func(missed int, err error) {
		p.c.Announce(control.ComparisonChanged)
		if err != nil {
			p.c.Tell("make the report", err)
			return
		}
		text := fmt.Sprintf("Saved %s.", parts[0])
		if len(parts) > 1 {
			text = fmt.Sprintf("Saved %s and %d more parts beside it.", parts[0], len(parts)-1)
		}
		if missed > 0 {
			text += fmt.Sprintf(" %d pictures could not be explained and are left out.", missed)
		}
		p.c.Say(text)
	})
	p.c.Announce(control.ComparisonChanged)
}

func (p *Controller) made() {
	p.done++
	p.c.Announce(control.ComparisonChanged)
}

// makers are the pages of a scope.
func (p *Controller) makers(scope Scope, o printed.Options) []maker {
	s := p.c.State()
	if s.Model == nil || !s.Look.Answered() {
		return nil
	}
	switch scope {
	case Current:
		return []maker{ready(p.c.Subject(s.Look), p.shown(), o)}
	case Methods:
		return p.ofSheet(o)
	case TwoModel:
		if pair := p.m.Pair(); pair.Answered() {
			return []maker{ofPair(pair.Compared, pair.Parts, pair.Mapped, o)}
		}
	case Listed:
		var list []maker
		images := p.listed()
		for _, one := range images[:min(len(images), Most)] {
			list = append(list, p.ofPicture(one, o))
		}
		return list
	}
	return nil
}

// ofSheet is a page of methods × classes.
func (p *Controller) ofSheet(o printed.Options) []maker {
	sheet := p.m.Sheet()
	if sheet == nil {
		return nil
	}
	var shown []report.Shown
	for _, row := range sheet.Rows {
		for _, cell := range row.Cells {
			if row.Status == comparison.Ready && cell.Map != nil {
				shown = append(shown, shownOf(row.Panel, row.Panel.Values, *cell.Map, visualizers.Result{Note: row.Note, Warnings: row.Warnings}))
			}
		}
	}
	return []maker{ready(p.c.Subject(sheet.Look), shown, o)}
}

// ofPicture explains a picture of the list and makes its page.
func (p *Controller) ofPicture(one *control.Picture, o printed.Options) maker {
	panel, read, describe := p.c.State().Panel(), one.Looker(), p.c.Describer()
	values, scale, slices := maps.Clone(panel.Values), p.c.ScoreOf(panel), one.Slices()
	return func(ctx context.Context, m control.Model) (printed.Page, error) {
		k, err := read(ctx, m)
		if err != nil {
			return printed.Page{}, err
		}
		if len(k.Ranked) == 0 {
			return printed.Page{}, ErrNothing
		}
		target := score.ClassTarget(k.Ranked[0].Index, scale)
		r, err := panel.Visualizer.Explain(ctx, k.Asked(m, values, target), func(visualizers.Result) {})
		if err != nil {
			return printed.Page{}, err
		}
		var shown []report.Shown
		if found := r.MapOf(target, m); found != nil {
			shown = append(shown, shownOf(panel, values, *found, r))
		}
		subject := describe(k)
		if slices > 1 {
			subject.Slices = slices
		}
		return ready(subject, shown, o)(ctx, m)
	}
}

// ready makes the page of a picture with maps that are there.
func ready(s report.Subject, shown []report.Shown, o printed.Options) maker {
	return func(ctx context.Context, _ control.Model) (printed.Page, error) {
		about := report.New(s)
		about.Image.PNG = "picture"
		pictures := map[string]*image.RGBA{about.Image.PNG: drawing.Small(s.Base, printed.Side)}
		for i, one := range shown {
			if ctx.Err() != nil {
				return printed.Page{}, ctx.Err()
			}
			name := fmt.Sprint(i)
			about.Ran(visualizers.Result{Note: one.Note, Warnings: one.Warnings, Maps: []visualizers.Map{one.Map}}, 0)
			about.AddMap(s, one, name, name)
			pictures[name] = drawing.Small(s.Figure(one).Overlay(), printed.Side)
		}
		return printed.Of(about, o, from(pictures)), nil
	}
}

// ofPair makes the page of two models.
func ofPair(c report.Compared, parts [3]drawing.Figure, mapped bool, o printed.Options) maker {
	return func(context.Context, control.Model) (printed.Page, error) {
		pictures := map[string]*image.RGBA{}
		c.Files = nil
		for i, f := range parts {
			if mapped {
				name := report.PartNames[i] + ".png"
				pictures[name] = drawing.Small(f.Overlay(), printed.Side)
				c.Files = append(c.Files, name)
			}
		}
		return printed.OfCompared(&c, o, from(pictures)), nil
	}
}

func from(pictures map[string]*image.RGBA) printed.Loader {
	return func(name string) (*image.RGBA, error) {
		if m := pictures[name]; m != nil {
			return m, nil
		}
		return nil, errors.New("it was not drawn")
	}
}

// job is all that the work needs, copied from the state.
type job struct {
	form    printed.Form
	parts   []string
	makers  []maker
	version string
}

// run makes all files, which appear when all pages of all of them are there. It
// counts the pictures that gave no page.
func (j *job) run(ctx context.Context, m control.Model, made func()) (missed int, err error) {
	pending := make([]*files.Pending, len(j.parts))
	var last error
	for i, path := range j.parts {
		f, err := files.Create(path, files.Ordinary)
		if err != nil {
			return missed, err
		}
		defer f.Discard()
		some := j.makers[i*printed.PerPart : min((i+1)*printed.PerPart, len(j.makers))]
		list := func(yield func(printed.Page) bool) {
			for _, one := range some {
				if ctx.Err() != nil {
					return
				}
				page, err := one(ctx, m)
				made()
				if err != nil {
					missed, last = missed+1, err
					continue
				}
				if !yield(page) {
					return
				}
			}
		}
		if err := j.form(f, printed.HeadOf("Explanations", j.version, j.parts, i), list); err != nil {
			return missed, err
		}
		pending[i] = f
	}
	switch {
	case ctx.Err() != nil:
		return missed, ctx.Err()
	case missed == len(j.makers):
		return missed, last
	}
	for _, f := range slices.Backward(pending) { // the first part last: it names the others
		if err := f.Commit(); err != nil {
			return missed, err
		}
	}
	return missed, nil
}
