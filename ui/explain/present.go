package explain

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"picasso/ui/scanpane"
	"picasso/ui/widgets"
)

// stage is what is shown to an audience: the answer, the picture under the map
// with its bar, and the finding.
type stage struct {
	box    *fyne.Container
	ground *canvas.Rectangle
	answer *answerLine
	target *widget.Label
	strip  *widget.Label // over scans
}

// Present is the stage, over all else. It borrows the picture of the workspace
// until [Workspace.Leave].
func (w *Workspace) Present() fyne.CanvasObject {
	g := &stage{answer: newAnswerLine(w.c), target: widget.NewLabel(""), strip: scanpane.NewStrip(), ground: canvas.NewRectangle(theme.Color(theme.ColorNameBackground))}
	g.target.Truncation = fyne.TextTruncateEllipsis
	finding := container.NewVScroll(w.Picture.stage)
	finding.SetMinSize(fyne.NewSize(0, 64))
	head := container.NewVBox(g.answer.box, container.NewBorder(nil, nil, nil, g.strip, g.target))
	g.box = container.NewStack(g.ground, container.NewPadded(container.NewBorder(head, finding, nil, nil, w.Picture.sight)))
	w.stage = g
	w.showStage()
	return g.box
}

// Leave gives the picture back to the workspace.
func (w *Workspace) Leave() {
	w.stage = nil
	w.Picture.top.Refresh()
}

// showStage writes answer and target for the audience.
func (w *Workspace) showStage() {
	if w.stage == nil {
		return
	}
	s := w.c.State()
	w.stage.answer.show()
	text := explaining(s)
	if of := answerOf(s); of != "" {
		text = "The answer " + of + ". " + text
	}
	if s.Look.Answered() {
		text += " " + s.Panel().Info.Title + ", " + s.Look.Name
	}
	w.stage.target.SetText(text)
	widgets.Visible(w.stage.strip, s.Scan())
	w.stage.ground.FillColor = theme.Color(theme.ColorNameBackground)
	w.stage.ground.Refresh()
}
