// Package scanpane is what the window has for scans only: the strip above the
// picture with window and remarks, what is written on the picture, and the
// slices below it. How the picture itself is shown belongs to the workspace.
package scanpane

import (
	"fmt"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"picasso/backend/picture"
	"picasso/backend/picture/dicom"
	"picasso/ui/control"
	"picasso/ui/drawing"
	"picasso/ui/viewer"
	"picasso/ui/widgets"
	"picasso/ui/words"
)

// Host is the window around the pane.
type Host interface {
	widgets.Host
	// Inform shows a panel over the window.
	Inform(title string, content fyne.CanvasObject, size fyne.Size)
	// Do runs a function later on the window's goroutine, unless the window is
	// closed by then.
	Do(func())
}

// Pane is what the picture has for scans only: the strip above the
// picture, what is written on it, and the slices below it.
type Pane struct {
	host    Host
	c       *control.Controller
	renote  func()
	Head    *fyne.Container // above the picture
	Foot    *fyne.Container // below it
	through *fyne.Container // the slider, in the foot
	curves  *fyne.Container // below it
	strip   *widget.Label
	picks   choosers
	window  *widgets.Select
	beside  *widget.Check // side by side
	remarks *widget.Button
	slider  *widgets.Slider
	label   *widget.Label
	every   *widget.Button
	curve   *viewer.Curve
	about   *widget.Label  // what the curve shows
	broken  *widget.Button // lists the slices that cannot be read
	choices []dicom.Window
	patient bool                 // shown until the program ends, on the user's wish
	who     []dicom.IdentityLine // of the file at whose
	whose   string
	mute    bool
}

// NewStrip makes the line that stands over all that is shown of a scan.
func NewStrip() *widget.Label {
	strip := widget.NewLabel(drawing.ResearchUse)
	strip.Importance = widget.WarningImportance
	strip.TextStyle.Bold = true
	return strip
}

// New makes the pane. beside shows the picture twice or once; renote is told
// when what is written on the picture has changed.
func New(h Host, c *control.Controller, beside func(on bool), renote func()) *Pane {
	p := &Pane{host: h, c: c, renote: renote, label: widgets.Faint(""), about: widgets.Faint(""), curve: viewer.NewCurve()}
	p.strip = NewStrip()
	p.picks = newChoosers(p)
	p.window = widgets.NewSelect(nil, p.choose)
	p.window.PlaceHolder = "Window"
	p.beside = widget.NewCheck("side by side", func(on bool) { p.set(func() { beside(on) }) })
	p.remarks = widget.NewButton("", p.showRemarks)
	p.remarks.Importance = widget.LowImportance
	p.Head = container.NewBorder(nil, nil, container.NewHBox(p.strip, p.remarks, p.beside), nil, widgets.Between(150, 320, p.window))

	p.slider = widgets.NewSlider(h, "Moves through the slices, like the wheel over the picture.", 1, func(step int) { c.SelectSlice(step) })
	p.every = widget.NewButton("Explain all", c.ExplainSeries)
	p.broken = widget.NewButton("", p.showBroken)
	p.broken.Importance = widget.WarningImportance
	p.broken.Hide()
	p.curve.OnChosen = c.SelectSlice
	p.curve.OnHover = p.hover
	p.curve.Inset = p.slider.Inset()
	// Both rows have the same room at the left and at the right, so that the slices
	// of the curve lie below those of the slider.
	p.about.Truncation = fyne.TextTruncateEllipsis
	right := p.every.MinSize().Width
	p.through = container.NewBorder(nil, nil, widgets.AtLeast(leftRoom, 0, p.label), p.every, p.slider)
	p.curves = container.NewBorder(nil, nil, widgets.AtLeast(leftRoom, 0, container.NewBorder(nil, nil, nil, p.curve.Axis(), p.about)), widgets.AtLeast(right, 0, container.NewVBox(p.broken)), p.curve)
	p.Foot = container.NewVBox(
		p.through, p.picks.row, p.picks.gets, p.curves)
	p.Head.Hide()
	p.Foot.Hide()
	return p
}

// leftRoom is the room for words at the left of the slider and the curve.
const leftRoom = 104

// set runs f unless the control is only being shown.
func (p *Pane) set(f func()) {
	if !p.mute {
		f()
		p.host.Unfocus()
	}
}

// Draws are what the pane draws; [Pane.Show] is left to who lays the picture out.
func (p *Pane) Draws() []control.Draw {
	return []control.Draw{
		control.On(p.showSlices, control.WalkChanged),
		control.On(p.showCurve, control.TargetChanged, control.AnswersChanged, control.PanelChanged, control.KeysChanged),
		control.On(p.renote, control.KeysChanged),
	}
}

// Show draws all for the current picture.
func (p *Pane) Show() {
	s := p.c.State()
	on := s.Scan()
	n := 0
	if s.Look != nil {
		n = len(s.Look.Image.Notes)
	}
	widgets.Visible(p.Head, on || n > 0) // an ordinary picture may have remarks too
	widgets.Visible(p.strip, on)
	widgets.Visible(p.beside, on)
	widgets.Visible(p.remarks, n > 0)
	p.remarks.SetText(words.Count(n, "remark", "remarks"))
	if !on {
		p.Foot.Hide()
		p.window.Hide()
		return
	}
	p.mute = true
	defer func() { p.mute = false }()
	p.beside.SetChecked(p.c.Settings().SideBySide)
	p.showWindows()
	p.picks.show(p.c)
	p.showSlices()
}

// showWindows lists the windows there are and names the one in use.
func (p *Pane) showWindows() {
	_, ok := p.c.Viewing()
	widgets.Visible(p.window, ok)
	if !ok {
		return
	}
	p.choices = p.c.Windows()
	var names []string
	for _, c := range p.choices {
		names = append(names, windowTitle(c))
	}
	p.window.Options = names
	p.window.ClearSelected()
	p.ShowWindowInUse()
}

// ShowWindowInUse writes the window on the list of windows.
func (p *Pane) ShowWindowInUse() {
	if v, ok := p.c.Viewing(); ok {
		p.window.ClearSelected()
		p.window.PlaceHolder = v.Window.Name // its width and level stand on the picture
		p.window.Refresh()
	}
}

func windowTitle(w dicom.Window) string {
	return w.Name + "  " + drawing.Levels(w)
}

func (p *Pane) choose(string) {
	if i := p.window.SelectedIndex(); !p.mute && i >= 0 && i < len(p.choices) {
		p.c.SetWindow(p.choices[i])
		p.host.Unfocus()
	}
}

// showSlices draws the slider and the curve over the slices.
func (p *Pane) showSlices() {
	pic := p.c.State().Selected()
	if pic == nil || pic.Slices() < 2 && !p.picks.row.Visible() {
		p.Foot.Hide()
		return
	}
	p.Foot.Show()
	n := pic.Slices()
	widgets.Visible(p.through, n > 1)
	widgets.Visible(p.curves, n > 1)
	if p.slider.Max != float64(n-1) {
		p.slider.Max = float64(n - 1)
		p.slider.Refresh()
	}
	p.slider.Put(pic.Slice)
	p.label.SetText(fmt.Sprintf("Slice %d / %d", pic.Slice+1, n))
	p.showCurve()
	p.showWalk()
}

// showCurve draws the score of the explained class over the slices.
func (p *Pane) showCurve() {
	s := p.c.State()
	pic := s.Selected()
	if pic == nil || pic.Slices() < 2 {
		p.curve.Set(viewer.Slices{})
		return
	}
	t := p.c.CurveTarget()
	shown := viewer.Slices{Explained: p.c.Explained(), Current: pic.Slice, Broken: make([]bool, len(pic.Answers)), Key: make([]bool, len(pic.Answers))}
	shares := sharesOf(s)
	if shares != nil {
		_, hi := viewer.NiceScale(0, slices.Max(shares))
		shown.Values, shown.Hi = shares, hi
	} else {
		shown.Values, shown.Lo, shown.Hi = curveOf(pic.Answers, t)
	}
	broken := 0
	for i, a := range pic.Answers {
		shown.Key[i] = p.c.IsKey(i)
		if a.Err != nil {
			shown.Broken[i] = true
			broken++
		}
	}
	p.curve.Set(shown)
	p.about.SetText("")
	switch {
	case shares != nil:
		p.about.SetText("map share")
	case s.Model != nil:
		p.about.SetText(t.Symbol(s.Model))
	}
	p.broken.SetText(fmt.Sprintf("%d bad", broken))
	widgets.Visible(p.broken, broken > 0)
}

// showWalk offers to explain all slices, unless that is going on.
func (p *Pane) showWalk() {
	s := p.c.State()
	if s.Walk != nil || s.Model == nil {
		p.every.Disable()
		return
	}
	p.every.Enable()
}

// hover tells the number under the pointer.
func (p *Pane) hover(slice int) {
	s := p.c.State()
	pic := s.Selected()
	if slice < 0 || pic == nil || slice >= len(pic.Answers) {
		p.host.Hint("")
		return
	}
	text := fmt.Sprintf("Slice %d", slice+1)
	switch a := pic.Answers[slice]; {
	case a.Err != nil:
		text += " cannot be used: " + a.Err.Error()
	case sharesOf(s) != nil:
		text += fmt.Sprintf(" has %.1f %% of the map", 100*sharesOf(s)[slice])
	case a.Known() && s.Model != nil:
		t := p.c.CurveTarget()
		if v, err := t.Value(a.Scores); err == nil {
			text += fmt.Sprintf(": %s is %s", t.Symbol(s.Model), words.Score(v, t.Score))
		}
	}
	p.host.Hint(text + ". Click to go there.")
}

// Notes are what is written on the picture.
func (p *Pane) Notes() viewer.Notes {
	s := p.c.State()
	k := s.Look
	if k == nil || k.Image.Scan == nil {
		return viewer.Notes{}
	}
	g := k.Image.Scan.Geometry
	n := viewer.Notes{Letters: g.Letters, Spacing: [2]float64{g.Spacing[1], g.Spacing[0]}, Detector: g.AtDetector}
	if k.Image.Scan.Lossy {
		n.BottomLeft = append(n.BottomLeft, "lossy compression")
	}
	if v, ok := p.c.Viewing(); ok {
		text := windowTitle(v.Window)
		if v.Inverted {
			text += ", inverted"
		}
		n.BottomLeft = append(n.BottomLeft, text)
	}
	if pic := s.Selected(); pic.Slices() > 1 {
		n.BottomLeft = append(n.BottomLeft, strings.TrimSpace(fmt.Sprintf("%s slice %d / %d", k.Image.Scan.Modality, k.Slice+1, pic.Slices())))
		if p.c.IsKey(k.Slice) {
			n.BottomLeft[len(n.BottomLeft)-1] += ", key slice"
		}
	}
	if all := s.Selected().Volumes(); len(all) > 1 {
		n.BottomLeft = append(n.BottomLeft, "volume "+volumeNames(all)[s.Selected().Volume])
	}
	n.TopLeft = p.identity()
	return n
}

// identity is what the file says of the patient, where the user asked for it.
func (p *Pane) identity() []string {
	path := p.c.State().ScanPath()
	if !p.patient || path == "" {
		return nil
	}
	if p.whose != path {
		p.who, p.whose = nil, path
		go func() {
			lines, err := picture.Identity(path)
			p.host.Do(func() {
				if err == nil && p.patient && p.whose == path {
					p.who = lines
					p.renote()
				}
			})
		}()
	}
	var out []string
	for _, l := range p.who {
		out = append(out, l.Name+": "+l.Value)
	}
	return out
}

// TogglePatient shows or hides what files say of the patient. It is off at
// every start.
func (p *Pane) TogglePatient() {
	p.patient = !p.patient
	p.who, p.whose = nil, ""
	p.renote()
	p.host.Hint(map[bool]string{true: "Patient data is shown until the program is closed. It is never written to a file.", false: "Patient data is hidden."}[p.patient])
}

// showRemarks lists what was noticed while reading the file.
func (p *Pane) showRemarks() {
	k := p.c.State().Look
	if k == nil {
		return
	}
	var lines []string
	for _, note := range k.Image.Notes {
		lines = append(lines, "• "+words.Sentence(note))
	}
	text := widget.NewLabel(strings.Join(lines, "\n"))
	text.Wrapping = fyne.TextWrapWord
	p.host.Inform("Notes from reading the file", container.NewVScroll(text), fyne.NewSize(560, 320))
}

// showBroken lists the slices that cannot be read or used, with the reason.
func (p *Pane) showBroken() {
	pic := p.c.State().Selected()
	if pic == nil {
		return
	}
	var lines []string
	for i, a := range pic.Answers {
		if a.Err != nil {
			lines = append(lines, fmt.Sprintf("• Slice %d: %s", i+1, a.Err))
		}
	}
	text := widget.NewLabel(strings.Join(lines, "\n"))
	text.Wrapping = fyne.TextWrapWord
	p.host.Inform("Slices that cannot be used", container.NewVScroll(text), fyne.NewSize(560, 320))
}

// Position is where a pixel of a scan lies in the patient, in words.
func Position(k *control.Look, x, y int) string {
	if k.Image.Scan == nil || !k.Image.Scan.Geometry.Placed {
		return ""
	}
	at := k.Image.Scan.Geometry.At(float64(x), float64(y))
	return fmt.Sprintf("(%.1f, %.1f, %.1f mm)", at[0], at[1], at[2])
}
