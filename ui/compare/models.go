package compare

import (
	"image/color"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"picasso/backend/score"
	"picasso/ui/control"
	"picasso/ui/control/comparison"
	"picasso/ui/widgets"
	"picasso/ui/words"
	"picasso/visualizers/compare"
)

// modelsPane chooses the second model, the method and the class, and shows what both
// models answer.
type modelsPane struct {
	host    Host
	c       *control.Controller
	m       *comparison.Controller
	box     fyne.CanvasObject
	column  *fyne.Container
	name    *widget.Label
	about   *widget.Label
	choose  *widget.Button
	before  *widget.Button
	none    *widget.Button
	method  *methodChoice
	bars    *pairedBars
	matched *widget.Label
}

func newModelsPane(h Host, c *control.Controller, m *comparison.Controller) *modelsPane {
	p := &modelsPane{host: h, c: c, m: m, name: widget.NewLabel(""), about: widgets.Faint(""), matched: widgets.Faint("")}
	p.name.TextStyle.Bold = true
	p.name.Truncation = fyne.TextTruncateEllipsis
	p.about.Wrapping, p.matched.Wrapping = fyne.TextWrapWord, fyne.TextWrapWord
	p.choose = widget.NewButtonWithIcon("Choose model B…", theme.FolderOpenIcon(), func() { chooseSecond(h, m) })
	p.before = widget.NewButton("The checkpoint before", func() {
		m.CompareWithBefore()
		h.Unfocus()
	})
	p.none = widget.NewButton("No second model", func() {
		m.CompareWith("")
		h.Unfocus()
	})
	p.method = newMethodChoice(h, m)
	p.bars = newPairedBars(func(class int) { c.SetTarget(class, score.NoClass) })
	p.column = container.NewVBox(
		widgets.Heading("MODEL B"), p.name, p.about, p.choose, p.before, p.none, widget.NewSeparator(),
		widgets.Heading("METHOD, WITH ITS PRESENT SETTINGS"), p.method.choice, widget.NewSeparator(),
		widgets.Heading("CLASSES: A ABOVE, B BELOW"), p.bars, p.matched)
	p.box = container.NewVScroll(widgets.Roomy(p.column))
	return p
}

func (p *modelsPane) show() {
	b := p.m.Second()
	p.showSecond(b)
	p.method.show()
	p.showBars(b)
}

func (p *modelsPane) showSecond(b comparison.Second) {
	text, about := "none yet", "Drop an ONNX model here, or choose one."
	if b.Path != "" {
		text, about = b.Name, b.Stage
	}
	switch {
	case b.Err != nil:
		about = "It cannot be opened."
	case b.Model != nil:
		about = prepared(b.Model)
	}
	if b.Before {
		about = "The newest but one of the followed folder. " + about
	}
	p.name.SetText(text)
	p.about.SetText(about)
	widgets.Visible(p.none, b.Path != "")
	widgets.Visible(p.before, p.c.State().Watched != "" && !b.Before)
}

// prepared says how a model's pictures are prepared.
func prepared(m control.Model) string {
	var said []string
	for _, f := range m.About().Facts {
		if slices.Contains(preparation, f.Name) {
			said = append(said, strings.ToLower(f.Name)+" "+f.Value)
		}
	}
	if len(said) == 0 {
		return ""
	}
	return "Its own preparation: " + strings.Join(said, "; ") + "."
}

// preparation are the facts about a model that say how its pictures are prepared.
var preparation = []string{"Colour", "Resize", "Scale", "Mean", "Standard deviation"}

// mostBars is how many classes are shown of either model.
const mostBars = 5

// showBars shows the best classes of both models.
func (p *modelsPane) showBars(b comparison.Second) {
	pair := p.m.Pair()
	if !pair.Answered() || b.Model == nil {
		p.bars.set(nil)
		p.matched.SetText("")
		return
	}
	a := p.c.State().Model
	var classes []int
	add := func(class int) {
		if !slices.Contains(classes, class) {
			classes = append(classes, class)
		}
	}
	for _, c := range pair.Look.Ranked[:min(mostBars, len(pair.Look.Ranked))] {
		add(c.Index)
	}
	for _, c := range pair.Other.Ranked[:min(mostBars, len(pair.Other.Ranked))] {
		if m, err := compare.Classes(b.Model, a, c.Index); err == nil {
			add(m.B)
		}
	}
	if t := p.c.State().Target.Class; t < a.Classes() {
		add(t)
	}
	index, list := false, []pairedBar{}
	for _, class := range classes {
		bar := pairedBar{class: class, name: a.ClassName(class), a: probability(pair.Look.Base, class), b: -1, chosen: class == p.c.State().Target.Class}
		if m, err := compare.Classes(a, b.Model, class); err == nil {
			bar.b = probability(pair.Other.Base, m.B)
			if !m.ByName {
				index = true
				bar.name += " / " + b.Model.ClassName(m.B)
			}
		}
		list = append(list, bar)
	}
	if len(list) != len(p.bars.list) {
		defer p.column.Refresh() // the bars take another height
	}
	p.bars.set(list)
	text := "Click a class to compare the maps of it."
	if index {
		text += " Classes with two names are matched by their index, because their labels differ."
	}
	p.matched.SetText(text)
}

// step compares the maps of a neighbouring class.
func (p *modelsPane) step(n int) {
	if list := p.bars.list; len(list) > 0 {
		i := slices.IndexFunc(list, func(b pairedBar) bool { return b.chosen })
		p.c.SetTarget(list[(i+n+len(list))%len(list)].class, score.NoClass)
	}
}

// probability of a class, −1 where there is none.
func probability(s score.Scores, class int) float64 {
	v, err := score.ClassTarget(class, score.Probability).Value(s)
	if err != nil {
		return -1
	}
	return v
}

// pairedBar is a class by two models.
type pairedBar struct {
	class  int
	name   string
	a, b   float64 // probabilities, −1 for a class that a model does not have
	chosen bool
}

// pairedBars shows classes by two models; a click chooses one.
type pairedBars struct {
	widget.BaseWidget
	list    []pairedBar
	choose  func(class int)
	objects []fyne.CanvasObject
}

// Measures of paired bars.
const (
	pairedRow   = 46
	pairedValue = 54 // for the numbers
	pairedBarY  = 7
)

func newPairedBars(choose func(int)) *pairedBars {
	b := &pairedBars{choose: choose}
	b.ExtendBaseWidget(b)
	return b
}

func (b *pairedBars) set(list []pairedBar) {
	if slices.Equal(list, b.list) {
		return
	}
	b.list, b.objects = list, nil
	for range list {
		name := canvas.NewText("", nil)
		name.TextSize = theme.CaptionTextSize()
		b.objects = append(b.objects, name)
		for range 2 {
			value := canvas.NewText("", nil)
			value.TextSize, value.Alignment = theme.CaptionTextSize(), fyne.TextAlignTrailing
			b.objects = append(b.objects, canvas.NewRectangle(nil), value)
		}
	}
	b.Refresh()
}

// Tapped implements fyne.Tappable.
func (b *pairedBars) Tapped(e *fyne.PointEvent) {
	if i := int(e.Position.Y / pairedRow); i >= 0 && i < len(b.list) {
		b.choose(b.list[i].class)
	}
}

// CreateRenderer implements fyne.Widget.
func (b *pairedBars) CreateRenderer() fyne.WidgetRenderer { return &pairedRenderer{b} }

type pairedRenderer struct{ b *pairedBars }

func (r *pairedRenderer) Layout(size fyne.Size) {
	for i, one := range r.b.list {
		y := float32(i) * pairedRow
		name := r.b.objects[5*i].(*canvas.Text)
		name.TextStyle.Bold = one.chosen
		name.Text = widgets.Fit(one.name, size.Width, name.TextSize, name.TextStyle)
		name.Move(fyne.NewPos(0, y))
		for k, v := range []float64{one.a, one.b} {
			bar, value := r.b.objects[5*i+1+2*k], r.b.objects[5*i+2+2*k].(*canvas.Text)
			at := y + 17 + float32(k)*13
			value.Text = "–"
			if v >= 0 {
				value.Text = words.Score(v, score.Probability)
			}
			value.Resize(fyne.NewSize(pairedValue, 13))
			value.Move(fyne.NewPos(size.Width-pairedValue, at-3))
			bar.Move(fyne.NewPos(0, at))
			bar.Resize(fyne.NewSize(max(1, (size.Width-pairedValue-4)*float32(min(max(v, 0), 1))), pairedBarY))
		}
	}
}

func (r *pairedRenderer) MinSize() fyne.Size {
	return fyne.NewSize(120, float32(len(r.b.list))*pairedRow)
}

func (r *pairedRenderer) Refresh() {
	ink := theme.Color(theme.ColorNameForeground)
	colours := []color.Color{theme.Color(theme.ColorNamePrimary), theme.Color(theme.ColorNameWarning)}
	for i := range r.b.list {
		r.b.objects[5*i].(*canvas.Text).Color = ink
		for k, c := range colours {
			r.b.objects[5*i+1+2*k].(*canvas.Rectangle).FillColor = c
			r.b.objects[5*i+2+2*k].(*canvas.Text).Color = ink
		}
	}
	r.Layout(r.b.Size())
	canvas.Refresh(r.b)
}

func (r *pairedRenderer) Objects() []fyne.CanvasObject { return r.b.objects }
func (r *pairedRenderer) Destroy()                     {}
