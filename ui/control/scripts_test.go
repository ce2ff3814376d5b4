package control

import (
	"errors"
	"path/filepath"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"picasso/visualizers"
)

// edited is a script at one moment: its version is that of its text.
type edited struct {
	*stepper
	version string
	max     int
}

func (e edited) Version() string { return e.version }
func (e edited) Settings() []visualizers.Setting {
	s := steps
	s.Max = e.max
	return []visualizers.Setting{s}
}

func TestSavedScriptRunsAgainWithItsValues(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		defer d.Close()
		d.opened()
		script := &stepper{id: "mine"}
		d.SetScripts([]visualizers.Visualizer{edited{script, "1", 50}})
		d.SelectTab(2)
		if err := d.SetValue(2, "steps", 6); err != nil {
			t.Fatal(err)
		}
		d.q.pass(8 * time.Second)
		if n := script.runs(); n != 1 && n != 2 || d.State().Panel().Status != Ready {
			t.Fatalf("%d runs, %v", n, d.State().Panel().Status)
		}
		before := script.runs()
		d.SetScripts([]visualizers.Visualizer{edited{script, "1", 50}})
		d.q.pass(time.Second)
		if script.runs() != before {
			t.Error("the same text ran again")
		}
		d.SetScripts([]visualizers.Visualizer{edited{script, "2", 50}})
		if p := d.State().Panel(); p.Info.ID != "mine" || p.Result == nil || !p.Stale {
			t.Errorf("the old map is gone at once: %+v", p)
		}
		d.q.pass(8 * time.Second)
		p := d.State().Panel()
		if script.runs() != before+1 || p.Status != Ready || p.Stale || steps.In(p.Values) != 6 {
			t.Errorf("%d runs, %v, values %v", script.runs()-before, p.Status, p.Values)
		}
		d.SetScripts([]visualizers.Visualizer{edited{script, "3", 5}})
		d.q.pass(8 * time.Second)
		if p := d.State().Panel(); steps.In(p.Values) != 4 {
			t.Errorf("a value out of the new range stays: %v", p.Values)
		}
	})
}

func TestTabOfAScriptComesAndGoes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		defer d.Close()
		d.opened()
		a, b := edited{&stepper{id: "a"}, "1", 50}, edited{&stepper{id: "b"}, "1", 50}
		d.SetScripts([]visualizers.Visualizer{b})
		d.SelectTab(2)
		d.q.pass(1500 * time.Millisecond)
		d.SetScripts([]visualizers.Visualizer{a, b}) // while b runs
		if d.State().Tab != 3 || d.State().Panel().Info.ID != "b" {
			t.Fatalf("tab %d, %s", d.State().Tab, d.State().Panel().Info.ID)
		}
		d.q.pass(6 * time.Second)
		if b.runs() != 1 || d.State().Panel().Status != Ready {
			t.Errorf("%d runs, %v", b.runs(), d.State().Panel().Status)
		}
		d.SetScripts([]visualizers.Visualizer{a})
		if got := d.State().Panel().Info.ID; got != "first" {
			t.Errorf("on %s when the file is gone", got)
		}
		d.SetScripts([]visualizers.Visualizer{a, b})
		if got := d.State().Panel().Info.ID; got != "b" {
			t.Errorf("on %s when the file is back", got)
		}
		d.SelectTab(0)
		d.SetScripts(nil)
		if d.State().Tab != 0 || len(d.State().Panels) != 2 || d.view.count(PanelsChanged) != 5 {
			t.Errorf("tab %d of %d, told %d times", d.State().Tab, len(d.State().Panels), d.view.count(PanelsChanged))
		}
	})
}

func TestNoticeOfAScriptIsReplacedAndForgotten(t *testing.T) {
	d := newDesk(t)
	defer d.Close()
	d.TellOf("/a.star", Notice{Err: errors.New("one")})
	d.TellOf("/b.star", Notice{Err: errors.New("other")})
	d.TellOf("/a.star", Notice{Err: errors.New("two")})
	d.DismissAll()
	if n := d.State().Notice; n == nil || n.Err.Error() != "two" || len(d.State().Earlier) != 1 {
		t.Fatalf("notice %+v over %d", n, len(d.State().Earlier))
	}
	d.ForgetScript("/a.star")
	d.ForgetScript("/b.star")
	if n := d.State().Notice; n != nil {
		t.Errorf("%+v stays", n)
	}
}

func TestDroppedScriptIsHandedOn(t *testing.T) {
	script := filepath.Join(tree(t, "mine.STAR"), "mine.STAR")
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		defer d.Close()
		d.Drop([]string{script})
		d.q.settle()
		if n := d.State().Notice; n == nil || n.Err == nil {
			t.Error("a script without a folder for it is no error")
		}
		var taken []string
		d.Controller.scripts = func(paths []string) { taken = paths }
		d.Drop([]string{script})
		d.q.settle()
		if !slices.Equal(taken, []string{script}) || d.State().Notice != nil {
			t.Errorf("taken %v, notice %+v", taken, d.State().Notice)
		}
	})
}
