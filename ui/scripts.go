package ui

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"picasso/ui/keys"
	"slices"
	"strings"

	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/widget"

	"picasso/ui/control"
	"picasso/ui/widgets"
	"picasso/visualizers"
	"picasso/visualizers/script"
)

// scripts keeps the tabs in step with the user's folder of visualizers.
type scripts struct {
	w    *Window
	from Scripts // nil without a folder
	log  *scriptLog
	stop context.CancelFunc

	files   []ScriptFile
	sound   map[string]visualizers.Visualizer // by path, as last usable
	told    map[string]string                 // by path or subject, what the user was told
	asked   string                            // path of a file to ask about as soon as it is seen
	wanted  string                            // path whose tab is to be opened
	consent *consent                          // the question in view, nil when none
}

func newScripts(w *Window, from Scripts) *scripts {
	return &scripts{w: w, from: from, log: &scriptLog{w: w}, stop: func() {},
		sound: map[string]visualizers.Visualizer{}, told: map[string]string{}}
}

// watch begins to follow the folder.
func (s *scripts) watch() {
	if s.from == nil {
		return
	}
	ctx, stop := context.WithCancel(context.Background())
	s.stop = stop
	s.from.Log(s.log.add)
	go s.from.Watch(ctx, func(files []ScriptFile, err error) {
		s.w.do(func() {
			if !s.w.closed {
				s.changed(files, err)
			}
		})
	})
}

// Subjects of notices that are no file.
const (
	aboutFolder  = "folder"
	aboutWaiting = "waiting"
)

// changed takes the files of the folder as they are now.
func (s *scripts) changed(files []ScriptFile, err error) {
	s.tell(aboutFolder, control.Notice{Doing: "read the visualizers folder", Err: err}, err)
	if err != nil {
		return
	}
	s.forgetGone(files)
	s.files = files
	var usable []visualizers.Visualizer
	for _, f := range files {
		s.tell(f.Path, control.Notice{
			Doing: "use the visualizer " + f.Name(), Err: f.Err,
			Offers: []control.Offer{{Title: "Open in editor", Take: func() { s.w.show(f.Path, false) }}},
		}, f.Err)
		if v := s.usable(f); v != nil {
			usable = append(usable, v)
		}
	}
	s.w.c.SetScripts(usable)
	s.openWanted()
	s.tellWaiting()
	for _, f := range files {
		if f.Path == s.asked && f.Waits() {
			s.ask(f)
		}
	}
}

// usable is the visualizer of a file. One with a mistake in it keeps its tab,
// with the text of before, so that a slip while typing costs no setting.
func (s *scripts) usable(f ScriptFile) visualizers.Visualizer {
	switch {
	case f.Visualizer != nil:
		s.sound[f.Path] = f.Visualizer
	case f.Waits() || s.replaced(s.sound[f.Path]):
		delete(s.sound, f.Path)
	}
	return s.sound[f.Path]
}

// replaced reports whether another file has taken the id of v.
func (s *scripts) replaced(v visualizers.Visualizer) bool {
	return v != nil && slices.ContainsFunc(s.files, func(f ScriptFile) bool {
		return f.Visualizer != nil && f.Visualizer.Info().ID == v.Info().ID
	})
}

func (s *scripts) forgetGone(files []ScriptFile) {
	for _, old := range s.files {
		if !slices.ContainsFunc(files, func(f ScriptFile) bool { return f.Path == old.Path }) {
			s.tell(old.Path, control.Notice{}, nil)
			delete(s.sound, old.Path)
		}
	}
}

// tell shows a notice about subject while there is a reason, once for each.
func (s *scripts) tell(subject string, n control.Notice, reason error) {
	switch {
	case reason == nil && s.told[subject] != "":
		delete(s.told, subject)
		s.w.c.ForgetScript(subject)
	case reason != nil && s.told[subject] != reason.Error():
		s.told[subject] = reason.Error()
		s.w.c.TellOf(subject, n)
	}
}

// waiting lists the files to be switched on.
func (s *scripts) waiting() []ScriptFile {
	var out []ScriptFile
	for _, f := range s.files {
		if f.Waits() {
			out = append(out, f)
		}
	}
	return out
}

func (s *scripts) tellWaiting() {
	list := s.waiting()
	if len(list) == 0 {
		s.tell(aboutWaiting, control.Notice{}, nil)
		return
	}
	text := list[0].Name() + " is new or has changed. It stays off until you have read its text and switched it on."
	if len(list) > 1 {
		text = fmt.Sprintf("%d visualizers are new or have changed. They stay off until you have read their text and switched them on.", len(list))
	}
	var all strings.Builder
	for _, f := range list {
		all.WriteString(f.Path + script.Fingerprint(f.Text))
	}
	s.tell(aboutWaiting, control.Notice{Text: text, Offers: []control.Offer{{Title: "Show the text…", Take: s.askNext}}}, errors.New(all.String()))
}

// askNext asks about the first file that waits.
func (s *scripts) askNext() {
	list := s.waiting()
	if len(list) == 0 {
		s.w.hint("There are no visualizers to switch on.")
		return
	}
	s.ask(list[0])
}

// ask shows the text of a file and switches exactly that text on.
func (s *scripts) ask(f ScriptFile) {
	if s.consent != nil {
		return
	}
	s.asked = ""
	s.consent = s.w.newConsent(f, func(on, follow bool) {
		s.consent = nil
		if !on {
			return
		}
		s.wanted = f.Path
		s.w.aside("switch on "+f.Name(), func() error { return s.from.Allow(f, follow) }, nil)
	})
}

// openWanted opens the tab of a file that the user has just made or switched on.
func (s *scripts) openWanted() {
	v, ok := s.sound[s.wanted]
	if !ok {
		return
	}
	s.wanted = ""
	for i, p := range s.w.c.State().Panels {
		if p.Info.ID == v.Info().ID {
			s.w.explain.SelectTab(i)
		}
	}
}

// add copies dropped files into the folder, but over none of the user's own
// without a question.
func (s *scripts) add(paths []string) {
	var fresh []string
	for _, path := range paths {
		if !s.has(filepath.Base(path)) {
			fresh = append(fresh, path)
			continue
		}
		s.w.over(dialog.NewConfirm("Replace "+filepath.Base(path)+"?",
			"Your visualizers folder already has a file with this name. The file you dropped would replace it.", func(yes bool) {
				if yes {
					s.copy([]string{path})
				}
			}, s.w.win))
	}
	s.copy(fresh)
}

func (s *scripts) has(name string) bool {
	return slices.ContainsFunc(s.files, func(f ScriptFile) bool { return strings.EqualFold(f.Name(), name) })
}

// copy puts files into the folder; the last one is asked about.
func (s *scripts) copy(paths []string) {
	for _, path := range paths {
		var place string
		s.w.aside("add the visualizer "+path, func() (err error) {
			place, err = s.from.Add(path)
			return err
		}, func() {
			s.asked, s.wanted = place, place
			for _, f := range s.files { // seen already, and unchanged
				if f.Path == place && f.Waits() {
					s.ask(f)
				}
			}
			s.openWanted()
		})
	}
}

// create asks for a name, writes a script of that name and opens it.
func (s *scripts) create(title, name string, text func(id string) (string, error)) {
	entry := widgets.NewEntry(func() { s.w.panel.Hide() })
	entry.OnSubmitted = func(string) { s.w.press() }
	entry.SetText(name)
	item := widget.NewFormItem("Name", entry)
	item.HintText = "lower-case letters, digits and hyphens"
	s.w.over(dialog.NewForm(title, "Create", "Cancel", []*widget.FormItem{item}, func(ok bool) {
		if ok {
			s.write(strings.TrimSpace(entry.Text), text)
		}
	}, s.w.win))
}

func (s *scripts) write(id string, text func(id string) (string, error)) {
	var place string
	s.w.aside("create the visualizer "+id, func() error {
		t, err := text(id)
		if err == nil {
			place, err = s.from.Create(id, t)
		}
		return err
	}, func() {
		s.wanted = place
		s.openWanted()
		s.w.show(place, false)
	})
}

func (s *scripts) createNew() {
	s.create("New visualizer", "my-method", func(id string) (string, error) { return script.Starter(id), nil })
}

func (s *scripts) exportOcclusion() {
	s.create("Occlusion as a script", "my-occlusion", func(id string) (string, error) { return script.Export("occlusion", id) })
}

// fileOf is the file behind a tab, "" for a built-in visualizer.
func (s *scripts) fileOf(p *control.Panel) string {
	for path, v := range s.sound {
		if v.Info().ID == p.Info.ID {
			return path
		}
	}
	return ""
}

// openFolder shows the folder, which need not exist before.
func (s *scripts) openFolder() {
	folder := s.from.Folder()
	s.w.aside("create the folder "+folder, func() error { return os.MkdirAll(folder, 0o700) }, func() { s.w.show(folder, true) })
}

// scriptMenu is the name of the menu of visualizers.
const scriptMenu = "Visualizers"

// actions are those of the menu of visualizers.
func (s *scripts) actions() []keys.Action {
	if s.from == nil {
		return nil
	}
	const menu = scriptMenu
	return []keys.Action{
		{Menu: menu, Title: "New visualizer…", Run: s.createNew},
		{Menu: menu, Title: "Export occlusion as a script…", Run: s.exportOcclusion},
		{Menu: menu, Title: "Switch on…", Run: s.askNext, Line: true},
		{Menu: menu, Title: "Visualizers folder", Run: s.openFolder},
		{Menu: menu, Title: "Script log", Run: s.log.open},
	}
}
