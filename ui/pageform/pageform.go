// Package pageform asks what a report is about.
package pageform

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"picasso/ui/control/pages"
	"picasso/ui/widgets"
)

// Form asks for the scope of a report, its form and a note.
type Form struct {
	Box   fyne.CanvasObject
	list  []pages.Choice
	scope *widget.RadioGroup
	pdf   *widget.RadioGroup
	note  *widgets.Entry
	said  *widget.Label
}

// Forms of a report.
const (
	asHTML = "HTML, for the screen and the printer"
	asPDF  = "PDF"
)

// New makes a form with the choices there are, of which there must be one. escape is
// called for Esc in a field.
func New(list []pages.Choice, escape func()) *Form {
	f := &Form{list: list, said: widgets.Faint(""), note: widgets.NewEntry(escape)}
	f.said.Wrapping = fyne.TextWrapWord
	var titles []string
	for _, one := range list {
		titles = append(titles, one.Title)
	}
	f.scope = widget.NewRadioGroup(titles, func(string) { f.say() })
	f.scope.Required = true
	f.scope.SetSelected(titles[0])
	f.pdf = widget.NewRadioGroup([]string{asHTML, asPDF}, nil)
	f.pdf.Required, f.pdf.Horizontal = true, true
	f.pdf.SetSelected(asHTML)
	f.note.SetPlaceHolder("A note of yours, on every page")
	f.Box = container.NewVBox(f.scope, f.said, f.pdf, f.note)
	return f
}

// chosen is the choice of the form.
func (f *Form) chosen() pages.Choice {
	for _, one := range f.list {
		if one.Title == f.scope.Selected {
			return one
		}
	}
	return f.list[0]
}

// say tells what the choice costs and leaves out.
func (f *Form) say() {
	one := f.chosen()
	text := "Everything on the page is there already."
	if one.Scope == pages.Listed {
		text = "Each picture is explained anew."
	}
	if one.Cost != "" {
		text = "Each picture is explained anew: " + one.Cost + "."
	}
	if one.Note != "" {
		text += " " + one.Note
	}
	f.said.SetText(text)
}

// Scope is what the report is about.
func (f *Form) Scope() pages.Scope { return f.chosen().Scope }

// Note is the user's own.
func (f *Form) Note() string { return f.note.Text }

// Extension is the form of the report as the end of a file's name, without the dot.
func (f *Form) Extension() string {
	if f.pdf.Selected == asPDF {
		return "pdf"
	}
	return "html"
}
