package modelcard

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"picasso/ui/control"
	"picasso/ui/widgets"
)

// guesses say on the card what was guessed about how pictures are prepared, until
// the user has settled it.
type guesses struct {
	c    *control.Controller
	box  *fyne.Container
	text *widget.Label
}

func newGuesses(h Host, c *control.Controller) *guesses {
	g := &guesses{c: c, text: widgets.Faint("")}
	g.text.Importance = widget.WarningImportance
	g.text.Wrapping = fyne.TextWrapWord
	icon := widget.NewIcon(theme.NewColoredResource(theme.WarningIcon(), theme.ColorNameWarning))
	right := widget.NewButton("That is right", c.AgreeToGuesses)
	correct := widget.NewButton("Correct…", h.ShowPreparation)
	g.box = container.NewVBox(
		container.NewBorder(nil, nil, container.NewPadded(icon), nil, g.text),
		widgets.Padded(container.NewGridWithColumns(2, correct, right)))
	return g
}

// show says what is open about the model.
func (g *guesses) show() {
	card, _ := g.c.Known()
	list := card.Guesses()
	widgets.Visible(g.box, len(list) > 0 && g.c.State().Opening == nil)
	if len(list) > 0 {
		g.text.SetText("Guessed: " + strings.Join(list, ", ") + ". Nothing states how pictures are prepared.")
	}
}
