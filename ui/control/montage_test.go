package control

import (
	"encoding/csv"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"picasso/backend/picture/dicom"
	"picasso/backend/picture/measure"
	"picasso/backend/score"
	"picasso/ui/drawing"
)

func TestKeySlicesAreMarkedVisitedAndUndone(t *testing.T) {
	bubble(t, func(d *desk) {
		p := d.scanned(6)
		d.q.pass(time.Second)
		for _, i := range []int{4, 1} {
			d.SelectSlice(i)
			if on, ok := d.ToggleKey(); !on || !ok {
				t.Fatal("not marked")
			}
		}
		if got := d.KeySlices(); !slices.Equal(got, []int{1, 4}) || !d.IsKey(4) || d.IsKey(2) {
			t.Errorf("marked %v", got)
		}
		if !d.StepKey(1) || p.Slice != 4 || d.StepKey(1) || !d.StepKey(-1) || p.Slice != 1 {
			t.Errorf("stepping ends at %d", p.Slice)
		}
		d.undoable("Mark slice 2")
		d.Undo()
		if got := d.KeySlices(); !slices.Equal(got, []int{4}) {
			t.Errorf("after the undo %v", got)
		}
		d.Redo()
		if on, _ := d.ToggleKey(); on || len(d.KeySlices()) != 1 {
			t.Error("the mark cannot be taken away")
		}
		d.Clear()
		if _, ok := d.ToggleKey(); ok {
			t.Error("nothing is marked")
		}
	})
}

func TestKeySlicesAreExported(t *testing.T) {
	bubble(t, func(d *desk) {
		d.scanned(4)
		d.q.pass(20 * time.Second)
		dir := t.TempDir()
		path := filepath.Join(dir, "keys.png")
		d.ExportKeySlices(path)
		if d.State().Notice == nil || !strings.Contains(d.State().Notice.Err.Error(), "no slice is marked") {
			t.Error("nothing is told about no key slices")
		}
		d.ToggleKey()
		d.SelectSlice(3)
		d.q.pass(5 * time.Second)
		d.ToggleKey()
		d.Draw(0, shape(measure.Rectangle, 0, 0, 8, 3), true) // all bright
		d.Draw(0, shape(measure.Length, 0, 0, 3, 4), true)
		d.DismissAll()
		d.ExportKeySlices(path)
		d.q.settle()
		if n := d.State().Notice; n == nil || !strings.HasPrefix(n.Text, "Saved 2 key slices") {
			t.Fatalf("%+v", n)
		}
		for _, name := range []string{"keys.png", "keys-slice-001.png", "keys-slice-004.png"} {
			f, err := os.Open(filepath.Join(dir, name))
			if err != nil {
				t.Fatal(err)
			}
			m, err := png.Decode(f)
			if f.Close(); err != nil || m.Bounds().Dx() < 640 {
				t.Errorf("%s: %v, %v", name, m.Bounds(), err)
			}
		}
		f, err := os.Open(filepath.Join(dir, "keys.csv"))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		lines, err := csv.NewReader(f).ReadAll()
		if err != nil || len(lines) != 4 {
			t.Fatalf("%v, %v", lines, err)
		}
		want := [][]string{
			{"1", "0", "W 400 L 40", "black", "", "", "", "", "", "", "", "", "", "", drawing.ResearchUse},
			{"4", "15", "W 400 L 40", "black", "", "rectangle", "96", "mm²", "200", "0", "200", "200", "24", "HU", drawing.ResearchUse},
			{"4", "15", "W 400 L 40", "black", "", "length", "10", "mm", "", "", "", "", "", "", drawing.ResearchUse},
		}
		for i, line := range lines[1:] {
			line[4] = "" // the score
			if !slices.Equal(line, want[i]) {
				t.Errorf("line %d is %q, want %q", i, line, want[i])
			}
		}
		for _, path := range d.KeyFiles(path) {
			if data, _ := os.ReadFile(path); strings.Contains(string(data), "DOE") {
				t.Errorf("%s names the patient", path)
			}
		}
	})
}

func TestMontageMakesTilesAsTheyAreAskedFor(t *testing.T) {
	bubble(t, func(d *desk) {
		d.scanned(5)
		d.q.pass(20 * time.Second)
		d.OpenMontage(false)
		m := d.State().Montage
		if m == nil || len(m.Slices) != 5 || d.Tile(0) != nil || d.Tile(3) != nil {
			t.Fatalf("%+v", m)
		}
		d.q.settle()
		first := d.Tile(3)
		if first == nil || first.Image.Rect.Dx() != tileSide || first.Size.X != 8 || len(m.tiles) != 2 || first.Image.Pix[4*tileSide*tileSide-4] != 0 {
			t.Errorf("%d tiles", len(m.tiles))
		}
		d.Invert()
		if d.Tile(3) != nil {
			t.Error("the tile is of another window")
		}
		d.q.settle()
		if now := d.Tile(3); now == nil || now.Image.Pix[4*tileSide*tileSide-4] != 255 {
			t.Error("the tile is not inverted")
		}
		d.ToggleKey()
		d.OpenMontage(true)
		if got := d.State().Montage.Slices; !slices.Equal(got, []int{0}) || d.Tile(3) == nil {
			t.Errorf("key slices %v", got)
		}
		d.Clear()
		if d.State().Montage != nil {
			t.Error("the montage of nothing stays")
		}
		d.OpenMontage(false)
		if d.State().Montage != nil || d.State().Notice == nil {
			t.Error("a montage without series")
		}
	})
}

// One bad slice costs one slice: the others have their answers, and it is told
// where it is looked at.
func TestABrokenSliceCostsItself(t *testing.T) {
	bubble(t, func(d *desk) {
		folder := t.TempDir()
		var files []string
		for i := range 5 {
			files = append(files, ctAt(t, folder, i))
		}
		info, err := os.Stat(files[2])
		if err == nil {
			err = os.Truncate(files[2], info.Size()-125)
		}
		if err != nil {
			t.Fatal(err)
		}
		d.settings.ResearchUse = true
		d.Open("m.onnx")
		d.q.pass(time.Second)
		d.Drop([]string{folder})
		d.q.pass(20 * time.Second)
		p := d.State().Selected()
		if p == nil || p.Slices() != 5 || p.Err != nil || len(d.State().Images) != 1 {
			t.Fatalf("%d entries, %+v", len(d.State().Images), p)
		}
		for i, a := range p.Answers {
			if (a.Err != nil) != (i == 2) || a.Known() == (i == 2) {
				t.Errorf("slice %d: known %v, %v", i, a.Known(), a.Err)
			}
		}
		if n := d.State().Notice; n == nil || !strings.Contains(n.Text, "1 slice of the scan cannot be read") || !strings.Contains(n.Text, "slice 3") {
			t.Errorf("told %+v", n)
		}
		d.SelectSlice(2)
		d.q.pass(time.Second)
		if n := d.State().Notice; n == nil || !strings.Contains(n.Doing, "slice 3 of 5") || p.Err != nil {
			t.Errorf("on the slice %+v, %v", n, p.Err)
		}
		d.SelectSlice(3)
		d.q.pass(20 * time.Second)
		if k := d.State().Look; k == nil || k.Slice != 3 || d.State().Panel().Status != Ready {
			t.Error("the next slice is not explained")
		}
		d.ExplainSeries()
		d.q.pass(60 * time.Second)
		if got := d.Explained(); !slices.Equal(got, []bool{true, true, false, true, true}) {
			t.Errorf("explained %v", got)
		}
	})
}

// ctAt writes slice i of a series into a folder.
func ctAt(t *testing.T, folder string, i int) string {
	t.Helper()
	s := dicom.Slice{Rows: 8, Columns: 8, Values: make([]int16, 64), Spacing: 2, Thickness: 5,
		Position: [3]float64{0, 0, 5 * float64(i)}, Number: i + 1, Root: "2.25.4", Center: 40, Width: 400}
	path := filepath.Join(folder, fmt.Sprintf("%d.dcm", i))
	if err := os.WriteFile(path, s.Encode(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// The curve keeps its class while another one is best on another slice, and takes
// one that is chosen.
func TestCurveKeepsItsClass(t *testing.T) {
	bubble(t, func(d *desk) {
		d.scanned(3)
		d.q.pass(20 * time.Second)
		first := d.CurveTarget()
		s := d.State()
		other := 1 - first.Class
		s.Selected().Answers[2].Best = other
		s.Target.Class = other // as on a slice where it is best
		if got := d.CurveTarget(); got.Class != first.Class {
			t.Errorf("the curve went over to class %d", got.Class)
		}
		d.SetTarget(other, score.NoClass)
		if got := d.CurveTarget(); got.Class != other {
			t.Errorf("the chosen class is %d, the curve's %d", other, got.Class)
		}
	})
}

// Maps lie over the slices of a montage where they are, all of one class and on one
// scale; what the others take is known, and they are made for that class.
func TestMontageHasMaps(t *testing.T) {
	bubble(t, func(d *desk) {
		p := d.scanned(5) // the first one is black, the others ever whiter
		d.q.pass(30 * time.Second)
		d.SelectTab(1) // needs a run for each class
		d.q.pass(30 * time.Second)
		d.OpenMontage(false)
		d.q.settle()
		m := d.State().Montage
		if m.Mapped != 1 || d.MapOn(0) == nil || d.MapOn(3) != nil || m.Range == (drawing.Range{}) {
			t.Fatalf("%d slices with maps, scale %+v", m.Mapped, m.Range)
		}
		if left, _, known := d.MapsCost(); left != 4 || known {
			t.Errorf("%d slices are left, cost known: %v", left, known)
		}
		d.ExplainSeries()
		d.q.pass(time.Minute)
		d.FindMaps()
		d.q.settle()
		for i := range p.Slices() {
			if one := d.MapOn(i); one == nil || one.Open().Target != d.CurveTarget() {
				t.Fatalf("slice %d has the map %+v", i+1, one)
			}
		}
		if left, _, _ := d.MapsCost(); left != 0 || m.Mapped != 5 {
			t.Errorf("%d of 5 slices have maps, %d are left", m.Mapped, left)
		}
		whole := m.Range
		d.OpenMontage(true)
		d.q.settle()
		if now := d.State().Montage; now.Range != whole || len(now.Slices) != 0 {
			t.Errorf("the scale of key slices alone is %+v, of all %+v", now.Range, whole)
		}
		d.ShowMaps(false)
		if d.MapOn(0) != nil {
			t.Error("maps that were taken away are there")
		}
		d.ShowMaps(true)
		d.SetTarget(0, score.NoClass) // no map of white is there
		d.FindMaps()
		d.q.settle()
		if now := d.State().Montage; now.Mapped != 0 || now.Target.Class != 0 || d.MapOn(0) != nil {
			t.Errorf("of another class %d maps are shown", now.Mapped)
		}
		d.SelectTab(0)
		d.FindMaps()
		d.q.settle()
		if now := d.State().Montage; now != nil && now.Mapped > 1 {
			t.Errorf("of another method %d maps are shown", now.Mapped)
		}
	})
}
