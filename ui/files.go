package ui

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/driver"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/widget"

	"picasso/backend/mask"
	"picasso/ui/control"
	"picasso/ui/control/archive"
	"picasso/ui/control/pages"
	"picasso/ui/control/settings"
	"picasso/ui/control/survey"
	"picasso/ui/control/task"
	"picasso/ui/pageform"
	"picasso/ui/report"
	"picasso/ui/report/pacs"
	"picasso/ui/saving"
	"picasso/ui/widgets"
	"picasso/ui/words"
)

func (w *Window) chooseModel() {
	w.ask(widgets.Question{Title: "Open a model", Kind: "ONNX models", Extensions: []string{"onnx"}}, func(path string) { w.c.Drop([]string{path}) })
}

func (w *Window) chooseCheckpoints() {
	w.ask(widgets.Question{Title: "Follow a folder of checkpoints", Folder: true}, w.c.Watch)
}

func (w *Window) chooseImages() {
	w.ask(widgets.Question{Title: "Add a picture", Kind: "Pictures", Extensions: widgets.ImageExtensions()}, func(path string) { w.c.Drop([]string{path}) })
}

func (w *Window) chooseFolder() {
	w.ask(widgets.Question{Title: "Add a folder of pictures", Folder: true}, func(path string) { w.c.Drop([]string{path}) })
}

// sessionFiles is a question for a session's file.
func sessionFiles(title, save string) widgets.Question {
	return widgets.Question{Title: title, Kind: "Sessions", Extensions: []string{"picasso"}, Save: save}
}

func (w *Window) openSession() {
	w.ask(sessionFiles("Open a session", ""), func(path string) { w.c.OpenSession(path, "") })
}

func (w *Window) saveSession() {
	w.ask(sessionFiles("Save the session", "session.picasso"), func(path string) { w.c.SaveSession(path, false) })
}

// findSession looks for the files that a session lacks where the user says.
func (w *Window) findSession() {
	lacking := w.c.State().Lacking
	if lacking == "" {
		w.c.Say("All files of the session are here.")
		return
	}
	w.ask(widgets.Question{Title: "Folder with the files of the session", Folder: true}, func(path string) { w.c.OpenSession(lacking, path) })
}

func (w *Window) chooseLabels() {
	w.ask(widgets.LabelQuestion(), func(path string) { w.c.Drop([]string{path}) })
}

// exportMap asks how the current map is to be saved, and where; in the workspace
// Compare it saves what that shows.
func (w *Window) exportMap() {
	if w.c.State().Workspace == control.Compare {
		w.compare.Save()
		return
	}
	subject, shown, err := w.explain.Picture.Reported()
	if err != nil {
		w.c.Tell("save the map", err)
		return
	}
	var d dialog.Dialog
	form := saving.NewFigureForm(w.c.Settings().Figures(), func(chosen settings.Figure) {
		d.Hide()
		w.c.Settings().Figure = chosen
		w.copyFigure(subject, shown)
	})
	d = dialog.NewCustomConfirm("Save this map", "Save…", "Cancel", form.Box, func(on bool) {
		if on {
			w.c.Settings().Figure = form.Chosen()
			w.saveFigure(subject, shown)
		}
	}, w.win)
	d.Resize(fyne.NewSize(560, 0))
	w.over(d)
}

// exportDICOM asks which DICOM objects are made of the current map, and where they
// go.
func (w *Window) exportDICOM() {
	subject, shown, err := w.explain.Picture.Reported()
	if err != nil {
		w.c.Tell("export as DICOM", err)
		return
	}
	regions := w.c.Regions()
	scope, more := w.archive.Scope(subject, shown)
	if !more {
		scope.Text = ""
	}
	drawn := regions != nil || more && len(scope.Regions) > 0
	form := saving.NewDICOMForm(pacs.Placeable(subject.Picture), scope.Text, drawn, func() { w.panel.Hide() })
	var d dialog.Dialog
	d = dialog.NewCustomConfirm("Export this map as DICOM", "Export…", "Cancel", form.Box, func(on bool) {
		if !on {
			return
		}
		o, with, err := form.Chosen()
		if form.Fault(err); err != nil {
			w.do(func() { w.over(d) }) // again, once it has closed
			return
		}
		figure := w.c.Settings().Figures()
		o.Paper, o.Width, o.Many, o.Made = figure.Paper(), figure.Width, min(figure.Width, widthOfMany), time.Now()
		o.Program = strings.Replace(firstLine(w.params.Version), "picasso", "Picasso", 1)
		if form.All() {
			w.saveVolume(subject, shown, o, scope, with && len(scope.Regions) > 0)
			return
		}
		if !with {
			regions = nil
		}
		w.saveDICOM(subject, shown, o, regions)
	}, w.win)
	d.Resize(fyne.NewSize(680, 0))
	w.over(d)
}

// widthOfMany is how wide figures of slices are at most, of which there may be hundreds.
const widthOfMany = 800

// saveVolume asks for a name and writes DICOM objects of all slices that have a map.
func (w *Window) saveVolume(subject report.Subject, shown report.Shown, o pacs.Options, scope archive.Scope, regions bool) {
	name := "volume-" + shown.Visualizer.Info().ID + ".dcm"
	w.ask(widgets.Question{Title: "Export the maps of all slices as DICOM", Kind: "DICOM", Extensions: []string{"dcm"}, Save: name}, func(path string) {
		w.replacing(archive.Files(path, o, scope, regions), func() { w.archive.Export(path, subject, shown, o, scope, regions) })
	})
}

// saveDICOM asks for a name and writes DICOM objects.
func (w *Window) saveDICOM(subject report.Subject, shown report.Shown, o pacs.Options, regions *mask.Regions) {
	name := "map-" + shown.Visualizer.Info().ID + ".dcm"
	if k := w.c.State().Look; k != nil {
		name = k.FileName() + "-" + shown.Visualizer.Info().ID + ".dcm"
	}
	w.ask(widgets.Question{Title: "Export this map as DICOM", Kind: "DICOM", Extensions: []string{"dcm"}, Save: name}, func(path string) {
		w.replacing(control.DICOMFiles(path, o, regions != nil), func() { w.c.ExportDICOM(path, subject, shown, o, regions) })
	})
}

// saveFigure asks for a name and saves a map with its figure.
func (w *Window) saveFigure(subject report.Subject, shown report.Shown) {
	s, form := w.c.State(), w.c.Settings().Figures()
	name := s.Look.FileName() + "-" + shown.Visualizer.Info().ID
	w.ask(widgets.Question{Title: "Save this map as PNG, NPY and JSON", Kind: "Pictures", Extensions: []string{"png"}, Save: name + ".png"}, func(path string) {
		w.replacing(control.ExportFiles(path, form.SVG), func() { w.c.Export(path, subject, shown, form) })
	})
}

// report asks what a report is about and where it goes, and makes it.
func (w *Window) report() {
	choices := w.pages.Choices()
	if len(choices) == 0 {
		w.c.Tell("make a report", pages.ErrNothing)
		return
	}
	var d dialog.Dialog
	form := pageform.New(choices, func() { d.Hide() })
	d = dialog.NewCustomConfirm("Report", "Save…", "Cancel", form.Box, func(on bool) {
		if !on {
			return
		}
		kind := form.Extension()
		w.ask(widgets.Question{Title: "Save the report", Kind: "Reports", Extensions: []string{kind}, Save: "report." + kind}, func(path string) {
			w.replacing(w.pages.Files(form.Scope(), path), func() { w.pages.Write(form.Scope(), path, form.Note()) })
		})
	}, w.win)
	d.Resize(fyne.NewSize(640, 0))
	w.over(d)
}

// versionNumber is the program's version without its name and what it is made of.
func versionNumber(version string) string {
	line := firstLine(version)
	if _, number, ok := strings.Cut(line, " "); ok {
		return number
	}
	return line
}

// copyMap puts the figure of the current map on the clipboard, as it was last
// saved or copied.
func (w *Window) copyMap() {
	subject, shown, err := w.explain.Picture.Reported()
	if err != nil {
		w.c.Tell("copy the map", err)
		return
	}
	w.copyFigure(subject, shown)
}

func (w *Window) copyFigure(subject report.Subject, shown report.Shown) {
	board, form := w.params.Clipboard, w.c.Settings().Figures()
	task.Start(w.copying, func(context.Context, func(func())) (struct{}, error) {
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
			w.c.Tell("copy the map", err)
			return
		}
		w.hint("The figure is on the clipboard.")
	})
}

// replacing asks before files that are there are replaced, and names all that
// will be written. The dialog of the system knows of the first one only.
func (w *Window) replacing(paths []string, write func()) {
	var there, all []string
	for _, path := range paths {
		all = append(all, filepath.Base(path))
		if exists(path) {
			there = append(there, filepath.Base(path))
		}
	}
	if len(there) == 0 {
		write()
		return
	}
	text := widget.NewLabel(fmt.Sprintf("%s will be written to %s.\n\nAlready there, and lost if you go on: %s.",
		few(all), filepath.Dir(paths[0]), few(there)))
	text.Wrapping = fyne.TextWrapWord
	d := dialog.NewCustomConfirm("Replace files?", "Replace", "Cancel", text, func(on bool) {
		if on {
			write()
		}
	}, w.win)
	d.Resize(fyne.NewSize(520, 220))
	w.over(d)
}

// few lists names, of many only the first ones and the last.
func few(names []string) string {
	const most = 5
	if n := len(names); n > most {
		return fmt.Sprintf("%s, … %s (%d files)", strings.Join(names[:most-2], ", "), names[n-1], n)
	}
	return strings.Join(names, ", ")
}

// exportPredictions asks for a name and saves what the model says of the images
// in the list.
func (w *Window) exportPredictions() {
	if w.c.State().Model == nil || len(w.c.State().Listed) == 0 {
		w.c.ExportPredictions("") // tells why not
		return
	}
	w.ask(widgets.Question{Title: "Save the predictions as CSV", Kind: "Tables", Extensions: []string{"csv"}, Save: "predictions.csv"}, func(path string) {
		if filepath.Ext(path) == "" {
			path += ".csv"
		}
		w.replacing([]string{path}, func() { w.c.ExportPredictions(path) })
	})
}

// ask shows one dialog at a time and hands the answer to use, on the window's
// goroutine. The system's dialogs never run there: they would freeze it.
func (w *Window) ask(q widgets.Question, use func(path string)) {
	if w.asking {
		return
	}
	w.asking = true
	answered := func(path string, err error) {
		w.asking = false
		if err != nil {
			w.c.Tell("show the file dialog", err)
			return
		}
		if path != "" {
			w.folder = filepath.Dir(path)
			use(path)
		}
	}
	if c := w.params.Chooser; c != nil && c.Available() {
		folder := w.folder
		w.attach(c)
		task.Start(w.tasks.New(), func(context.Context, func(func())) (string, error) { return native(c, q, folder) }, answered)
		return
	}
	w.askFyne(q, answered)
}

// attach makes the dialogs of c children of the window, where both know how.
func (w *Window) attach(c Chooser) {
	child, attachable := c.(interface{ Attach(window uintptr) })
	native, ok := w.win.(driver.NativeWindow)
	if !attachable || !ok {
		return
	}
	native.RunNative(func(context any) {
		if x, ok := context.(driver.X11WindowContext); ok {
			child.Attach(x.WindowHandle)
		}
	})
}

func native(c Chooser, q widgets.Question, folder string) (string, error) {
	switch {
	case q.Folder:
		return c.Folder(q.Title, folder)
	case q.Save != "":
		return c.Save(q.Title, q.Save, q.Extensions, folder)
	}
	return c.Open(q.Title, q.Kind, q.Extensions, folder)
}

// askFyne is the dialog for systems that have none of their own.
func (w *Window) askFyne(q widgets.Question, answered func(string, error)) {
	var d interface {
		dialog.Dialog
		SetLocation(fyne.ListableURI)
	}
	switch {
	case q.Folder:
		d = dialog.NewFolderOpen(func(u fyne.ListableURI, err error) {
			if u == nil {
				answered("", err)
				return
			}
			answered(u.Path(), err)
		}, w.win)
	case q.Save != "":
		// Fyne's own dialog for saving empties the file that is chosen.
		d = dialog.NewFolderOpen(func(u fyne.ListableURI, err error) {
			if u == nil {
				answered("", err)
				return
			}
			w.askName(q, u.Path(), answered)
		}, w.win)
	default:
		open := dialog.NewFileOpen(func(f fyne.URIReadCloser, err error) {
			if f == nil {
				answered("", err)
				return
			}
			answered(f.URI().Path(), f.Close())
		}, w.win)
		open.SetFilter(storage.NewExtensionFileFilter(dotted(q.Extensions)))
		d = open
	}
	if here, err := storage.ListerForURI(storage.NewFileURI(w.folder)); w.folder != "" && err == nil {
		d.SetLocation(here)
	}
	d.Resize(fyne.NewSize(820, 560))
	w.over(d)
}

// askName asks what a file in a folder is to be called.
func (w *Window) askName(q widgets.Question, folder string, answered func(string, error)) {
	name := widgets.NewEntry(nil)
	name.OnSubmitted = func(string) { w.press() }
	name.SetText(q.Save)
	d := dialog.NewForm(q.Title, "Save", "Cancel", []*widget.FormItem{widget.NewFormItem("Name", name)}, func(on bool) {
		text := filepath.Base(strings.TrimSpace(name.Text))
		if !on || text == "." || text == string(filepath.Separator) {
			answered("", nil)
			return
		}
		answered(filepath.Join(folder, text), nil)
	}, w.win)
	d.Resize(fyne.NewSize(420, 160))
	w.over(d)
	w.win.Canvas().Focus(name)
}

func dotted(extensions []string) []string {
	var out []string
	for _, e := range extensions {
		out = append(out, "."+e, "."+strings.ToUpper(e))
	}
	return out
}

// dropped takes files from another program.
func (w *Window) dropped(uris []fyne.URI) {
	var paths []string
	for _, u := range uris {
		if u.Scheme() == "file" {
			paths = append(paths, u.Path())
		}
	}
	w.hideWelcome()
	if w.compare.Takes(paths) {
		return
	}
	if len(paths) > 0 {
		w.take(paths)
		return
	}
	w.c.Tell("use what was dropped", fmt.Errorf("only files and folders on this machine can be dropped; save the picture first"))
}

// take opens files and folders, of which one may hold an audit.
func (w *Window) take(paths []string) {
	if i := slices.IndexFunc(paths, survey.Holds); i >= 0 {
		w.goTo(control.Audit)
		w.survey.Open(paths[i])
		paths = slices.Delete(slices.Clone(paths), i, i+1)
	}
	if len(paths) > 0 {
		w.c.Drop(paths)
	}
}

// paste opens the paths on the clipboard.
func (w *Window) paste() {
	var paths []string
	for line := range strings.Lines(w.app.Clipboard().Content()) {
		if path := pastedPath(strings.TrimSpace(line)); path != "" {
			paths = append(paths, path)
		}
	}
	if len(paths) == 0 {
		w.hint("The clipboard does not contain the path of a file or folder.")
		return
	}
	w.take(paths)
}

// pastedPath reads a path or a file:// address; "" is neither.
func pastedPath(line string) string {
	line = strings.Trim(line, `"'`)
	if u, err := url.Parse(line); err == nil && u.Scheme == "file" {
		line = u.Path
	}
	if line == "" || !exists(line) {
		return ""
	}
	return line
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// openSample unpacks a sample and opens it.
func (w *Window) openSample(s Sample) {
	var model string
	var images []string
	w.aside("open the sample “"+s.Name+"”", func() (err error) {
		model, images, err = s.Unpack()
		return err
	}, func() {
		w.c.OpenSample(model, images, s.First, s.Slice)
		w.tellStory(s)
	})
}

// tellStory says what there is to see in a sample, with a way to the one that is
// best compared with it, and to all. The first story of all greets.
func (w *Window) tellStory(s Sample) {
	known := w.c.Settings()
	known.Story = s.Name
	text := s.Name + ". " + s.About
	if !known.Welcomed {
		known.Welcomed = true
		text = greeting + text
		w.hint(promise)
	}
	var offers []control.Offer
	for _, other := range w.params.Samples {
		if other.Name == s.Rival {
			offers = append(offers, control.Offer{Title: "Compare: " + other.Name, Take: func() { w.openSample(other) }})
		}
	}
	w.c.Say(text, append(offers, control.Offer{Title: "Samples…", Take: w.showWelcome})...)
}

// openSampleAgain opens the sample of the last time where it was left, with its
// story unless another model was open with its pictures.
func (w *Window) openSampleAgain() {
	s := w.c.Settings()
	own := len(s.Images) > 0 && strings.HasPrefix(s.Images[0], filepath.Dir(s.Model)+string(filepath.Separator))
	w.c.OpenSample(s.Model, slices.Clone(s.Images), lastShown(s), s.Slice)
	for _, sample := range w.params.Samples {
		if own && sample.Name == s.Story {
			w.tellStory(sample)
		}
	}
}

// lastShown is the picture, or the slice of a sample's series, that was looked at
// last.
func lastShown(s *settings.Settings) int {
	if i := slices.Index(s.Images, s.Shown); i >= 0 {
		return i
	}
	return s.Slice
}

// Open opens models, labels, pictures and folders as if they were dropped, and
// brings the window to the front. Unlike the other methods it may be called on
// any goroutine.
func (w *Window) Open(paths []string) {
	w.do(func() {
		if w.closed {
			return
		}
		if len(paths) > 0 {
			w.hideWelcome()
			w.c.Drop(paths)
		}
		w.win.RequestFocus()
	})
}

// extendMenus adds what changes: samples, recent models and the tabs.
func (w *Window) extendMenus() {
	file, ok := w.menus["File"]
	if !ok {
		return
	}
	var samples, recent []*fyne.MenuItem
	for _, s := range w.params.Samples {
		samples = append(samples, fyne.NewMenuItem(s.Name, func() { w.openSample(s) }))
	}
	for _, path := range w.c.Settings().Recent {
		recent = append(recent, fyne.NewMenuItem(words.Path(path), func() { w.c.Open(path) }))
	}
	file.Items = withSubmenu(file.Items, "Samples", samples)
	var sessions []*fyne.MenuItem
	for _, path := range w.c.Settings().Sessions {
		sessions = append(sessions, fyne.NewMenuItem(words.Path(path), func() { w.c.OpenSession(path, "") }))
	}
	file.Items = withSubmenu(file.Items, "Recent sessions", sessions)
	file.Items = withSubmenu(file.Items, "Recent models", recent)
	file.Refresh()
}

// withSubmenu replaces or inserts a submenu after the first items.
func withSubmenu(items []*fyne.MenuItem, title string, children []*fyne.MenuItem) []*fyne.MenuItem {
	for _, item := range items {
		if item.Label == title {
			item.ChildMenu.Items = children
			item.Disabled = len(children) == 0
			return items
		}
	}
	item := fyne.NewMenuItem(title, nil)
	item.ChildMenu = fyne.NewMenu(title, children...)
	item.Disabled = len(children) == 0
	const after = 5 // the items that open files
	at := min(after, len(items))
	return append(items[:at:at], append([]*fyne.MenuItem{item}, items[at:]...)...)
}

// filmSetting asks which setting moves in a film of the map, and where the film goes.
func (w *Window) filmSetting() {
	list := w.sweep.Settings()
	if len(list) == 0 {
		w.hint("This method has no setting that is a number.")
		return
	}
	if _, _, err := w.c.Reported(); err != nil {
		w.c.Tell("make a film", err)
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
	w.over(dialog.NewForm("Film of a setting", "Choose a file…", "Cancel", []*widget.FormItem{item}, func(ok bool) {
		if at := which.SelectedIndex(); ok && at >= 0 {
			w.ask(widgets.Question{Title: "Save the film as GIF", Kind: "Film", Extensions: []string{"gif"}, Save: "film.gif"}, func(path string) {
				w.sweep.Save(path, list[at].Key())
			})
		}
	}, w.win))
}
