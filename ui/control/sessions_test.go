package control

import (
	"bytes"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"picasso/backend/mask"
	"picasso/backend/picture/measure"
	"picasso/backend/score"
)

// work is a folder with a model and two pictures.
func work(t *testing.T) string {
	t.Helper()
	dir := tree(t, "net.onnx", "p/a.png", "p/b.png")
	write(t, filepath.Join(dir, "truth.csv"), "path,label\nb.png,white\n")
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "p", "a.png"), b.String())
	write(t, filepath.Join(dir, "p", "b.png"), b.String()+" another")
	return dir
}

// saved is a session of a window with everything changed.
func saved(t *testing.T, d *desk, dir string) string {
	t.Helper()
	d.Drop([]string{filepath.Join(dir, "net.onnx"), filepath.Join(dir, "p", "a.png"), filepath.Join(dir, "p", "b.png")})
	settleReal(d, func() bool { return d.State().Model != nil && len(d.State().Images) == 2 && d.State().Look != nil })
	d.SetTruth(filepath.Join(dir, "truth.csv"))
	settleReal(d, d.State().Labelled)
	d.Select(1)
	settleReal(d, func() bool { k := d.State().Look; return k != nil && k.ID == d.State().Images[1].ID })
	d.SelectTab(1)
	if err := d.SetValue(1, "steps", 7); err != nil {
		t.Fatal(err)
	}
	display := d.State().Panels[0].Display
	display.Opacity = 0.25
	d.SetDisplay(0, display)
	d.SetTarget(1, 0)
	d.DrawRegion(mask.Rectangle{A: mask.Point{X: 1, Y: 2}, B: mask.Point{X: 4, Y: 7}}, false)
	d.NameRegion("rim")
	d.DrawRegion(mask.Ellipse{A: mask.Point{X: 3, Y: 3}, B: mask.Point{X: 8, Y: 8}}, false)
	d.Draw(0, measure.Shape{Kind: measure.Length, Points: [][2]float64{{1, 1}, {6, 6.5}}}, true)
	d.SetNote("look at the rim")
	path := filepath.Join(dir, "one.picasso")
	d.SaveSession(strings.TrimSuffix(path, ".picasso"), false)
	settleReal(d, func() bool { _, err := os.Stat(path); return err == nil })
	return path
}

// A session brings back what was open, in another window and another folder, and
// saved again it is the same to the byte.
func TestASessionReopensWhatWasOpen(t *testing.T) {
	dir := work(t)
	var before []byte
	bubble(t, func(d *desk) {
		data, err := os.ReadFile(saved(t, d, dir))
		if err != nil {
			t.Fatal(err)
		}
		before = data
	})
	if !bytes.Contains(before, []byte(`"p/b.png"`)) || bytes.Contains(before, []byte(dir)) {
		t.Errorf("the paths are not relative:\n%s", before)
	}
	moved := filepath.Join(t.TempDir(), "moved")
	if err := os.Rename(dir, moved); err != nil {
		t.Fatal(err)
	}
	bubble(t, func(d *desk) {
		d.Drop([]string{filepath.Join(moved, "one.picasso")})
		settleReal(d, func() bool { return d.State().Model != nil && d.State().Look != nil })
		s := d.State()
		if len(s.Images) != 2 || s.Current != 1 || s.Tab != 1 || !s.Pinned || s.Target != (score.Target{Class: 1, Against: 0}) {
			t.Errorf("%d pictures, looking at %d, tab %d, target %+v", len(s.Images), s.Current, s.Tab, s.Target)
		}
		if v := steps.In(s.Panels[1].Values); v != 7 || s.Panels[0].Display.Opacity != 0.25 {
			t.Errorf("steps %d, opacity %g", v, s.Panels[0].Display.Opacity)
		}
		if r := d.Regions(); r == nil || !slices.Equal(r.Names, []string{"region", "rim"}) || r.Area(1)+r.Area(2) < 15 || len(d.Measures()) != 1 || d.Note() != "look at the rim" {
			t.Errorf("drawn are %+v, measured %v, the note %q", r, d.Measures(), d.Note())
		}
		if s.Notice != nil {
			t.Errorf("told %+v", s.Notice)
		}
		settleReal(d, s.Labelled)
		if s.Truth != "truth.csv" || d.LabelWords(s.Images[1]) != "white" {
			t.Errorf("labels from %q, b.png shows %q", s.Truth, d.LabelWords(s.Images[1]))
		}
		again := filepath.Join(moved, "two.picasso")
		d.SaveSession(again, false)
		settleReal(d, func() bool { _, err := os.Stat(again); return err == nil })
		if data, err := os.ReadFile(again); err != nil || !bytes.Equal(data, before) {
			t.Errorf("saved again it differs: %v\n%s\n%s", err, data, before)
		}
	})
}

// A model that was trained further is told of; pictures that are gone are looked
// for where the user points, all at once.
func TestASessionTellsWhatChanged(t *testing.T) {
	dir := work(t)
	bubble(t, func(d *desk) { saved(t, d, dir) })
	write(t, filepath.Join(dir, "net.onnx"), "trained further")
	elsewhere := filepath.Join(t.TempDir(), "pictures")
	if err := os.Rename(filepath.Join(dir, "p"), elsewhere); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "one.picasso")
	bubble(t, func(d *desk) {
		d.OpenSession(path, "")
		settleReal(d, func() bool { return d.State().Model != nil })
		var told []string
		for _, n := range append(d.State().Earlier, d.State().Notice) {
			told = append(told, n.Text)
		}
		all := strings.Join(told, "\n")
		if !strings.Contains(all, "net.onnx") || !strings.Contains(all, "b.png") || d.State().Lacking != path {
			t.Errorf("told %q", all)
		}
		d.OpenSession(path, elsewhere)
		settleReal(d, func() bool { return len(d.State().Images) == 2 })
		if d.State().Lacking != "" {
			t.Error("something is still missing")
		}
	})
}

// With a scan in the list a session is only written after a question.
func TestASessionWithScansAsks(t *testing.T) {
	dir := work(t)
	path := filepath.Join(dir, "s.picasso")
	bubble(t, func(d *desk) {
		d.Drop([]string{filepath.Join(dir, "p", "a.png")})
		settleReal(d, func() bool { return len(d.State().Images) == 1 })
		d.State().Images[0].scan = true
		d.SaveSession(path, false)
		settleReal(d, func() bool { return d.State().Notice != nil })
		if _, err := os.Stat(path); err == nil {
			t.Fatal("it was written")
		}
		d.State().Notice.Offers[0].Take()
		settleReal(d, func() bool { _, err := os.Stat(path); return err == nil })
	})
}

// A session of somebody else's opens nothing outside its folder, and one of a later
// form says what to do.
func TestASessionFromOutside(t *testing.T) {
	dir := work(t)
	inner := filepath.Join(dir, "inner")
	if err := os.Mkdir(inner, 0o777); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(inner, "s.picasso")
	bubble(t, func(d *desk) {
		write(t, path, `{"format":1,"model":{"path":"../net.onnx"},"items":[{"path":"../p/a.png"}],"current":0,"tab":"second"}`)
		d.OpenSession(path, "")
		settleReal(d, func() bool { return d.State().Lacking != "" })
		if s := d.State(); len(s.Images) != 0 || s.Opening != nil {
			t.Error("a file outside was opened")
		}
		write(t, path, `{"format":99}`)
		d.OpenSession(path, "")
		settleReal(d, func() bool { return d.State().Notice != nil && d.State().Notice.Err != nil })
		if said := d.State().Notice.Err.Error(); !strings.Contains(said, "newer Picasso") {
			t.Error(said)
		}
	})
}
