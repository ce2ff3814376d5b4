package ui

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"picasso/ui/control"
	"picasso/ui/widgets"
	"picasso/ui/words"
	"picasso/visualizers"
)

// statusBar tells what is going on and stops it.
type statusBar struct {
	c        *control.Controller
	box      fyne.CanvasObject
	progress *widget.ProgressBar
	text     *widget.Label
	stop     *widget.Button
	busy     *fyne.Container // what shows only while something runs
	provider *widget.Label
	tip      string
}

func newStatusBar(c *control.Controller) *statusBar {
	b := &statusBar{c: c, progress: widget.NewProgressBar(), text: widgets.Faint(""), provider: widgets.Faint("")}
	b.progress.TextFormatter = func() string { return "" }
	b.text.Truncation = fyne.TextTruncateEllipsis
	b.stop = widget.NewButtonWithIcon("Stop", theme.MediaStopIcon(), c.Stop)
	left := container.NewHBox(widgets.AtLeast(150, 0, container.NewPadded(b.progress)), b.stop)
	b.busy = left
	room := left.MinSize().Height // always, so that nothing moves when work begins and ends
	b.box = container.NewVBox(widget.NewSeparator(), widgets.AtLeast(0, room, container.NewBorder(nil, nil, left, b.provider, b.text)))
	return b
}

// hint shows help on what is under the pointer; "" goes back to the progress.
func (b *statusBar) hint(text string) {
	b.tip = text
	b.show()
}

// Draws are what the bar draws.
func (b *statusBar) Draws() []control.Draw {
	return []control.Draw{control.On(b.show, control.ModelChanged, control.LookChanged, control.MovedChanged, control.TabChanged, control.PanelsChanged,
		control.PanelChanged, control.WalkChanged, control.GridChanged,
		control.CoverChanged, control.PlanesChanged, control.ComparisonChanged, control.InsideChanged, control.AuditChanged, control.FilmChanged)}
}

func (b *statusBar) show() {
	s := b.c.State()
	share, text := activity(s)
	if done, doing, ok := b.c.Doing(); ok {
		share, text = done, doing
	}
	busy := b.c.Busy()
	b.progress.SetValue(share)
	widgets.Visible(b.busy, busy)
	if b.tip != "" {
		text = b.tip
	}
	if b.text.Text != text {
		b.text.SetText(text)
	}
	provider := ""
	if s.Model != nil {
		provider = s.About.Provider
	}
	if b.provider.Text != provider {
		b.provider.SetText(provider)
	}
}

// activity is the share of the work done and the work in words.
func activity(s *control.State) (share float64, text string) {
	p := s.Panel()
	switch {
	case s.Opening != nil:
		return 0, "Opening " + s.Opening.Path
	case s.Reading != nil:
		return 0, fmt.Sprintf("Searching the folder: %s so far", words.Count(s.Reading.Found, "picture", "pictures"))
	case s.Grid != nil && s.Grid.Done < len(s.Grid.Rows):
		return float64(s.Grid.Done) / float64(len(s.Grid.Rows)), fmt.Sprintf("%d of %d pictures in the table", s.Grid.Done, len(s.Grid.Rows))
	case s.Walk != nil:
		return float64(s.Walk.Done) / float64(s.Walk.Total), fmt.Sprintf("%s: %d of %d slices explained", s.Walk.Panel.Info.Title, s.Walk.Done, s.Walk.Total)
	case s.Looking && s.Moved.Of > 0:
		return float64(s.Moved.Done) / float64(s.Moved.Of), fmt.Sprintf("Moving the model over the volume: block %d of %d", s.Moved.Done, s.Moved.Of)
	case s.Looking:
		return 0, "Reading the picture"
	case s.Workspace != control.Explain: // whose method and keys are not those that are shown
		return 0, ""
	case p.Status == control.Running || p.Status == control.Waiting:
		return p.Progress.Done, running(p, s)
	case p.Status == control.Asking:
		return 0, p.Info.Title + " will take a while. Press Run below its settings to start it."
	case p.Status == control.Stopped:
		return p.Progress.Done, "Stopped. Press Ctrl+R to compute again."
	case p.Status == control.Ready && p.Progress.Passes > 1:
		return 1, fmt.Sprintf("%s: %s through the model", p.Info.Title, inputs(p.Progress.Passes, s))
	}
	return 0, ""
}

// running writes "143 of 196 images • 312/s • 0.2 s left • coarse grid".
func running(p *control.Panel, s *control.State) string {
	g := p.Progress
	switch {
	case g.Passes == 0 && g.Stage != "":
		return p.Info.Title + ": " + g.Stage
	case g.Passes == 0:
		return p.Info.Title
	}
	var parts []string
	if g.Total > 0 {
		parts = append(parts, fmt.Sprintf("%d of %s", g.Passes, inputs(g.Total, s)))
	} else {
		parts = append(parts, inputs(g.Passes, s))
	}
	if g.Rate > 0 {
		parts = append(parts, rate(g.Rate))
	}
	if g.Left > 0 {
		parts = append(parts, visualizers.Spoken(g.Left)+" left")
	}
	if g.Stage != "" {
		parts = append(parts, g.Stage)
	}
	return strings.Join(parts, " • ")
}

// inputs counts pictures, or volumes where the model takes these.
func inputs(n int, s *control.State) string {
	solid := s.Model != nil && visualizers.DepthOf(s.Model) > 0
	return fmt.Sprint(n, " ", visualizers.Inputs(n, solid))
}

func rate(perSecond float64) string {
	if perSecond < 10 {
		return fmt.Sprintf("%.1f/s", perSecond)
	}
	return fmt.Sprintf("%.0f/s", perSecond)
}
