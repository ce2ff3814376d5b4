package compare

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"picasso/ui/control"
	"picasso/ui/control/comparison"
	"picasso/ui/widgets"
)

// tableSide chooses the method of the results table, and says what is in it.
type tableSide struct {
	c      *control.Controller
	box    fyne.CanvasObject
	method *methodChoice
	about  *widget.Label
}

func newTableSide(h Host, c *control.Controller, m *comparison.Controller) *tableSide {
	p := &tableSide{c: c, method: newMethodChoice(h, m), about: widgets.Faint("")}
	p.about.Wrapping = fyne.TextWrapWord
	hands := widgets.Faint("A click on a map opens the picture in Explain, with that class; a click on a picture opens it as it is explained there. Rows on the screen are computed first.")
	hands.Wrapping = fyne.TextWrapWord
	p.box = container.NewVScroll(widgets.Roomy(container.NewVBox(
		widgets.Heading("METHOD, WITH ITS PRESENT SETTINGS"), p.method.choice, widget.NewSeparator(),
		widgets.Heading("CLASSES"), p.about, hands)))
	return p
}

func (p *tableSide) show() {
	p.method.show()
	text := ""
	if s := p.c.State(); s.Grid != nil && s.Model != nil {
		n := min(control.GridClasses, s.Model.Classes())
		text = fmt.Sprintf("Each picture has its own %d best classes, best first.", n)
		if n == 1 {
			text = "The model has one answer; each picture has its map."
		}
	}
	p.about.SetText(text)
}
