package control

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"picasso/backend/picture"
	"picasso/backend/picture/dicom/derived"
	"picasso/backend/picture/dicom/dicomtest"
)

// mapsOf writes a series of CT of two slices and, beside it, maps of its first slice or
// both, which have one value each: 1, 2, and so on.
func mapsOf(t *testing.T, slices ...int) (scan string, maps []string) {
	t.Helper()
	scan, beside := t.TempDir(), t.TempDir()
	for i := range 2 {
		data := dicomtest.File(dicomtest.Grey(8, 8, make([]int16, 64)), []dicomtest.Element{
			dicomtest.Text(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.2"), dicomtest.Text(0x00080018, "UI", fmt.Sprintf("2.25.7.%d", i)), dicomtest.Text(0x00080060, "CS", "CT"),
			dicomtest.Text(0x0020000e, "UI", "2.25.9"), dicomtest.Text(0x00180050, "DS", "2"), dicomtest.Text(0x00200032, "DS", fmt.Sprintf(`0\0\%d`, 2*i)),
			dicomtest.Text(0x00200037, "DS", `1\0\0\0\1\0`), dicomtest.Text(0x00280030, "DS", `1\1`),
		})
		if err := os.WriteFile(filepath.Join(scan, fmt.Sprint("IM", i)), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	all, err := picture.OpenSeries(t.Context(), scan)
	if err != nil {
		t.Fatal(err)
	}
	m, err := all[0].Slice(0)
	if err != nil {
		t.Fatal(err)
	}
	origin, err := m.Origin(t.Context(), false)
	if err != nil {
		t.Fatal(err)
	}
	for k, n := range slices {
		values := make([]float32, 64)
		for i := range values {
			values[i] = float32(k + 1)
		}
		var b bytes.Buffer
		about := derived.About{Origin: origin, Source: m.SHA256, Slices: m.Slices()[:n], Program: "Picasso", Title: fmt.Sprintf("map %d", k+1)}
		if err := derived.Parametric(&b, about, derived.Map{Columns: 8, Rows: 8, Values: func(int) ([]float32, error) { return values, nil }, Unit: "drop"}); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(beside, fmt.Sprintf("map%d.dcm", k+1))
		if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		maps = append(maps, path)
	}
	return scan, maps
}

// Of several maps from files over a slice one follows the other, round and round; the
// chosen one stays over other slices where it lies on them too.
func TestMapsFromFilesFollowEachOther(t *testing.T) {
	scan, maps := mapsOf(t, 2, 1, 2)
	bubble(t, func(d *desk) {
		d.settings.ResearchUse = true
		d.Drop([]string{scan})
		settleReal(d, func() bool { return d.State().Look != nil })
		shown := func() string {
			d.q.pass(10 * time.Second)
			if o := d.State().Over(); o != nil {
				return fmt.Sprintf("%s of %d: %g", o.Title, o.Count, o.Map.Values[9])
			}
			return "nothing"
		}
		if d.NextLaid() {
			t.Error("of no maps there is a next one")
		}
		d.Drop(maps[:1])
		settleReal(d, func() bool { return d.State().Over() != nil })
		if got := shown(); got != "map 1 of 1: 1" || d.NextLaid() {
			t.Errorf("%s is shown of one, and has a next one", got)
		}
		d.Drop(maps[1:])
		settleReal(d, func() bool { o := d.State().Over(); return o != nil && o.Count == 3 })
		seen := map[string]int{}
		first := shown()
		for range 3 {
			seen[shown()]++
			if !d.NextLaid() {
				t.Fatal("of three maps there is no next one")
			}
		}
		if again := shown(); len(seen) != 3 || again != first {
			t.Errorf("seen %v, then %s after %s", seen, again, first)
		}
		for shown() != "map 3 of 3: 3" {
			d.NextLaid()
		}
		other := 1 - d.State().Selected().Slice
		d.SelectSlice(other)
		if got, want := shown(), map[int]string{0: "map 3 of 3: 3", 1: "map 3 of 2: 3"}[other]; got != want {
			t.Errorf("on slice %d lies %s, want %s", other, got, want)
		}
		d.Open("m.onnx")
		settleReal(d, func() bool { return d.State().Model != nil && d.State().Panel().Status == Ready })
		if d.State().Over() != nil {
			t.Fatal("a map from a file lies before those of the model")
		}
		d.SelectSlice(0)
		d.q.pass(10 * time.Second)
		if !d.NextLaid() || d.State().Over() == nil && shown() == "nothing" {
			t.Error("asked for, no map from a file comes before those of the model")
		}
	})
}
