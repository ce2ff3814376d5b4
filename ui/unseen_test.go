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
	out = append(out, "tab", s.Tab, "tool", p.Tool(), "lies", p.Lies(), "shown", p.Map().Heat != nil, "beside", b.c.Settings().SideBySide,
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
	b.asking = false
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
// end the program, or act on the list or on what was changed last, which they name.
var elsewhere = []string{"Quit", "Remove this image", "Remove all images", undoTitle, redoTitle, forgetTitle}

// No key and no entry of a menu changes Explain while another workspace is shown, for
// nobody would see it: either nothing happens, or Explain is shown.
func TestNothingChangesExplainUnseen(t *testing.T) {
	for name, open := range map[string]func(b *bench){
		"scan": func(b *bench) {
			b.c.Settings().ResearchUse = true
			b.dropped([]fyne.URI{file(b.write("m.onnx")), file(b.scan(3))})
			b.ready(1)
		},
		"photo": (*bench).explained,
	} {
		t.Run(name, func(t *testing.T) {
			b := newBenchWith(t, func(_ *bench, p *Params) { p.Chooser = nobody{} })
			open(b)
			pressed := 0
			for _, at := range []control.Workspace{control.Compare, control.Inside, control.Audit} {
				for i := range b.actions {
					a := b.actions[i]
					if slices.Contains(elsewhere, a.Title) || strings.HasPrefix(a.Title, "Open the menu") {
						continue
					}
					for _, k := range a.Keys {
						b.home(at)
						if f := b.find(k); f != nil && slices.Contains(elsewhere, f.Title) {
							continue
						}
						pressed++
						b.unseen(t, at, a.Title+", "+k.String(), func() { b.chord(k) })
						if f := b.find(k); f != nil && f.Held != nil && f.Leads(string(at)) != "" {
							t.Errorf("in %s %s holds down %q", at, k, f.Title)
						}
					}
					if a.Run != nil {
						b.unseen(t, at, a.Title+" from the palette", a.Run)
					}
				}
			}
			if pressed < 150 {
				t.Errorf("only %d keys were pressed", pressed)
			}
		})
	}
}

// unseen does something in a workspace and looks whether Explain has changed unseen.
func (b *bench) unseen(t *testing.T, at control.Workspace, what string, do func()) {
	t.Helper()
	b.home(at)
	before := b.traces()
	do()
	if now := b.c.State().Workspace; now == at && b.traces() != before {
		t.Errorf("in %s: %s changes Explain unseen:\n%s\n%s", at, what, before, b.traces())
	}
}

// A key that means something in Explain alone says so elsewhere; from the menu it leads
// there.
func TestAKeyOfExplainSaysWhereItIsDone(t *testing.T) {
	b := newBench(t)
	b.explained()
	press(b, fyne.KeyF4)
	b.typedRune('>')
	if got := b.status.tip; b.c.State().Tab != 0 || !strings.Contains(got, "Next group of methods") || !strings.Contains(got, "Explain (F1)") {
		t.Errorf("the tab is %d, told %q", b.c.State().Tab, got)
	}
	a := b.find(keys.Char('t'))
	if a == nil || b.run(keys.Char('%')) {
		t.Error("keys without a meaning have one, or the others have none")
	}
	b.action("Next group of methods").Run()
	if b.c.State().Workspace != control.Explain || b.c.State().Tab == 0 {
		t.Error("the menu does not lead to Explain")
	}
}
