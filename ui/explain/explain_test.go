package explain

import (
	"errors"
	"strings"
	"testing"

	"picasso/ui/control"
	"picasso/ui/drawing"
	"picasso/ui/uitest"
	"picasso/visualizers"
)

func TestClassClickRetargetsWithoutARun(t *testing.T) {
	b := newBench(t)
	b.Explained()
	runs, calls := b.Every.Count(), b.Model.Calls.Load()
	b.classes.bars.OnSelect(1)
	p := b.C.State().Panel()
	if p.Map == nil || p.Map.Target.Class != 1 || p.Stale {
		t.Fatalf("no map of the other class at once: %+v", p.Map)
	}
	b.classes.bars.OnContrast(0)
	if p.Map.Target.Against != 0 {
		t.Errorf("no difference of classes: %+v", p.Map.Target)
	}
	if b.Every.Count() != runs || b.Model.Calls.Load() != calls {
		t.Error("choosing a class ran the model")
	}
}

func TestDisplayOnlyRedraws(t *testing.T) {
	b := newBench(t)
	b.Explained()
	runs, calls, drawn := b.Every.Count(), b.Model.Calls.Load(), 0
	b.C.Listen(control.NewDraws(b.C, control.On(func() { drawn++ }, control.DisplayChanged)))
	b.Display.opacity.SetValue(20)
	b.Display.threshold.SetValue(30)
	b.Display.sign.SetSelected("supporting")
	b.Display.colors.SetSelectedIndex(1)
	b.Workspace.Picture.ToggleLock()
	d := b.C.State().Panel().Display
	if d.Opacity != 0.2 || d.Threshold != 0.3 || d.Sign != "positive" || d.Colors == "" || d.Locked == nil {
		t.Errorf("display %+v", d)
	}
	if drawn != 5 {
		t.Errorf("drawn %d times for 5 changes", drawn)
	}
	if b.Every.Count() != runs || b.Model.Calls.Load() != calls {
		t.Error("a display change ran the model")
	}
	b.Display.Reset()
	if b.C.State().Panel().Display != drawing.Default(b.Every.Info()) || b.Display.opacity.Value != 80 {
		t.Errorf("reset: %+v, slider %v", b.C.State().Panel().Display, b.Display.opacity.Value)
	}
}

func TestClickShowsTheCoveredPicture(t *testing.T) {
	b := newBench(t)
	b.Explained()
	b.Workspace.Picture.tapped(4, 4)
	probe := b.C.State().Probe
	if probe == nil {
		t.Fatal("no covered picture")
	}
	if c := probe.Shown.RGBAAt(4, 4); c.R != 0 {
		t.Errorf("the covered half is %v, want black", c)
	}
	if c := probe.Shown.RGBAAt(28, 4); c.R != 230 {
		t.Errorf("the other half is %v, want as it was", c)
	}
	if !strings.Contains(b.classes.title.Text, "COVERED") || !strings.Contains(b.classes.items()[0].Text, "(") {
		t.Errorf("classes: %q %+v", b.classes.title.Text, b.classes.items())
	}
	b.Workspace.Picture.tapped(4, 4)
	if b.C.State().Probe != nil {
		t.Error("another click does not go back")
	}
}

func TestUnservedVisualizerSaysWhy(t *testing.T) {
	b := newBench(t)
	b.Explained()
	b.SelectTab(1)
	if !b.Workspace.Picture.lack.box.Visible() || !strings.Contains(b.Workspace.Picture.lack.reason.Text, "use occlusion instead") {
		t.Errorf("says %q", b.Workspace.Picture.lack.reason.Text)
	}
	b.SelectTab(0)
	if b.Workspace.Picture.lack.box.Visible() {
		t.Error("the reason stays on a tab that works")
	}
}

func TestFailedRunSaysWhy(t *testing.T) {
	b := newBench(t)
	b.Every.Fail = errors.New("the model gave no numbers")
	b.C.Drop([]string{b.Write("m.onnx"), b.Desk.Picture("a.png", 230)})
	b.Q.Until(t, "the failure", func() bool { return b.C.State().Panel().Status == control.Failed })
	if got := b.Workspace.Picture.lack.reason.Text; got != "The model gave no numbers." {
		t.Errorf("says %q", got)
	}
}

// another is a method that comes while the program runs.
type another struct{ *uitest.Every }

func (another) Info() visualizers.Info {
	return visualizers.Info{ID: "another", Title: "Another", About: "Comes late.", Link: "none"}
}

func TestTabsFollowTheMethods(t *testing.T) {
	b := newBench(t)
	titles := func() string {
		var out []string
		for _, one := range b.tabs.chips {
			out = append(out, one.name.Text)
		}
		return strings.Join(out, "|")
	}
	b.C.SetScripts([]visualizers.Visualizer{another{b.Every}})
	if titles() != "Every|Plain|Another" {
		t.Errorf("tabs %s", titles())
	}
	b.SelectTab(2)
	if !b.tabs.chips[2].selected || b.tabs.chips[0].selected || !b.tabs.chips[2].Visible() || b.tabs.chips[0].Visible() {
		t.Error("the tab that is shown is not marked")
	}
	b.C.SetScripts(nil)
	if titles() != "Every|Plain" || !b.tabs.chips[0].selected {
		t.Errorf("tabs %s after it went", titles())
	}
}
