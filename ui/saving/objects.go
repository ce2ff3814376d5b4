package saving

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"

	"picasso/backend/mask"
	"picasso/ui/control"
	"picasso/ui/control/archive"
	"picasso/ui/report"
	"picasso/ui/report/pacs"
	"picasso/ui/widgets"
)

// DICOM asks which DICOM objects are made of the current map, and where they
// go.
func (s *Saver) DICOM() {
	subject, shown, err := s.reported()
	if err != nil {
		s.c.Tell("export as DICOM", err)
		return
	}
	regions := s.c.Regions()
	scope, more := s.archive.Scope(subject, shown)
	if !more {
		scope.Text = ""
	}
	drawn := regions != nil || more && len(scope.Regions) > 0
	form := NewDICOMForm(pacs.Placeable(subject.Picture), scope.Text, drawn, func() { s.host.Close() })
	var d dialog.Dialog
	d = dialog.NewCustomConfirm("Export this map as DICOM", "Export…", "Cancel", form.Box, func(on bool) {
		if !on {
			return
		}
		o, with, err := form.Chosen()
		if form.Fault(err); err != nil {
			s.host.Do(func() { s.host.Over(d) }) // again, once it has closed
			return
		}
		figure := s.c.Settings().Figures()
		o.Paper, o.Width, o.Many, o.Made = figure.Paper(), figure.Width, min(figure.Width, widthOfMany), time.Now()
		o.Program = s.program
		if form.All() {
			s.saveVolume(subject, shown, o, scope, with && len(scope.Regions) > 0)
			return
		}
		if !with {
			regions = nil
		}
		s.saveDICOM(subject, shown, o, regions)
	}, s.host.Window())
	d.Resize(fyne.NewSize(680, 0))
	s.host.Over(d)
}

// widthOfMany is how wide figures of slices are at most, of which there may be hundreds.
const widthOfMany = 800

// saveVolume asks for a name and writes DICOM objects of all slices that have a map.
func (s *Saver) saveVolume(subject report.Subject, shown report.Shown, o pacs.Options, scope archive.Scope, regions bool) {
	name := "volume-" + shown.Visualizer.Info().ID + ".dcm"
	s.host.Ask(widgets.Question{Title: "Export the maps of all slices as DICOM", Kind: "DICOM", Extensions: []string{"dcm"}, Save: name}, func(path string) {
		s.host.Replacing(archive.Files(path, o, scope, regions), func() { s.archive.Export(path, subject, shown, o, scope, regions) })
	})
}

// saveDICOM asks for a name and writes DICOM objects.
func (s *Saver) saveDICOM(subject report.Subject, shown report.Shown, o pacs.Options, regions *mask.Regions) {
	name := "map-" + shown.Visualizer.Info().ID + ".dcm"
	if k := s.c.State().Look; k != nil {
		name = k.FileName() + "-" + shown.Visualizer.Info().ID + ".dcm"
	}
	s.host.Ask(widgets.Question{Title: "Export this map as DICOM", Kind: "DICOM", Extensions: []string{"dcm"}, Save: name}, func(path string) {
		s.host.Replacing(control.DICOMFiles(path, o, regions != nil), func() { s.c.ExportDICOM(path, subject, shown, o, regions) })
	})
}
