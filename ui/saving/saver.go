package saving

import (
	"bytes"
	"context"
	"errors"
	"path/filepath"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/widget"

	"picasso/ui/control"
	"picasso/ui/control/archive"
	"picasso/ui/control/pages"
	"picasso/ui/control/settings"
	"picasso/ui/control/sweep"
	"picasso/ui/control/task"
	"picasso/ui/pageform"
	"picasso/ui/report"
	"picasso/ui/widgets"
)

// Clipboard takes pictures for other programs.
type Clipboard interface {
	// CopyPicture puts a PNG file on the clipboard. It may block for a moment and
	// is called on a goroutine of its own.
	CopyPicture(png []byte) error
}

// Host is the window around the questions.
type Host interface {
	Window() fyne.Window
	Hint(text string)
	Do(f func())
	// Over shows a dialog over the window, and Close closes it.
	Over(d dialog.Dialog)
	Close()
	Ask(q widgets.Question, use func(path string))
	Replacing(files []string, do func())
	// Clipboard takes figures; it is nil where there is none.
	Clipboard() Clipboard
}

// Saver asks how and where something is to be saved, and has it saved.
type Saver struct {
	host     Host
	c        *control.Controller
	archive  *archive.Controller
	sweep    *sweep.Controller
	pages    *pages.Controller
	reported func() (report.Subject, report.Shown, error)
	copying  *task.Task // puts figures on the clipboard
	program  string
}

// New makes a saver of maps as reported gives them, with what is drawn on the picture.
// program is named in DICOM objects, with its version.
func New(h Host, c *control.Controller, p *pages.Controller, reported func() (report.Subject, report.Shown, error), program string) *Saver {
	return &Saver{host: h, c: c, archive: archive.New(c), sweep: sweep.New(c), pages: p, reported: reported, copying: c.NewTask(), program: program}
}

// Map asks how the current map is to be saved, and where.
func (s *Saver) Map() {
	subject, shown, err := s.reported()
	if err != nil {
		s.c.Tell("save the map", err)
		return
	}
	var d dialog.Dialog
	form := NewFigureForm(s.c.Settings().Figures(), func(chosen settings.Figure) {
		d.Hide()
		s.c.Settings().Figure = chosen
		s.copyFigure(subject, shown)
	})
	d = dialog.NewCustomConfirm("Save this map", "Save…", "Cancel", form.Box, func(on bool) {
		if on {
			s.c.Settings().Figure = form.Chosen()
			s.saveFigure(subject, shown)
		}
	}, s.host.Window())
	d.Resize(fyne.NewSize(560, 0))
	s.host.Over(d)
}

// saveFigure asks for a name and saves a map with its figure.
func (s *Saver) saveFigure(subject report.Subject, shown report.Shown) {
	form := s.c.Settings().Figures()
	name := s.c.State().Look.FileName() + "-" + shown.Visualizer.Info().ID
	s.host.Ask(widgets.Question{Title: "Save this map as PNG, NPY and JSON", Kind: "Pictures", Extensions: []string{"png"}, Save: name + ".png"}, func(path string) {
		s.host.Replacing(control.ExportFiles(path, form.SVG), func() { s.c.Export(path, subject, shown, form) })
	})
}

// Copy puts the figure of the current map on the clipboard, as it was last
// saved or copied.
func (s *Saver) Copy() {
	subject, shown, err := s.reported()
	if err != nil {
		s.c.Tell("copy the map", err)
		return
	}
	s.copyFigure(subject, shown)
}

func (s *Saver) copyFigure(subject report.Subject, shown report.Shown) {
	board, form := s.host.Clipboard(), s.c.Settings().Figures()
	task.Start(s.copying, func(context.Context, func(func())) (struct{}, error) {
		if board == nil {
			return struct{}{}, errors.New("this system has no clipboard for pictures; save the figure instead")
		}
		var png bytes.Buffer
		if err := subject.Figure(shown).Write(&png, "figure.png", form.Paper(), form.Width); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, board.CopyPicture(png.Bytes())
	}, func(_ struct{}, err error) {
		if err != nil {
			s.c.Tell("copy the map", err)
			return
		}
		s.host.Hint("The figure is on the clipboard.")
	})
}

// Predictions asks for a name and saves what the model says of the pictures
// in the list.
func (s *Saver) Predictions() {
	if s.c.State().Model == nil || len(s.c.State().Listed) == 0 {
		s.c.ExportPredictions("") // tells why not
		return
	}
	s.host.Ask(widgets.Question{Title: "Save the predictions as CSV", Kind: "Tables", Extensions: []string{"csv"}, Save: "predictions.csv"}, func(path string) {
		if filepath.Ext(path) == "" {
			path += ".csv"
		}
		s.host.Replacing([]string{path}, func() { s.c.ExportPredictions(path) })
	})
}

// Report asks what a report is about and where it goes, and makes it.
func (s *Saver) Report() {
	choices := s.pages.Choices()
	if len(choices) == 0 {
		s.c.Tell("make a report", pages.ErrNothing)
		return
	}
	var d dialog.Dialog
	form := pageform.New(choices, func() { d.Hide() })
	d = dialog.NewCustomConfirm("Report", "Save…", "Cancel", form.Box, func(on bool) {
		if !on {
			return
		}
		kind := form.Extension()
		s.host.Ask(widgets.Question{Title: "Save the report", Kind: "Reports", Extensions: []string{kind}, Save: "report." + kind}, func(path string) {
			s.host.Replacing(s.pages.Files(form.Scope(), path), func() { s.pages.Write(form.Scope(), path, form.Note()) })
		})
	}, s.host.Window())
	d.Resize(fyne.NewSize(640, 0))
	s.host.Over(d)
}

// Film asks which setting moves in a film of the map, and where the film goes.
func (s *Saver) Film() {
	list := s.sweep.Settings()
	if len(list) == 0 {
		s.host.Hint("This method has no setting that is a number.")
		return
	}
	if _, _, err := s.c.Reported(); err != nil {
		s.c.Tell("make a film", err)
		return
	}
	var titles []string
	for _, s := range list {
		titles = append(titles, s.Label())
	}
	which := widgets.NewSelect(titles, nil)
	which.SetSelectedIndex(0)
	item := widget.NewFormItem("Setting", which)
	item.HintText = "the map is made anew for up to 12 of its values, on one colour scale"
	s.host.Over(dialog.NewForm("Film of a setting", "Choose a file…", "Cancel", []*widget.FormItem{item}, func(ok bool) {
		if at := which.SelectedIndex(); ok && at >= 0 {
			s.host.Ask(widgets.Question{Title: "Save the film as GIF", Kind: "Film", Extensions: []string{"gif"}, Save: "film.gif"}, func(path string) {
				s.sweep.Save(path, list[at].Key())
			})
		}
	}, s.host.Window()))
}
