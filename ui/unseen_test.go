package ui

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"picasso/ui/control"
	"picasso/ui/keys"
)

// traces are what the user set in Explain: what nothing may change where it is not seen.
// In Audit, which shows other pictures, the slice and its window are among it.
func (b *bench) traces() string {
	s, p := b.c.State(), b.explain.Picture
	var out []any
	out = append(out, "tab", s.Tab, "tool", p.Tool(), "lies", p.Lies(), "beside", b.c.Settings().SideBySide,
		"montage", s.Montage != nil, "planes", s.Planes != nil, "walk", s.Walk != nil, "covering", b.cover.On(), "keys", len(b.c.KeySlices()),
		"measures", len(b.c.Measures()), "regions", b.c.Regions() != nil)
	for _, panel := range s.Panels {
		out = append(out, fmt.Sprintf("%v %+v", panel.Values, panel.Display))
	}
	if s.Workspace == control.Audit {
		viewing, _ := b.c.Viewing()
		out = append(out, "window", viewing.Window.Name, viewing.Inverted, "target", s.Target, s.Pinned)
		for _, one := range s.Images {
			out = append(out, one.Slice)
		}
	}
	return fmt.Sprint(out...)
}

// nobody answers no file dialog.
type nobody struct{}

func (nobody) Available() bool                                        { return true }
func (nobody) Open(_, _ string, _ []string, _ string) (string, error) { return "", nil }
func (nobody) Folder(_, _ string) (string, error)                     { return "", nil }
func (nobody) Save(_, _ string, _ []string, _ string) (string, error) { return "", nil }

// home closes what lies over the window, stops what runs, and shows a workspace.
func (b *bench) home(name control.Workspace) {
	for b.panel != nil {
		b.panel.Hide()
	}
	b.q.Until(b.t, "the end of the dialog", func() bool { return !b.asker.Busy() })
	if b.palette != nil {
		b.palette.close()
	}
	b.hideWelcome()
	b.leaveStage()
	for due := true; due; {
		select {
		case f := <-b.q.Due():
			f()
		default:
			due = false
		}
	}
	b.c.Stop()
	b.c.DismissAll()
	b.c.SetWorkspace(name)
}

// elsewhere are actions that change more than what is on the screen, by their nature: they
// end the program, give it other colours, or act on the list or on what was changed last,
// which they name.
var elsewhere = []string{"Quit", "Remove this picture", "Remove all pictures", undoTitle, redoTitle, forgetTitle, "Light, dark or system theme"}

// No key changes Explain while another workspace is shown, for nobody would see it, and
// neither does an entry of a menu that says it does something there: either nothing
// happens, or Explain is shown.
func TestNothingChangesExplainUnseen(t *testing.T) {
	for _, scan := range []bool{true, false} {
		b := newBenchWith(t, func(_ *bench, p *Params) { p.Chooser = nobody{} })
		if scan {
			b.c.Settings().ResearchUse = true
			b.dropped([]fyne.URI{file(b.write("m.onnx")), file(b.scan(3))})
			b.ready(1)
		} else {
			b.explained()
		}
		if done := b.everything(t, scan); done < 40 {
			t.Errorf("scan %v: only %d things were done", scan, done)
		}
	}
}

// everything presses all keys in all other workspaces, and chooses what has none; over a
// picture that is no scan the keys alone that would mean another thing over one.
func (b *bench) everything(t *testing.T, scan bool) (done int) {
	for _, at := range []control.Workspace{control.Compare, control.Inside, control.Audit} {
		b.home(at)
		seen := slices.Clone(elsewhere)
		for i := range b.actions {
			a := b.actions[i]
			for _, k := range a.Keys {
				f := b.find(k)
				switch {
				case k.IsAlt(), f != nil && slices.Contains(seen, f.Title), !scan && keys.Find(b.actions, k, string(at), true) == f:
					continue
				case f != nil && f.Held != nil && f.Where == "":
					t.Errorf("in %s %s holds down %q", at, k, f.Title)
				case f != nil:
					seen = append(seen, f.Title)
				}
				done++
				b.unseen(t, at, a.Title+", "+k.String(), func() { b.chord(k) })
			}
			if scan && a.Run != nil && len(a.Keys) == 0 && a.Leads(string(at)) == "" && !slices.Contains(seen, a.Title) {
				done++
				b.unseen(t, at, a.Title+", chosen", a.Run)
			}
		}
	}
	return done
}

// unseen does something in a workspace and looks whether Explain has changed unseen.
func (b *bench) unseen(t *testing.T, at control.Workspace, what string, do func()) {
	t.Helper()
	before := b.traces()
	do()
	if now := b.c.State().Workspace; now == at && b.traces() != before {
		t.Errorf("in %s: %s changes Explain unseen:\n%s\n%s", at, what, before, b.traces())
	}
	b.home(at)
}

// A key that means something in Explain alone says so elsewhere; from the menu it leads
// there.
func TestAKeyOfExplainSaysWhereItIsDone(t *testing.T) {
	b := newBench(t)
	b.explained()
	b.c.Rerun()
	b.c.Stop()
	if text := b.status.text.Text; !strings.Contains(text, "Stopped. Press Ctrl+R") {
		t.Errorf("of a stopped map the status bar says %q", text)
	}
	press(b, fyne.KeyF4)
	if text := b.status.text.Text; text != "" {
		t.Errorf("in Audit the status bar says %q", text)
	}
	b.typedRune('>')
	if got := b.status.tip; b.c.State().Tab != 0 || !strings.Contains(got, "Next group of methods") || !strings.Contains(got, "Explain (F1)") {
		t.Errorf("the tab is %d, told %q", b.c.State().Tab, got)
	}
	if b.typedRune('h'); !strings.Contains(b.status.tip, "Show or hide the map") {
		t.Errorf("told %q", b.status.tip)
	}
	a := b.find(keys.Char('t'))
	if a == nil || b.run(keys.Char('%')) {
		t.Error("keys without a meaning have one, or the others have none")
	}
	b.action("Next group of methods").Run()
	if b.c.State().Workspace != control.Explain || b.c.State().Tab == 0 {
		t.Error("the menu does not lead to Explain")
	}
	b.explain.SelectTab(0)
	if b.explain.Picture.Map().Heat == nil {
		t.Error("the map is hidden")
	}
}
