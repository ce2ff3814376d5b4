package explain

import (
	"errors"
	"strings"
	"testing"

	"fyne.io/fyne/v2/widget"

	"picasso/backend/metadata"
	"picasso/ui/control"
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

// After a model that cannot be opened its place says why and what to do, with a picture
// and without one, until it is dismissed or another model is open.
func TestAModelThatCannotBeOpenedSaysWhatToDo(t *testing.T) {
	b := newBench(t)
	p := b.Workspace.Picture
	check := func(when string, actions ...string) {
		t.Helper()
		got, reason := strings.Join(p.lack.offered(), "|"), p.lack.reason.Text
		if !p.lack.box.Visible() || p.lack.icon.Resource == nil || got != strings.Join(actions, "|") {
			t.Errorf("%s stands %q, visible %v, and %q", when, reason, p.lack.box.Visible(), got)
		}
		for _, part := range []string{"open bad.onnx", "is a web page, not a model", "download the file itself"} {
			if !strings.Contains(reason, part) {
				t.Errorf("%s it is not told that %q: %q", when, part, reason)
			}
		}
	}
	bad := b.Write("bad.onnx")
	b.C.Drop([]string{bad})
	b.Q.Until(t, "the failure", func() bool { return b.C.State().Notice != nil })
	check("without a picture", "Open model…")
	b.C.Drop([]string{b.Desk.Picture("a.png", 230)})
	b.Q.Until(t, "the picture", func() bool { return b.C.State().Look != nil })
	check("over a picture", "Open model…")
	b.C.Drop([]string{bad})
	b.Q.Until(t, "the failure again", func() bool { return b.C.State().Notice != nil })
	b.C.Say("Something else.")
	b.C.Dismiss()
	check("below another notice", "Open model…")
	b.C.Dismiss()
	if p.lack.box.Visible() {
		t.Errorf("after the user has seen to it there still stands %q", p.lack.reason.Text)
	}
	b.C.Drop([]string{bad})
	b.Q.Until(t, "the failure again", func() bool { return b.C.State().Notice != nil })
	b.C.Drop([]string{b.Write("m.onnx")})
	b.Ready(1)
	if b.C.Drop([]string{bad}); p.lack.box.Visible() {
		t.Errorf("over a map stands %q", p.lack.reason.Text)
	}
	b.Q.Until(t, "a failure beside an open model", func() bool { return b.C.State().Notice != nil })
	if p.lack.box.Visible() {
		t.Errorf("beside a model that is open there stands %q", p.lack.reason.Text)
	}
}

// What a model lacks can be given where it is told, and what a notice offers is offered.
func TestWhatAModelLacksCanBeGiven(t *testing.T) {
	b := newBench(t)
	p, need, taken := b.Workspace.Picture, &metadata.InputsError{Path: "m.onnx", Err: errors.New("the input age needs a value")}, 0
	n := &control.Notice{Doing: "open m.onnx", Err: need, Offers: []control.Offer{{Title: "Open it with 3 GB of memory", Take: func() { taken++ }}}}
	l := p.unopened(n, nil, offer{title: "Open model…", do: func() {}})
	var titles []string
	for _, a := range l.actions {
		titles = append(titles, a.title)
		a.do()
	}
	if got := strings.Join(titles, "|"); got != "Set the inputs…|Open it with 3 GB of memory|Open model…" || len(b.Host.Inputs) != 1 || b.Host.Inputs[0] != need || taken != 1 {
		t.Errorf("%q are offered; asked about %v, taken %d times", got, b.Host.Inputs, taken)
	}
}
