package explain

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2/widget"

	"picasso/ui/uitest"
)

// offered are the titles of the buttons of a lack.
func (p *lackPane) offered() (titles []string) {
	for _, o := range uitest.All(p.actions) {
		if b, ok := o.(*widget.Button); ok {
			titles = append(titles, b.Text)
		}
	}
	return titles
}

// Where there is no map, an icon, a reason and an action stand in its place.
func TestEmptyAndFailedStatesSayWhatToDo(t *testing.T) {
	b := newBench(t)
	p := b.Workspace.Picture
	check := func(when, reason string, actions ...string) {
		t.Helper()
		got := strings.Join(p.lack.offered(), "|")
		if !p.lack.box.Visible() || p.lack.icon.Resource == nil || !strings.Contains(p.lack.reason.Text, reason) || got != strings.Join(actions, "|") {
			t.Errorf("%s stand %q, visible %v, and %q", when, p.lack.reason.Text, p.lack.box.Visible(), got)
		}
	}
	p.showLook()
	check("at first", "Drop a model", "Open model…", "Add pictures…")
	b.C.Drop([]string{b.Write("m.onnx")})
	b.Q.Until(t, "the model", func() bool { return b.C.State().Model != nil })
	check("without pictures", "Drop pictures here", "Add pictures…")
	uitest.First[*widget.Button](t, p.lack.actions).OnTapped()
	if b.Host.Choices != 1 {
		t.Error("the button does not ask for pictures")
	}
	b.C.Drop([]string{b.Write("broken.png")})
	b.Q.Until(t, "the failure", func() bool { return len(b.C.State().Images) == 1 && b.C.State().Images[0].Err != nil })
	check("of a broken picture", "broken.png cannot be shown", "Remove this picture")
	uitest.First[*widget.Button](t, p.lack.actions).OnTapped()
	check("after it was removed", "Drop pictures here", "Add pictures…")
	b.C.Drop([]string{b.Desk.Picture("a.png", 230)})
	b.Ready(1)
	if p.lack.box.Visible() {
		t.Errorf("over a map stands %q", p.lack.reason.Text)
	}
}
