package control

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"picasso/backend/picture"
	"picasso/backend/picture/dicom"
	"picasso/backend/picture/measure"
	"picasso/ui/control/settings"
)

// filed is a series of n slices in files.
func filed(t *testing.T, folder, root string, n int) *picture.Series {
	t.Helper()
	for i := range n {
		s := dicom.Slice{Rows: 8, Columns: 8, Values: make([]int16, 64), Spacing: 2, Position: [3]float64{0, 0, 5 * float64(i)}, Number: i + 1, Root: root, Center: 40, Width: 400}
		if err := os.MkdirAll(folder, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("DOE^JANE-%d.dcm", i)), s.Encode(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	all, err := picture.OpenSeries(t.Context(), folder)
	if err != nil || len(all) != 1 {
		t.Fatalf("%d series, %v", len(all), err)
	}
	return all[0]
}

// reading opens a series on a desk with settings.
func (d *desk) reading(s *picture.Series, kept *settings.Settings) *Picture {
	d.settings = kept
	d.settings.ResearchUse = true
	d.Open("m.onnx")
	d.q.pass(time.Second)
	d.addFound([]*picture.Series{s}, nil)
	p := d.State().Selected()
	settleReal(d, func() bool { return p.known != "" && d.State().Look != nil })
	return p
}

// What was measured and marked on a series is there when it is opened again, from
// another folder too, and not on another series; nothing that is written tells whose
// it is.
func TestMarksComeBackWithTheirSeries(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "settings.json")
	one, copied, other := filed(t, filepath.Join(dir, "one"), "2.25.1", 5), filed(t, filepath.Join(dir, "two"), "2.25.1", 5), filed(t, filepath.Join(dir, "three"), "2.25.9", 5)
	bubble(t, func(d *desk) {
		p := d.reading(one, settings.New(path))
		d.Draw(0, shape(measure.Length, 0, 0, 3, 4), true)
		d.ToggleKey()
		d.SelectSlice(3)
		settleReal(d, func() bool { return d.State().Look.Slice == 3 })
		d.Draw(0, shape(measure.Rectangle, 1, 1, 5, 5), true)
		d.Draw(0, shape(measure.Ellipse, 0, 0, 2, 2), true)
		d.RemoveMeasure()
		if len(p.shapes) != 2 || d.Remembered() != 1 {
			t.Fatalf("%d slices with shapes, %d series remembered", len(p.shapes), d.Remembered())
		}
		if err := d.settings.Save(); err != nil {
			t.Fatal(err)
		}
	})
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"DOE", "JANE", "2.25.1", "one", "dcm"} {
		if strings.Contains(string(data), word) {
			t.Errorf("the settings hold %q:\n%s", word, data)
		}
	}
	open := func() *settings.Settings {
		s, err := settings.Load(path)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	bubble(t, func(d *desk) {
		p := d.reading(copied, open())
		if got := d.KeySlices(); !slices.Equal(got, []int{0}) {
			t.Errorf("key slices %v", got)
		}
		if at := p.shapes[spot{Volume: 0, Slice: 3}]; len(at) != 1 || at[0].shape.Kind != measure.Rectangle || at[0].shape.Points[1] != [2]float64{5, 5} {
			t.Errorf("slice 4 has %+v", at)
		}
		if list := d.Measures(); len(list) != 1 || list[0].Reading.Length != 10 {
			t.Errorf("slice 1 has %+v", list)
		}
		n := d.State().Notice
		if n == nil || !strings.Contains(n.Text, "2 measurements and 1 key slice") || len(n.Offers) != 1 {
			t.Fatalf("it is not told: %+v", n)
		}
		n.Offers[0].Take()
		if len(d.Measures()) != 0 || len(d.KeySlices()) != 0 || d.Remembered() != 0 {
			t.Error("what was taken away is still there")
		}
	})
	bubble(t, func(d *desk) {
		if p := d.reading(other, open()); len(p.shapes)+len(p.keys) != 0 || d.Remembered() != 1 {
			t.Errorf("another series has %d shapes", len(p.shapes))
		}
		d.ForgetMarks()
		if d.Remembered() != 0 {
			t.Error("nothing is forgotten")
		}
	})
}
