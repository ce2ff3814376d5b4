package audit

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"picasso/backend/picture"
	"picasso/ui/control"
	"picasso/ui/control/survey"
	"picasso/ui/widgets"
	"picasso/ui/words"
)

// startPane sets an audit up and shows how far it is.
type startPane struct {
	host Host
	c    *control.Controller
	s    *survey.Controller
	box  fyne.CanvasObject

	pictures, labels, masks, out, why *widget.Label
	method                            *widgets.Select
	folders, noLabels, noMasks, temp  *widget.Button
	class                             *classChoice
	reading                           *labelReading
	form                              *fyne.Container
	begin                             *widget.Button
	running                           *fyne.Container
	bar                               *widget.ProgressBar
	progress                          *widget.Label
	halted                            *fyne.Container
	stopped                           *widget.Label
	notes                             *widget.Label
}

// automatic is the choice of the program.
const automatic = "Automatic"

func newStartPane(h Host, c *control.Controller, s *survey.Controller) *startPane {
	p := &startPane{host: h, c: c, s: s}
	intro := wrapped("An audit goes through many pictures and tells what the model relies on in all of them: where its maps lie, how many ways of deciding there are, and which properties of a picture tell the answer.")
	p.pictures, p.labels, p.masks, p.out, p.why, p.notes = cut(), cut(), cut(), cut(), wrapped(""), wrapped("")
	p.why.Importance, p.notes.Importance = widget.LowImportance, widget.LowImportance
	p.method = widgets.NewSelect(nil, p.choose)
	p.class, p.reading = newClassChoice(h, s), newLabelReading(h, s)
	p.form = container.NewVBox(
		widgets.Heading("PICTURES"), p.pictures,
		container.NewHBox(p.folderButton("Choose a folder…", "Folder of pictures", func(now *survey.Setup, path string) { now.Folder, now.Paths = path, nil }),
			widget.NewButton("The listed pictures", s.ChooseListed)),
		widgets.Heading("METHOD"), p.method, p.why,
		widgets.Heading("EXPLAINED CLASS"), p.class.box,
		widgets.Heading("LABELS"), p.labels, p.labelButtons(), p.reading.box,
		widgets.Heading("MASKS OF WHAT IS SHOWN"), p.masks, p.maskButtons(),
		widgets.Heading("KEPT IN"), p.out, p.outButtons(),
	)
	p.begin = widget.NewButtonWithIcon("Start", theme.MediaPlayIcon(), s.Start)
	p.begin.Importance = widget.HighImportance
	open := widget.NewButtonWithIcon("Open an audit…", theme.FolderOpenIcon(), func() {
		h.Ask(widgets.Question{Title: "Folder of an audit", Folder: true}, s.Open)
	})
	p.bar, p.progress = widget.NewProgressBar(), wrapped("")
	p.running = container.NewVBox(p.bar, p.progress, container.NewHBox(widget.NewButtonWithIcon("Stop", theme.MediaStopIcon(), c.Stop)))
	p.stopped = wrapped("")
	proceed := widget.NewButtonWithIcon("Continue", theme.MediaPlayIcon(), s.Continue)
	proceed.Importance = widget.HighImportance
	p.halted = container.NewVBox(p.stopped, container.NewHBox(proceed, widget.NewButton("Show what there is", s.ShowSoFar)))
	foot := container.NewVBox(p.running, p.halted, p.notes, container.NewHBox(p.begin, open))
	p.box = container.NewBorder(nil, container.NewVBox(widget.NewSeparator(), foot), nil, nil, container.NewVScroll(widgets.Roomy(container.NewVBox(intro, p.form))))
	return p
}

func (p *startPane) folderButton(title, asks string, set func(*survey.Setup, string)) *widget.Button {
	return widget.NewButton(title, func() {
		p.host.Ask(widgets.Question{Title: asks, Folder: true}, func(path string) {
			p.s.Choose(func(now *survey.Setup) { set(now, path) })
		})
	})
}

func (p *startPane) labelButtons() fyne.CanvasObject {
	p.folders = widget.NewButton("Names of folders", func() { p.s.Choose(func(now *survey.Setup) { now.Labels = survey.ByFolder }) })
	file := widget.NewButton("A file…", func() {
		p.host.Ask(widgets.Question{Title: "Labels of the pictures", Kind: "Labels", Extensions: []string{"csv", "tsv", "json", "txt"}}, func(path string) {
			p.s.Choose(func(now *survey.Setup) { now.Labels = path })
		})
	})
	yolo := p.folderButton("A YOLO data set…", "Folder of a YOLO data set", func(now *survey.Setup, path string) { now.Labels = path })
	p.noLabels = widget.NewButton("None", func() { p.s.Choose(func(now *survey.Setup) { now.Labels = "" }) })
	return container.NewHBox(p.folders, file, yolo, p.noLabels)
}

func (p *startPane) maskButtons() fyne.CanvasObject {
	p.noMasks = widget.NewButton("None", func() { p.s.Choose(func(now *survey.Setup) { now.Masks = "" }) })
	return container.NewHBox(p.folderButton("Choose a folder…", "Folder of masks, called like the pictures", func(now *survey.Setup, path string) { now.Masks = path }), p.noMasks)
}

func (p *startPane) outButtons() fyne.CanvasObject {
	p.temp = widget.NewButton("A temporary folder", func() { p.s.Choose(func(now *survey.Setup) { now.Out = "" }) })
	return container.NewHBox(p.folderButton("Choose a folder…", "Folder for the audit", func(now *survey.Setup, path string) { now.Out = path }), p.temp)
}

func (p *startPane) choose(title string) {
	id := ""
	for _, m := range p.s.State().Methods {
		if m.Title == title {
			id = m.ID
		}
	}
	if id != p.s.State().Setup.Method {
		p.s.Choose(func(now *survey.Setup) { now.Method = id })
	}
}

// show brings the pane up to date.
func (p *startPane) show() {
	st := p.s.State()
	p.showSetup(st)
	widgets.Visible(p.form, st.Progress == nil)
	widgets.Visible(p.running, st.Progress != nil)
	if st.Progress != nil {
		p.bar.SetValue(st.Progress.Share)
		text := st.Progress.Text
		if st.Failed > 0 {
			text += fmt.Sprintf("; %s cannot be explained", words.Count(st.Failed, "picture", "pictures"))
		}
		p.progress.SetText(text)
	}
	p.stopped.SetText(st.Halted)
	widgets.Visible(p.halted, st.Halted != "" && st.Progress == nil)
	p.notes.SetText(strings.Join(st.Notes, "\n"))
	widgets.Visible(p.notes, len(st.Notes) > 0)
	p.showBegin(st)
}

// showBegin offers to start; going on comes first where an audit was stopped.
func (p *startPane) showBegin(st *survey.State) {
	title, importance := "Start", widget.HighImportance
	if st.Halted != "" {
		title, importance = "Start anew", widget.MediumImportance
	}
	if p.begin.Text != title {
		p.begin.Text, p.begin.Importance = title, importance
		p.begin.Refresh()
	}
	widgets.Visible(p.begin, st.Progress == nil)
	if ready := p.s.Complete(); ready == p.begin.Disabled() {
		if ready {
			p.begin.Enable()
		} else {
			p.begin.Disable()
		}
	}
}

func (p *startPane) showSetup(st *survey.State) {
	setup := st.Setup
	switch {
	case p.c.State().Model == nil:
		p.pictures.SetText("Open a model first, then choose the pictures.")
	case p.s.Barred() != nil:
		p.pictures.SetText(words.Sentence(p.s.Barred().Error()))
	case !setup.Ready():
		p.pictures.SetText("Which pictures?")
	case setup.Paths != nil:
		p.pictures.SetText(words.Count(len(setup.Paths), "file", "files") + " of the list, below " + words.Path(setup.Folder))
	default:
		p.pictures.SetText("All below " + words.Path(setup.Folder))
	}
	titles, chosen := []string{automatic}, automatic
	for _, m := range st.Methods {
		titles = append(titles, m.Title)
		if m.ID == setup.Method {
			chosen = m.Title
		}
	}
	if p.method.Selected != chosen || !slices.Equal(p.method.Options, titles) {
		p.method.Options, p.method.Selected = titles, chosen
		p.method.Refresh()
	}
	why := st.Why
	if chosen != automatic {
		why = "Every picture is explained with this method. Gradients take two passes of the model for each picture; covering and sampling take many more."
	}
	p.why.SetText(why)
	p.class.show()
	p.reading.show()
	labels := labelWords(setup.Labels)
	if p.s.OfList(setup.Labels) {
		labels += ", the labels of the list"
	}
	p.labels.SetText(labels)
	p.masks.SetText("None. With masks the audit tells which maps lie beside the object.")
	if setup.Masks != "" {
		p.masks.SetText(words.Path(setup.Masks))
	}
	p.out.SetText(fmt.Sprintf("A temporary folder. The last %d audits are kept.", survey.TemporaryKept))
	if setup.Out != "" {
		p.out.SetText(words.Path(setup.Out))
		if survey.Holds(setup.Out) {
			p.out.SetText(words.Path(setup.Out) + " holds an audit, which is gone on with if it is the same.")
		}
	}
}

func labelWords(labels string) string {
	switch labels {
	case "":
		return "None. With labels the audit tells how good the answers are, and what the answers follow that the truth does not."
	case survey.ByFolder:
		return "The name of the folder that each picture lies in."
	}
	return filepath.Base(picture.Said(labels))
}

// wrapped is text of several lines, cut of one.
func wrapped(text string) *widget.Label {
	l := widget.NewLabel(text)
	l.Wrapping = fyne.TextWrapWord
	return l
}

func cut() *widget.Label { return wrapped("") }
