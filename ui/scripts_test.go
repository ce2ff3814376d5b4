package ui

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"picasso/ui/control/settings"
	"picasso/ui/uitest"
	"picasso/visualizers"
	"picasso/visualizers/script"
)

// shelf is a folder of scripts that the test fills.
type shelf struct {
	changed chan func([]ScriptFile, error)
	log     func(id, text string)

	mu     sync.Mutex
	done   []string // what was asked of it
	failed error
}

func (s *shelf) Folder() string               { return "/scripts" }
func (s *shelf) Log(to func(id, text string)) { s.log = to }
func (s *shelf) Watch(ctx context.Context, changed func([]ScriptFile, error)) {
	s.changed <- changed
	<-ctx.Done()
}

func (s *shelf) note(words ...string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.done = append(s.done, strings.Join(words, " "))
	return s.failed
}

func (s *shelf) all() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(s.done, "|")
}

func (s *shelf) Allow(f ScriptFile, follow bool) error {
	return s.note("allow", f.Path, f.Text, map[bool]string{true: "follow", false: "once"}[follow])
}

func (s *shelf) Add(path string) (string, error) {
	return filepath.Join("/scripts", filepath.Base(path)), s.note("add", filepath.Base(path))
}

func (s *shelf) Create(id, text string) (string, error) {
	return "/scripts/" + id + ".star", s.note("create", id, text)
}

// versioned is a script of a version.
type versioned struct {
	*uitest.Every
	id, version string
}

func (v versioned) Version() string { return v.version }
func (v versioned) Info() visualizers.Info {
	return visualizers.Info{ID: v.id, Title: "Title of " + v.id, About: "A script.", Link: "none"}
}

// scripted is a bench with a folder of scripts.
type scripted struct {
	*bench
	shelf  *shelf
	set    func([]ScriptFile, error)
	opened chan string
}

func newScripted(t *testing.T) *scripted {
	t.Helper()
	b := &scripted{shelf: &shelf{changed: make(chan func([]ScriptFile, error), 1)}, opened: make(chan string, 10)}
	b.bench = newBenchWith(t, func(_ *bench, p *Params) {
		p.Scripts, p.OpenOutside = b.shelf, func(path string, folder bool) error { b.opened <- path; return nil }
		p.Settings = settings.New("")
		p.Settings.Welcomed = true
	})
	b.Start()
	changed := <-b.shelf.changed
	b.set = func(files []ScriptFile, err error) {
		seen := false
		changed(files, err)
		b.q.Do(func() { seen = true })
		b.q.Until(t, "the folder", func() bool { return seen })
	}
	return b
}

func (b *scripted) titles() string {
	var out []string
	for _, p := range b.c.State().Panels {
		out = append(out, p.Info.Title)
	}
	return strings.Join(out, "|")
}

// press presses the button of that name in the banner.
func (b *scripted) press(name string) {
	b.t.Helper()
	for _, o := range uitest.All(b.banner.box) {
		if button, ok := o.(*widget.Button); ok && button.Text == name && button.Visible() {
			button.OnTapped()
			return
		}
	}
	b.t.Fatalf("no button %q in the banner", name)
}

func TestScriptIsOffUntilItsTextWasShown(t *testing.T) {
	b := newScripted(t)
	waiting := ScriptFile{Path: "/scripts/new.star", Text: "a = 1\r\n# \u202e\n"}
	b.set([]ScriptFile{waiting}, nil)
	if b.titles() != "Every|Plain" || !strings.Contains(b.banner.text.Text, "new.star") {
		t.Fatalf("tabs %s, banner %q", b.titles(), b.banner.text.Text)
	}
	b.press("Show the text…")
	if got := b.scripts.consent.text.Text; got != "a = 1\n# \\u202e\n" {
		t.Errorf("shown text %q", got)
	}
	b.scripts.consent.dialog.Hide() // as Escape does
	if b.shelf.all() != "" || b.panel != nil || b.scripts.consent != nil {
		t.Fatalf("no is taken for %q", b.shelf.all())
	}
	b.press("Show the text…")
	b.scripts.consent.follow.SetChecked(true)
	b.scripts.consent.dialog.Confirm()
	b.q.Until(t, "consent", func() bool { return b.shelf.all() != "" })
	if want := "allow " + waiting.Path + " " + waiting.Text + " follow"; b.shelf.all() != want {
		t.Errorf("did %q, want %q", b.shelf.all(), want)
	}
	waiting.Visualizer = versioned{b.every, "new", "1"}
	b.set([]ScriptFile{waiting}, nil)
	if b.titles() != "Every|Plain|Title of new" || b.c.State().Tab != 2 || b.c.State().Notice != nil {
		t.Errorf("tabs %s, tab %d, notice %+v", b.titles(), b.c.State().Tab, b.c.State().Notice)
	}
	b.typedRune('<')
	if b.c.State().Tab != 1 {
		t.Error("no key leads to the group before")
	}
	b.typedRune('>')
	if b.c.State().Tab != 2 {
		t.Error("no key leads to the new method")
	}
}

func TestSavedScriptKeepsItsSettingsAndRunsAgain(t *testing.T) {
	b := newScripted(t)
	b.explained()
	f := ScriptFile{Path: "/scripts/mine.star", Visualizer: versioned{b.every, "mine", "1"}}
	b.set([]ScriptFile{f}, nil)
	b.explain.SelectTab(2)
	if err := b.c.SetValue(2, "int", 9); err != nil {
		t.Fatal(err)
	}
	b.q.Until(t, "a run with the value", func() bool { return uitest.AnInt.In(b.every.Last()) == 9 })
	b.ready(1)
	runs := b.every.Count()
	f.Visualizer = versioned{b.every, "mine", "2"}
	b.set([]ScriptFile{f}, nil)
	b.ready(runs + 1)
	if got := uitest.AnInt.In(b.every.Last()); got != 9 || b.c.State().Tab != 2 {
		t.Errorf("ran with %d on tab %d", got, b.c.State().Tab)
	}
}

func TestFaultOfAScriptIsShownWithItsPlace(t *testing.T) {
	b := newScripted(t)
	sound := ScriptFile{Path: "/scripts/mine.star", Visualizer: versioned{b.every, "mine", "1"}}
	broken := ScriptFile{Path: sound.Path, Err: &script.Error{File: "mine.star", Line: 3, Column: 7, Text: "x = blurr(1)", Message: `undefined: blurr; did you mean "blur"?`}}
	b.set([]ScriptFile{sound}, nil)
	b.set([]ScriptFile{broken}, nil)
	if b.banner.title.Text != "Could not use the visualizer mine.star" ||
		!strings.Contains(b.banner.text.Text, "mine.star:3:7: ") || !strings.Contains(b.banner.text.Text, "\n    x = blurr(1)") {
		t.Errorf("banner: %q %q", b.banner.title.Text, b.banner.text.Text)
	}
	if b.titles() != "Every|Plain|Title of mine" {
		t.Errorf("a slip costs the tab: %s", b.titles())
	}
	b.press("Open in editor")
	if path := <-b.opened; path != sound.Path {
		t.Errorf("opened %s", path)
	}
	b.c.Dismiss()
	b.set([]ScriptFile{broken}, nil)
	if b.c.State().Notice != nil {
		t.Error("told twice of the same fault")
	}
	b.set([]ScriptFile{{Path: "/scripts/copy.star", Visualizer: versioned{b.every, "mine", "2"}}, broken}, nil)
	if b.titles() != "Every|Plain|Title of mine" || len(b.scripts.sound) != 1 {
		t.Errorf("two files share an id: %s", b.titles())
	}
	b.set(nil, nil)
	if b.titles() != "Every|Plain" {
		t.Errorf("tabs of a removed file: %s", b.titles())
	}
	b.set([]ScriptFile{broken}, errors.New("not allowed"))
	if !strings.Contains(b.banner.title.Text, "folder") {
		t.Errorf("banner: %q", b.banner.title.Text)
	}
}

func TestDroppedScriptIsAskedAbout(t *testing.T) {
	b := newScripted(t)
	b.set(nil, nil)
	b.dropped([]fyne.URI{file(b.write("gift.star"))})
	b.q.Until(t, "the copy", func() bool { return b.scripts.asked != "" })
	if b.shelf.all() != "add gift.star" {
		t.Errorf("did %q", b.shelf.all())
	}
	b.set([]ScriptFile{{Path: "/scripts/gift.star", Text: "x"}}, nil)
	if b.scripts.consent == nil || b.panel == nil {
		t.Fatal("its text is not shown")
	}
	b.scripts.consent.dialog.Hide()
	b.dropped([]fyne.URI{file(b.write("gift.star"))})
	b.q.Until(t, "the question", func() bool { return b.panel != nil })
	b.panel.Hide()
	if b.shelf.all() != "add gift.star" {
		t.Errorf("replaced without a yes: %q", b.shelf.all())
	}
	b.shelf.failed = errors.New("the disk is full")
	b.dropped([]fyne.URI{file(b.write("late.star"))})
	b.q.Until(t, "the error", func() bool { n := b.c.State().Notice; return n != nil && n.Err != nil })
}

func TestNewScriptsAreWrittenAndOpened(t *testing.T) {
	b := newScripted(t)
	b.scripts.write("mine", func(id string) (string, error) { return script.Export("occlusion", id) })
	path := ""
	b.q.Until(t, "the editor", func() bool {
		select {
		case path = <-b.opened:
			return true
		default:
			return len(b.q.Due()) == 0 && b.c.State().Notice != nil
		}
	})
	if path != "/scripts/mine.star" || !strings.HasPrefix(b.shelf.all(), "create mine ") || !strings.Contains(b.shelf.all(), `id = "mine"`) {
		t.Errorf("opened %q, did %.80q", path, b.shelf.all())
	}
	menu := b.menus[scriptMenu]
	if menu == nil || len(menu.Items) != 6 {
		t.Errorf("menu %+v", menu)
	}
	b.scripts.createNew()
	if b.panel == nil {
		t.Error("nothing asks for a name")
	}
}

func TestScriptLogKeepsTheEnd(t *testing.T) {
	b := newScripted(t)
	b.scripts.log.open()
	for range 3000 {
		b.shelf.log("mine", "a line that a script prints\x1b again and again\n")
	}
	b.shelf.log("mine", "one\ntwo\n")
	b.q.Until(t, "the log", func() bool { return strings.HasSuffix(b.scripts.log.label.Text, "mine: one\nmine: two\n") })
	if text := b.scripts.log.label.Text; len(text) > mostLog || !strings.HasPrefix(text, "mine: a line that a script prints\\u001b") {
		t.Errorf("%d bytes from %.60q", len(text), text)
	}
	b.scripts.log.clear()
	if !strings.HasPrefix(b.scripts.log.label.Text, "Nothing yet") {
		t.Errorf("cleared: %q", b.scripts.log.label.Text)
	}
}

func TestOpenersOfAllSystems(t *testing.T) {
	for _, c := range []struct {
		system string
		folder bool
		want   string
	}{
		{"linux", false, "xdg-open p"}, {"freebsd", true, "xdg-open p"}, {"darwin", false, "open -t p"},
		{"darwin", true, "open p"}, {"windows", false, "notepad.exe p"}, {"windows", true, "explorer.exe p"},
	} {
		name, args := opener(c.system, "p", c.folder)
		if got := name + " " + strings.Join(args, " "); got != c.want {
			t.Errorf("%s: %s, want %s", c.system, got, c.want)
		}
	}
}
