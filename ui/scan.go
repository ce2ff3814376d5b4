package ui

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"picasso/backend/picture"
	"picasso/backend/picture/dicom"
	"picasso/ui/control"
	"picasso/ui/drawing"
	"picasso/ui/viewer"
)

// researchUse stands over every scan and on everything made of one.
const researchUse = drawing.ResearchUse

// scanPane is what the picture pane has for scans only: the strip above the
// picture, what is written on it, and the slices below it.
type scanPane struct {
	w       *Window
	head    *fyne.Container // above the picture
	foot    *fyne.Container // below it
	window  *widget.Select
	beside  *widget.Check // side by side
	remarks *widget.Button
	slider  *slider
	label   *widget.Label
	every   *widget.Button
	curve   *viewer.Curve
	about   *widget.Label // what the curve shows
	choices []dicom.Window
	patient bool                 // shown until the program ends, on the user's wish
	who     []dicom.IdentityLine // of the file at whose
	whose   string
	mute    bool
}

// newResearchStrip is the line that stands over all that is shown of a scan.
func newResearchStrip() *widget.Label {
	strip := widget.NewLabel(researchUse)
	strip.Importance = widget.WarningImportance
	strip.TextStyle.Bold = true
	return strip
}

func newScanPane(w *Window) *scanPane {
	p := &scanPane{w: w, label: faint(""), about: faint(""), curve: viewer.NewCurve()}
	strip := newResearchStrip()
	p.window = widget.NewSelect(nil, p.choose)
	p.window.PlaceHolder = "Window"
	p.beside = widget.NewCheck("side by side", func(on bool) { p.set(func() { w.picture.setSideBySide(on) }) })
	p.remarks = widget.NewButton("", p.showRemarks)
	p.remarks.Importance = widget.LowImportance
	p.head = container.NewBorder(nil, nil, strip, container.NewHBox(p.remarks, p.beside, atLeast(150, 0, p.window)))

	p.slider = newSlider(w, "Goes through the slices, as the wheel over the picture does.", 1, func(step int) { w.c.SelectSlice(step) })
	p.every = widget.NewButton("Explain all", w.c.ExplainSeries)
	p.curve.OnChosen = w.c.SelectSlice
	p.curve.OnHover = p.hover
	p.foot = container.NewVBox(
		container.NewBorder(nil, nil, atLeast(92, 0, p.label), p.every, p.slider),
		container.NewBorder(nil, nil, atLeast(92, 0, p.about), nil, p.curve))
	p.head.Hide()
	p.foot.Hide()
	return p
}

// set runs f unless the control is only being shown.
func (p *scanPane) set(f func()) {
	if !p.mute {
		f()
		p.w.unfocus()
	}
}

// show draws all for the current picture.
func (p *scanPane) show() {
	s := p.w.c.State()
	on := s.Scan()
	visible(p.head, on)
	if !on {
		p.foot.Hide()
		return
	}
	p.mute = true
	defer func() { p.mute = false }()
	p.beside.SetChecked(p.w.c.Settings().SideBySide)
	p.showWindows()
	p.showSlices()
	n := 0
	if s.Look != nil {
		n = len(s.Look.Image.Notes)
	}
	visible(p.remarks, n > 0)
	p.remarks.SetText(count(n, "remark", "remarks"))
}

// showWindows lists the windows there are and names the one in use.
func (p *scanPane) showWindows() {
	_, ok := p.w.c.Viewing()
	visible(p.window, ok)
	if !ok {
		return
	}
	p.choices = p.w.c.Windows()
	var names []string
	for _, c := range p.choices {
		names = append(names, windowTitle(c))
	}
	p.window.Options = names
	p.window.ClearSelected()
	p.showWindowInUse()
}

// showWindowInUse writes the window on the list of windows.
func (p *scanPane) showWindowInUse() {
	if v, ok := p.w.c.Viewing(); ok {
		p.window.ClearSelected()
		p.window.PlaceHolder = windowTitle(v.Window)
		p.window.Refresh()
	}
}

func windowTitle(w dicom.Window) string {
	return fmt.Sprintf("%s  W %.4g L %.4g", w.Name, w.Width, w.Center)
}

func (p *scanPane) choose(string) {
	if i := p.window.SelectedIndex(); !p.mute && i >= 0 && i < len(p.choices) {
		p.w.c.SetWindow(p.choices[i])
		p.w.unfocus()
	}
}

// showSlices draws the slider and the curve over the slices.
func (p *scanPane) showSlices() {
	pic := p.w.c.State().Selected()
	on := pic != nil && pic.Slices() > 1
	visible(p.foot, on)
	if !on {
		return
	}
	n := pic.Slices()
	if p.slider.Max != float64(n-1) {
		p.slider.Max = float64(n - 1)
		p.slider.Refresh()
	}
	p.slider.put(pic.Slice)
	p.label.SetText(fmt.Sprintf("Slice %d / %d", pic.Slice+1, n))
	p.showCurve()
	p.showWalk()
}

// showCurve draws the score of the explained class over the slices.
func (p *scanPane) showCurve() {
	s := p.w.c.State()
	pic := s.Selected()
	if pic == nil || s.Model == nil || pic.Slices() < 2 {
		p.curve.Set(nil, nil, 0, 0, 1)
		p.about.SetText("")
		return
	}
	values, lo, hi := curveOf(pic.Answers, s.Target)
	p.curve.Set(values, p.w.c.Explained(), pic.Slice, lo, hi)
	p.about.SetText(s.Target.Symbol(s.Model))
}

// showWalk offers to explain all slices, unless that is going on.
func (p *scanPane) showWalk() {
	s := p.w.c.State()
	if s.Walk != nil || s.Model == nil {
		p.every.Disable()
		return
	}
	p.every.Enable()
}

// hover tells the number under the pointer.
func (p *scanPane) hover(slice int) {
	s := p.w.c.State()
	pic := s.Selected()
	if slice < 0 || pic == nil || slice >= len(pic.Answers) || s.Model == nil {
		p.w.hint("")
		return
	}
	text := fmt.Sprintf("Slice %d", slice+1)
	if a := pic.Answers[slice]; a.Known() {
		if v, err := s.Target.Value(a.Scores); err == nil {
			text += fmt.Sprintf(": %s is %.3g", s.Target.Symbol(s.Model), v)
		}
	}
	p.w.hint(text + ". Click to go there.")
}

// notes are what is written on the picture.
func (p *scanPane) notes() viewer.Notes {
	s := p.w.c.State()
	k := s.Look
	if k == nil || k.Image.Scan == nil {
		return viewer.Notes{}
	}
	g := k.Image.Scan.Geometry
	n := viewer.Notes{Letters: g.Letters, Spacing: [2]float64{g.Spacing[1], g.Spacing[0]}, Detector: g.AtDetector}
	if k.Image.Scan.Lossy {
		n.BottomLeft = append(n.BottomLeft, "compressed with loss")
	}
	if v, ok := p.w.c.Viewing(); ok {
		text := windowTitle(v.Window)
		if v.Inverted {
			text += ", inverted"
		}
		n.BottomLeft = append(n.BottomLeft, text)
	}
	if pic := s.Selected(); pic.Slices() > 1 {
		n.BottomLeft = append(n.BottomLeft, fmt.Sprintf("%s slice %d / %d", k.Image.Scan.Modality, k.Slice+1, pic.Slices()))
	}
	n.TopLeft = p.identity()
	return n
}

// identity is what the file says of the patient, where the user asked for it.
func (p *scanPane) identity() []string {
	path := p.w.c.State().ScanPath()
	if !p.patient || path == "" {
		return nil
	}
	if p.whose != path {
		p.who, p.whose = nil, path
		go func() {
			lines, err := picture.Identity(path)
			p.w.do(func() {
				if err == nil && p.patient && p.whose == path && !p.w.closed {
					p.who = lines
					p.w.picture.showNotes()
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

// togglePatient shows or hides what files say of the patient. It is off at
// every start.
func (p *scanPane) togglePatient() {
	p.patient = !p.patient
	p.who, p.whose = nil, ""
	p.w.picture.showNotes()
	p.w.hint(map[bool]string{true: "Patient data is shown until the program ends. It is never written to a file.", false: "Patient data is hidden."}[p.patient])
}

// showRemarks lists what was noticed while reading the file.
func (p *scanPane) showRemarks() {
	k := p.w.c.State().Look
	if k == nil {
		return
	}
	var lines []string
	for _, note := range k.Image.Notes {
		lines = append(lines, "• "+sentence(note))
	}
	text := widget.NewLabel(strings.Join(lines, "\n"))
	text.Wrapping = fyne.TextWrapWord
	p.w.inform("What was noticed while reading", container.NewVScroll(text), fyne.NewSize(560, 320))
}

// position is where a pixel of a scan lies in the patient, in words.
func position(k *control.Look, x, y int) string {
	if k.Image.Scan == nil || !k.Image.Scan.Geometry.Placed {
		return ""
	}
	at := k.Image.Scan.Geometry.At(float64(x), float64(y))
	return fmt.Sprintf("  (%.1f, %.1f, %.1f mm)", at[0], at[1], at[2])
}
