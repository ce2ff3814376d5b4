package control

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"picasso/backend/metadata"
	"picasso/backend/picture"
	"picasso/ui/control/history"
)

// names are those of the pictures on the list, in their order.
func (d *desk) names() string {
	var all []string
	for _, p := range d.State().Images {
		all = append(all, p.Name)
	}
	return strings.Join(all, " ")
}

func (d *desk) undoable(want string) {
	d.t.Helper()
	if d.State().Undo != want {
		d.t.Errorf("undo says %q, want %q", d.State().Undo, want)
	}
}

func TestUndoOfSettingsTakesTheMapThatIsKept(t *testing.T) {
	bubble(t, func(d *desk) {
		d.opened()
		d.q.pass(10 * time.Second)
		for _, n := range []int{5, 6, 7} { // a slider
			if err := d.SetValue(0, "steps", n); err != nil {
				t.Fatal(err)
			}
		}
		d.q.pass(20 * time.Second)
		runs, told := d.first.runs(), d.view.count(HistoryChanged)
		d.undoable("Change “Steps” of first")
		if got := d.Undo(); got != "Change “Steps” of first" || told != 1 {
			t.Errorf("undid %q, told %d times", got, told)
		}
		p := d.State().Panel()
		if p.Values["steps"] != 4 || p.Status != Ready || p.Stale {
			t.Errorf("after the undo %v, %v", p.Values, p.Status)
		}
		d.Redo()
		d.q.pass(time.Second)
		if p.Values["steps"] != 7 || p.Status != Ready || d.first.runs() != runs {
			t.Errorf("after the redo %v; %d runs more", p.Values, d.first.runs()-runs)
		}
		d.ResetValues(0)
		d.undoable("Reset settings of first")
		d.Undo()
		if p.Values["steps"] != 7 || d.settings.Values["first"]["steps"] != "7" {
			t.Errorf("the reset is not undone: %v, remembered %v", p.Values, d.settings.Values)
		}
	})
}

func TestRemovalsComeBackToTheirPlaces(t *testing.T) {
	bubble(t, func(d *desk) {
		d.opened()
		for i := range 4 {
			d.AddPicture(grey(fmt.Sprint(i), float32(40*i)))
		}
		d.q.pass(20 * time.Second)
		d.Select(2)
		d.q.pass(20 * time.Second)
		d.Remove(2)
		d.Remove(0)
		d.q.pass(20 * time.Second) // another one is looked at
		calls, runs := d.models["m.onnx"].calls.Load(), d.first.runs()
		if d.names() != "0 2 3" {
			t.Fatalf("there are %s", d.names())
		}
		d.undoable("Remove white")
		d.Undo()
		d.Undo()
		d.q.pass(20 * time.Second)
		if d.names() != "white 0 1 2 3" || d.State().Selected().Name != "1" || d.State().Panel().Stale || d.State().Panel().Status != Ready {
			t.Errorf("%s, at %s, %v", d.names(), d.State().Selected().Name, d.State().Panel().Status)
		}
		d.Clear()
		d.q.pass(time.Second)
		d.undoable("Remove all pictures")
		d.Undo()
		d.q.pass(20 * time.Second)
		if d.names() != "white 0 1 2 3" || d.State().Selected().Name != "1" || d.State().Selected().Best == nil {
			t.Errorf("%s, at %v", d.names(), d.State().Selected())
		}
		if d.first.runs() != runs || d.models["m.onnx"].calls.Load() != calls {
			t.Errorf("%d runs and %d passes for what was known", d.first.runs()-runs, d.models["m.onnx"].calls.Load()-calls)
		}
		d.Redo()
		if len(d.State().Images) != 0 || d.State().Look != nil || d.State().Redo != "" {
			t.Errorf("%d pictures after the redo", len(d.State().Images))
		}
	})
}

// What was added meanwhile stays, and nothing is there twice.
func TestRemovalsComeBackBesideOthers(t *testing.T) {
	bubble(t, func(d *desk) {
		d.opened()
		dir := t.TempDir()
		file := func(name string) string {
			path := filepath.Join(dir, name)
			write(t, path, "no picture")
			return path
		}
		d.Clear()
		d.AddImages([]string{file("a"), file("b"), file("c")})
		d.q.pass(time.Second)
		d.Clear()
		d.AddImages([]string{file("x"), file("b")})
		d.q.pass(time.Second)
		d.Undo()
		d.q.pass(time.Second)
		if d.names() != "a x c b" { // each where it was, as far as that goes
			t.Errorf("there are %s", d.names())
		}
		d.Redo()
		if d.names() != "x b" {
			t.Errorf("after the redo there are %s", d.names())
		}
	})
}

func TestWhatAnotherModelSaidDoesNotComeBack(t *testing.T) {
	bubble(t, func(d *desk) {
		p := d.scanned(3)
		d.q.pass(20 * time.Second)
		d.Clear()
		d.Open("other.onnx")
		d.q.pass(time.Second)
		d.Undo()
		if p.Best != nil || p.Answers[1].Known() {
			t.Error("the former model's answers are back")
		}
		d.q.pass(20 * time.Second)
		if p.Best == nil || d.models["other.onnx"].calls.Load() == 0 {
			t.Error("the new model was not asked")
		}
	})
}

// A refusal to use scans is no removal that can be undone.
func TestRefusalIsFinal(t *testing.T) {
	bubble(t, func(d *desk) {
		d.addFound([]*picture.Series{series(t, 2)}, nil)
		d.q.pass(time.Second)
		d.RefuseResearchUse()
		d.undoable("")
	})
}

func TestUseOfTheModelIsUndone(t *testing.T) {
	bubble(t, func(d *desk) {
		model := d.correct()
		d.opened()
		d.q.pass(time.Second)
		choose := func(c metadata.Choices) {
			t.Helper()
			if err := d.Choose(c); err != nil {
				t.Fatal(err)
			}
			d.q.pass(2 * time.Second)
		}
		labels := filepath.Join(t.TempDir(), "names.txt")
		if err := os.WriteFile(labels, []byte("light\ndark\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		choose(scaled(0.5, 0))
		first := model()
		choose(metadata.Choices{Skip: new(4)}) // opens the model anew
		if model() == first {
			t.Fatal("the model was not opened again")
		}
		d.SetLabels(labels)
		d.q.pass(2 * time.Second)
		d.undoable("Load labels from names.txt")
		if got := model().card.Labels; !slices.Equal(got, []string{"light", "dark"}) {
			t.Fatalf("labels %v", got)
		}
		d.Undo()
		d.q.pass(2 * time.Second)
		if got := model().card.Labels; len(got) != 0 || d.given.Choices.LabelFile != "" {
			t.Errorf("labels %v after the undo", got)
		}
		d.Undo()
		if d.Undo() != "" {
			t.Error("undoes while a model is being opened")
		}
		d.q.pass(2 * time.Second)
		if s := model().card.Preprocess.Scale; s[0] != 0.5 || model().opt.Choices.Skip != nil || !d.adjusted {
			t.Errorf("scale %v, %+v", s, model().opt.Choices)
		}
		d.Undo()
		d.q.pass(2 * time.Second)
		if s := model().card.Preprocess.Scale; s[0] != 1 || d.adjusted || d.State().Undo != "" {
			t.Errorf("scale %v; undo %q", s, d.State().Undo)
		}
		for range 3 {
			d.Redo()
			d.q.pass(2 * time.Second)
		}
		if c := model().card; c.Preprocess.Scale[0] != 0.5 || !slices.Equal(c.Labels, []string{"light", "dark"}) || model().opt.Choices.Skip == nil || d.State().Redo != "" {
			t.Errorf("after all redos %+v", c)
		}
		d.Open("other.onnx")
		d.q.pass(2 * time.Second)
		d.undoable("")
	})
}

func TestRemovalOfManyPicturesKeepsLittle(t *testing.T) {
	bubble(t, func(d *desk) {
		d.opened()
		for i := range 3 {
			d.AddPicture(grey(fmt.Sprint(i), 9))
		}
		d.q.pass(10 * time.Second)
		p := d.State().Images[1]
		p.Answers = make([]Answered, history.MostBytes/64)
		d.Clear()
		d.undoable("Remove all pictures")
		if d.thumbs.Has(p.thumbKey()) {
			t.Error("thumbnails are kept")
		}
		d.Undo()
		d.q.pass(10 * time.Second)
		if !d.thumbs.Has(p.thumbKey()) || p.Best == nil {
			t.Error("they are not made again")
		}
	})
}
