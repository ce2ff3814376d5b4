package explain

import (
	"fmt"
	"image"
	"math"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"picasso/ui/control"
	"picasso/ui/control/assess"
	"picasso/ui/drawing"
	"picasso/ui/viewer"
	"picasso/ui/widgets"
	"picasso/ui/words"
	"picasso/visualizers"
	"picasso/visualizers/trust"
	"picasso/visualizers/trust/sanity"
)

// trustPane says below the controls whether the map on the screen can be
// trusted: one line for each test, folded until somebody asks.
type trustPane struct {
	host   Host
	c      *control.Controller
	box    *fyne.Container
	fold   *widget.Button
	body   *fyne.Container
	state  *widget.Label // what is being done, or why nothing can be
	lines  *fyne.Container
	plot   *viewer.Plot
	legend *widget.Label
	check  *widget.Button
	cost   *widget.Label
	region *widget.Button
	shown  *assess.Found
	strip  *film
	reveal func() // brings the pane into view; nil where nothing scrolls
	// unfolded: it was just now, and is to come into view with what it says.
	unfolded bool
}

// untold is what no test can tell, whatever its outcome.
const untold = "No test says that the model is right. A model that is right for the wrong reasons passes the cover test too; only a region that you know to matter tells them apart."

func newTrustPane(h Host, c *control.Controller) *trustPane {
	p := &trustPane{host: h, c: c, state: widgets.Faint(""), lines: container.NewVBox(), plot: viewer.NewPlot(), legend: widgets.Faint(""), cost: widgets.Faint("")}
	p.fold = widget.NewButtonWithIcon("Trust", theme.MenuExpandIcon(), p.toggle)
	p.fold.Alignment, p.fold.Importance = widget.ButtonAlignLeading, widget.LowImportance
	p.check = widget.NewButton("Check", c.Check)
	p.region = widget.NewButton("Region…", p.chooseRegion)
	p.region.Importance = widget.LowImportance
	p.plot.OnHover = p.hint
	p.strip = newFilm(p.enlarge)
	last := widgets.Faint(untold)
	for _, l := range []*widget.Label{p.state, p.legend, p.cost, last} {
		l.Wrapping = fyne.TextWrapWord
	}
	p.body = container.NewVBox(p.state, p.lines, container.NewGridWithColumns(2, p.check, p.region), p.cost, last)
	p.body.Hide()
	p.box = container.NewVBox(widget.NewSeparator(), p.fold, p.body)
	p.show()
	return p
}

func (p *trustPane) draws() []control.Draw {
	return []control.Draw{
		control.On(p.show, control.TrustChanged),
		control.On(p.offer, control.TabChanged, control.PanelsChanged, control.PanelChanged, control.LookChanged, control.SpeedChanged),
	}
}

// show draws what is known.
func (p *trustPane) show() {
	t := p.c.State().Trust
	if p.body.Visible() != t.Open {
		widgets.Visible(p.body, t.Open)
		p.fold.SetIcon(theme.MenuExpandIcon())
		if t.Open {
			p.fold.SetIcon(theme.MenuDropDownIcon())
		}
	}
	if !t.Open {
		return
	}
	p.say(p.state, stateOf(t))
	if t.Found != p.shown {
		p.shown = t.Found
		p.curves(t.Found)
		p.unroll(t.Found)
		p.list(t.Found)
	}
	if p.unfolded && t.Found != nil && p.reveal != nil {
		p.unfolded = false
		p.host.Do(p.reveal) // once its lines have their places
	}
	p.region.SetText("Region…")
	if t.Region != nil {
		p.region.SetText("No region")
	}
	p.offer()
}

// toggle unfolds the pane and brings it into view, or folds it.
func (p *trustPane) toggle() {
	p.c.OpenTrust(!p.c.State().Trust.Open)
	p.host.Unfocus()
	p.unfolded = p.c.State().Trust.Open
	p.show()
}

// run makes the tests that take their time, where they are possible.
func (p *trustPane) run() {
	if !p.c.State().Trust.Open {
		p.toggle()
	}
	if _, _, ok := p.c.CheckCost(); !ok {
		p.host.Hint(unchecked(p.c.State().Trust, p.c.State().Panel().Map != nil))
		return
	}
	p.c.Check()
}

// unchecked says why the tests that take their time are not made now.
func unchecked(t control.Trust, mapped bool) string {
	switch {
	case !mapped:
		return "There is no map to check yet."
	case t.Err != nil:
		return "This map could not be tested; below “Trust” stands why."
	case t.Checking:
		return "This map is being checked."
	case t.Running || t.Found == nil:
		return "The quick tests of this map come first; check it when they are done."
	}
	return "Nothing is left to check about this map."
}

// offer follows the method and what a check of it takes.
func (p *trustPane) offer() {
	s := p.c.State()
	panel := s.Panel()
	widgets.Visible(p.box, panel.Err == nil && (panel.Result == nil || panel.Map != nil))
	if !s.Trust.Open {
		return
	}
	cost, known, ok := p.c.CheckCost()
	text := ""
	if ok {
		text = "Check makes the map again: moved, with other seeds, and with shuffled weights."
	}
	if ok && known {
		text += " It takes " + cost.String() + "."
	}
	p.say(p.cost, text)
	if ok == p.check.Disabled() {
		if p.check.Enable(); !ok {
			p.check.Disable()
		}
	}
	if hasLook := s.Look != nil; hasLook == p.region.Disabled() {
		if p.region.Enable(); !hasLook {
			p.region.Disable()
		}
	}
}

func (p *trustPane) say(l *widget.Label, text string) {
	if l.Text != text {
		l.SetText(text)
	}
	widgets.Visible(l, text != "")
}

// stateOf says what is being done.
func stateOf(t control.Trust) string {
	switch {
	case t.Err != nil:
		return words.Sentence("This could not be tested: " + t.Err.Error())
	case t.Checking:
		return "Making the map again…" + share(t.Found)
	case t.Running:
		return "Testing…" + share(t.Found)
	case t.Found == nil:
		return "The map is tested as soon as it is whole."
	}
	return ""
}

// share is how much of the test in hand is done.
func share(f *assess.Found) string {
	if f == nil || f.Share <= 0 || f.Share >= 1 {
		return ""
	}
	return fmt.Sprintf(" %.0f %%", 100*f.Share)
}

// list writes one entry for each test.
func (p *trustPane) list(r *assess.Found) {
	p.lines.Objects = nil
	if r != nil {
		for _, f := range r.Findings() {
			p.lines.Objects = append(p.lines.Objects, p.line(f))
			if f.Test == trust.CoverTest {
				p.lines.Objects = append(p.lines.Objects, p.plot, p.legend)
			}
		}
		if r.Shuffled != nil {
			p.lines.Objects = append(p.lines.Objects, p.line(shuffled(*r.Shuffled)), p.strip)
		}
	}
	p.lines.Refresh()
}

// line is a test with its word, its sentence, and the number beside its
// reference.
func (p *trustPane) line(f trust.Finding) fyne.CanvasObject {
	word := widget.NewLabel(string(f.Verdict.Word))
	word.TextStyle.Bold = true
	word.Importance = importance(f.Verdict.Word)
	said := widget.NewLabel(f.Verdict.Said)
	said.Wrapping = fyne.TextWrapWord
	rows := []fyne.CanvasObject{container.NewBorder(nil, nil, widget.NewLabel(f.Title), word), said}
	text := f.Note
	if f.Number != "" {
		text = fmt.Sprintf("%s (%s). %s", f.Number, f.Reference, f.Note)
	}
	if text != "" {
		number := widgets.Faint(text)
		number.Wrapping = fyne.TextWrapWord
		rows = append(rows, number)
	}
	return widgets.Tight(rows...)
}

// shuffled is the check with shuffled weights as a line.
func shuffled(r sanity.Report) trust.Finding {
	f := trust.Finding{Title: "Weights shuffled", Verdict: trust.Verdict{Word: trust.Word(r.Verdict), Said: r.Finding}, Note: strings.Join(r.Notes, " ")}
	if r.Verdict == "" {
		f.Verdict = trust.Verdict{Word: trust.Untold, Said: "Not finished yet."}
	}
	return f
}

// unroll draws the maps with shuffled weights beside each other.
func (p *trustPane) unroll(f *assess.Found) {
	p.strip.show(nil)
	s := p.c.State()
	look := s.Panel().Shown()
	if f == nil || f.Shuffled == nil || len(f.Shuffled.Map.Values) == 0 || look == nil || s.Model == nil {
		return
	}
	info := s.Panel().Info
	if p.strip.look != look {
		p.strip.look, p.strip.under = look, look.Small.Open()
	}
	picture, err := drawing.Strip(*f.Shuffled, info, func(m visualizers.Map) *image.RGBA {
		return newDrawn(&m, drawing.Default(info), look, s.Model).over(p.strip.under)
	})
	if err == nil {
		p.strip.show(picture)
	}
}

// enlarge opens the strip over the window.
func (p *trustPane) enlarge(picture image.Image) {
	p.host.Inform("The map with shuffled weights", container.NewScroll(whole(picture)), fyne.NewSize(1100, 420))
}

// importance never praises: what passes may yet be wrong.
func importance(w trust.Word) widget.Importance {
	switch w {
	case trust.Fails, trust.Word(sanity.BarelyChanges):
		return widget.WarningImportance
	case trust.Untold:
		return widget.LowImportance
	}
	return widget.MediumImportance
}

// curves draws the cover test.
func (p *trustPane) curves(r *assess.Found) {
	on := r != nil && r.Cover != nil && r.Cover.Random != nil
	widgets.Visible(p.plot, on)
	widgets.Visible(p.legend, on)
	if !on {
		return
	}
	c := r.Cover
	lines := []viewer.Line{
		{Values: plain(c.Random.Deletion), Around: plain(c.Random.DeletionSD), Faint: true},
		{Values: plain(c.Random.Insertion), Around: plain(c.Random.InsertionSD), Faint: true},
	}
	if c.Edges != nil {
		lines = append(lines, viewer.Line{Values: plain(c.Edges.Deletion), Dashed: true}, viewer.Line{Values: plain(c.Edges.Insertion), Dashed: true})
	}
	lines = append(lines, viewer.Line{Values: plain(c.Deletion)}, viewer.Line{Values: plain(c.Insertion)})
	p.plot.Set(plain(c.Fractions), lines...)
	lo, hi := p.plot.Range()
	whole := "picture"
	if c.Slices > 0 {
		whole = "volume"
	}
	p.legend.SetText(fmt.Sprintf("%s, from %.2f to %.2f, over 0 to 100 %% of the %s: falling while what the map marks is covered, rising while only that is shown. Bands: random order. Dashed: outlines.", p.scale(c), lo, hi, whole))
}

// scale names what the curves show.
func (p *trustPane) scale(c *trust.Cover) string {
	panel, model := p.c.State().Panel(), p.c.State().Model
	if panel.Map == nil || model == nil {
		return "The score"
	}
	t := panel.Map.Target
	if c.Score == "prob" {
		t.Score = 0
		return t.Symbol(model)
	}
	return "The " + c.Score + " (0 covered, 1 whole)"
}

// hint reads the curves at a point.
func (p *trustPane) hint(point int) {
	if point < 0 || p.shown == nil || p.shown.Cover == nil || p.shown.Cover.Random == nil || point >= len(p.shown.Cover.Fractions) {
		p.host.Hint("")
		return
	}
	c := p.shown.Cover
	p.host.Hint(fmt.Sprintf("%.0f %% covered: %s (random %s ± %s); %.0f %% shown: %s (random %s ± %s)",
		100*c.Fractions[point], told(c.Deletion[point]), told(c.Random.Deletion[point]), told(c.Random.DeletionSD[point]),
		100*c.Fractions[point], told(c.Insertion[point]), told(c.Random.Insertion[point]), told(c.Random.InsertionSD[point])))
}

func told(n trust.Number) string {
	if math.IsNaN(float64(n)) {
		return "not yet"
	}
	return fmt.Sprintf("%.2f", n)
}

func plain(list []trust.Number) []float64 {
	out := make([]float64, len(list))
	for i, n := range list {
		out[i] = float64(n)
	}
	return out
}

// chooseRegion asks for a mask, or goes back to none.
func (p *trustPane) chooseRegion() {
	if p.c.State().Trust.Region != nil {
		p.c.RemoveRegions()
		return
	}
	p.host.Ask(RegionQuestion(), p.c.OpenRegion)
}
