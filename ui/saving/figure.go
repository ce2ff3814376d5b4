// Package saving asks how maps leave the program: as figures with their numbers, or
// as DICOM objects for an archive.
package saving

import (
	"fmt"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"picasso/ui/control/settings"
	"picasso/ui/widgets"
)

// FigureForm asks how a map is saved or copied.
type FigureForm struct {
	Box               fyne.CanvasObject
	width, paper      *widgets.Select
	beside, vectorial *widget.Check
}

// papers are the choices of the form, light first.
var papers = []string{"light, for reports", "dark, for slides"}

// NewFigureForm shows choices. copied gets those of the moment when the user
// would rather have the figure on the clipboard.
func NewFigureForm(f settings.Figure, copied func(settings.Figure)) *FigureForm {
	form := &FigureForm{
		width: widgets.NewSelect(nil, nil), paper: widgets.NewSelect(papers, nil),
		beside:    widget.NewCheck("the picture alone beside the one with the map", nil),
		vectorial: widget.NewCheck("also as SVG, with text that can be edited", nil),
	}
	for _, w := range settings.FigureWidths() {
		form.width.Options = append(form.width.Options, widthTitle(w))
	}
	form.width.SetSelected(widthTitle(f.Width))
	form.paper.SetSelectedIndex(map[bool]int{false: 0, true: 1}[f.Dark])
	form.beside.SetChecked(f.Beside)
	form.vectorial.SetChecked(f.SVG)
	about := widget.NewLabel("Saves a figure with picture, map, colour bar, answer and finding as PNG; beside it the numbers as NPY, and model, preparation, scores and settings as JSON.")
	about.Wrapping = fyne.TextWrapWord
	form.Box = container.NewVBox(about,
		widget.NewForm(widget.NewFormItem("Width", form.width), widget.NewFormItem("Paper", form.paper),
			widget.NewFormItem("", form.beside), widget.NewFormItem("", form.vectorial)),
		widgets.Padded(container.NewHBox(widget.NewButtonWithIcon("Copy the figure instead", theme.ContentCopyIcon(), func() { copied(form.Chosen()) }))))
	return form
}

func widthTitle(w int) string { return fmt.Sprintf("%d pixels", w) }

// Chosen are the choices now.
func (f *FigureForm) Chosen() settings.Figure {
	i := max(0, slices.Index(f.width.Options, f.width.Selected))
	return settings.Figure{
		Width: settings.FigureWidths()[i], Dark: f.paper.SelectedIndex() == 1, Beside: f.beside.Checked, SVG: f.vectorial.Checked,
	}
}
