package explain

import (
	"fmt"
	"math"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"picasso/ui/control"
	"picasso/ui/drawing"
	"picasso/ui/widgets"
	"picasso/visualizers/render"
)

// Display holds what changes the drawing and never the numbers.
type Display struct {
	host      Host
	c         *control.Controller
	box       fyne.CanvasObject
	opacity   *widgets.Slider
	threshold *widgets.Slider
	clip      *widgets.Slider
	texts     map[*widgets.Slider]*widget.Label
	colors    *widgets.Select
	names     map[string]string // title of a colour map → name
	sign      *widgets.Select
	picture   *widgets.Select
	smooth    *widget.Check
	contours  *widget.Check
	fade      *widget.Check
	mute      bool
	signed    int // 1 signed, 0 unsigned: which colour maps are offered; −1 none yet
}

const automatic = "automatic"

func newDisplay(h Host, c *control.Controller) *Display {
	p := &Display{host: h, c: c, texts: map[*widgets.Slider]*widget.Label{}, signed: -1}
	p.opacity = p.slider("How strongly the map covers the picture. Keys: [ and ]", 100, func(d *drawing.Display, v int) { d.Opacity = float64(v) / 100 })
	p.threshold = p.slider("Hides values below this share of the scale.", 100, func(d *drawing.Display, v int) { d.Threshold = float64(v) / 100 })
	p.clip = p.slider("Ignores the most extreme values when the scale is chosen, so that a few of them do not make the rest look weak.", 10, func(d *drawing.Display, v int) { d.Clip = float64(v) / 100 })
	p.colors = widgets.NewSelect(nil, func(title string) { p.change(func(d *drawing.Display) { d.Colors = p.names[title] }) })
	p.sign = widgets.NewSelect(signTitles(), func(title string) { p.change(func(d *drawing.Display) { d.Sign = signName(title) }) })
	p.smooth = p.check("smooth", func(d *drawing.Display, on bool) {
		if c.State().Scan() {
			d.ScanSmooth = on
			return
		}
		d.Smooth = on
	})
	p.fade = p.check("fade near zero", func(d *drawing.Display, on bool) { d.Fade = on })
	p.contours = p.check("contours", func(d *drawing.Display, on bool) { d.Contours = on })
	p.picture = widgets.NewSelect([]string{automatic, drawing.InColour, drawing.InGrey}, func(title string) {
		p.change(func(d *drawing.Display) { d.Picture = strings.TrimPrefix(title, automatic) })
	})
	reset := widget.NewButton("Reset", p.Reset)
	reset.Importance = widget.LowImportance
	p.box = container.NewVBox(
		container.NewBorder(nil, nil, nil, reset, widgets.Heading("DISPLAY")),
		p.row("Opacity", p.opacity), p.row("Threshold", p.threshold), p.row("Clip extremes", p.clip),
		widgets.Halves(widget.NewLabel("Colours"), p.colors), widgets.Halves(widget.NewLabel("Show"), p.sign),
		widgets.Halves(widget.NewLabel("Picture"), p.picture),
		container.NewGridWithColumns(2, p.smooth, p.fade, p.contours))
	return p
}

func (p *Display) slider(help string, steps int, set func(*drawing.Display, int)) *widgets.Slider {
	s := widgets.NewSlider(p.host, help, steps, nil)
	s.OnChanged = func(v float64) { p.change(func(d *drawing.Display) { set(d, int(v+0.5)) }) }
	p.texts[s] = widgets.Faint("")
	return s
}

func (p *Display) row(name string, s *widgets.Slider) fyne.CanvasObject {
	label := widgets.NewHelpLabel(p.host, name, s.Help())
	text := p.texts[s]
	text.Alignment = fyne.TextAlignTrailing
	return container.NewBorder(nil, nil, widgets.AtLeast(96, 0, label), widgets.AtLeast(50, 0, text), s)
}

func (p *Display) check(title string, set func(*drawing.Display, bool)) *widget.Check {
	return widget.NewCheck(title, func(on bool) {
		p.change(func(d *drawing.Display) { set(d, on) })
		if !p.mute {
			p.host.Unfocus()
		}
	})
}

// change edits the display of the current tab.
func (p *Display) change(edit func(*drawing.Display)) {
	if p.mute {
		return
	}
	s := p.c.State()
	d := s.Panel().Display
	edit(&d)
	p.c.SetDisplay(s.Tab, d)
}

// Reset draws the current tab as by default again.
func (p *Display) Reset() {
	s := p.c.State()
	p.c.SetDisplay(s.Tab, drawing.Default(s.Panel().Info))
}

// Nudge changes the opacity by keys.
func (p *Display) Nudge(by float64) {
	p.change(func(d *drawing.Display) { d.Opacity = min(max(math.Round(100*(d.Opacity+by))/100, 0), 1) })
	p.host.Hint(fmt.Sprintf("Opacity %.0f %%", 100*p.c.State().Panel().Display.Opacity))
}

// show draws the values of the current tab without reporting them.
func (p *Display) show() {
	panel := p.c.State().Panel()
	d := panel.Display
	p.mute = true
	defer func() { p.mute = false }()
	p.put(p.opacity, d.Opacity)
	p.put(p.threshold, d.Threshold)
	p.put(p.clip, d.Clip)
	p.offerColors(panel.Map == nil || panel.Map.Signed)
	p.colors.SetSelected(automatic)
	for title, name := range p.names {
		if name == d.Colors && name != "" {
			p.colors.SetSelected(title)
		}
	}
	p.sign.SetSelected(signTitle(d.Sign))
	p.smooth.SetChecked(d.Smoothed(p.c.State().Scan()))
	p.fade.SetChecked(d.Fade)
	p.contours.SetChecked(d.Contours)
	p.picture.SetSelected(automatic)
	if d.Picture != "" {
		p.picture.SetSelected(d.Picture)
	}
}

func (p *Display) draws() []control.Draw {
	return []control.Draw{
		control.On(p.show, control.TabChanged, control.PanelsChanged, control.DisplayChanged),
		control.On(p.showSmooth, control.LookChanged),
		control.On(p.offer, control.LookChanged, control.ProbeChanged, control.TabChanged, control.PanelsChanged, control.PanelChanged, control.DisplayChanged),
	}
}

// showSmooth follows the kind of picture: scans have a choice of their own.
func (p *Display) showSmooth() {
	p.mute = true
	defer func() { p.mute = false }()
	s := p.c.State()
	p.smooth.SetChecked(s.Panel().Display.Smoothed(s.Scan()))
}

// offer hides the controls where the visualizer draws no map, and offers the
// colour maps that suit the one it draws.
func (p *Display) offer() {
	panel := p.c.State().Panel()
	r := panel.Result
	widgets.Visible(p.box, panel.Err == nil && (r == nil || len(r.Maps) > 0 || r.Patches != nil))
	if panel.Map != nil && p.signed != kind(panel.Map.Signed) {
		p.show()
	}
}

func kind(signed bool) int {
	if signed {
		return 1
	}
	return 0
}

func (p *Display) put(s *widgets.Slider, share float64) {
	percent := int(share*100 + 0.5)
	s.Put(percent)
	p.texts[s].SetText(fmt.Sprintf("%d %%", percent))
}

// offerColors lists the colour maps that suit signed or unsigned values.
func (p *Display) offerColors(signed bool) {
	if p.signed == kind(signed) {
		return
	}
	p.signed = kind(signed)
	p.names = map[string]string{automatic: ""}
	titles := []string{automatic}
	for _, name := range render.Names(signed) {
		m, _ := render.Colors(name)
		p.names[m.Title] = name
		titles = append(titles, m.Title)
	}
	p.colors.SetOptions(titles)
}

func signTable() [][2]string {
	return [][2]string{
		{"all", "everything"}, {"positive", "supporting"}, {"negative", "opposing"}, {"absolute", "magnitude"},
	}
}

func signTitles() []string {
	var titles []string
	for _, row := range signTable() {
		titles = append(titles, row[1])
	}
	return titles
}

func signTitle(name string) string {
	for _, row := range signTable() {
		if row[0] == name {
			return row[1]
		}
	}
	return signTable()[0][1]
}

func signName(title string) string {
	for _, row := range signTable() {
		if row[1] == title {
			return row[0]
		}
	}
	return signTable()[0][0]
}
