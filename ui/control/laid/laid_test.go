package laid

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"picasso/backend/fixtures/nodule"
	"picasso/backend/picture"
	"picasso/backend/picture/dicom/derived"
	"picasso/backend/picture/dicom/dicomtest"
)

// slice writes a picture of CT of 3×2 pixels and gives it as a series.
func slice(t *testing.T, instance, position string) *picture.Series {
	t.Helper()
	data := dicomtest.File(dicomtest.Grey(2, 3, make([]int16, 6)), []dicomtest.Element{
		dicomtest.Text(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.2"), dicomtest.Text(0x00080018, "UI", instance), dicomtest.Text(0x00080060, "CS", "CT"),
		dicomtest.Text(0x0020000e, "UI", "2.25.9"), dicomtest.Text(0x00180050, "DS", "2"), dicomtest.Text(0x00200032, "DS", position),
		dicomtest.Text(0x00200037, "DS", `1\0\0\0\1\0`), dicomtest.Text(0x00280030, "DS", `1\1`),
	})
	return opened(t, data)
}

func opened(t *testing.T, data []byte) *picture.Series {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	all, err := picture.OpenSeries(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	return all[0]
}

// made is a map of slices of a series, with the values 0, 1, 2… on each; change may move
// it.
func made(t *testing.T, of *picture.Series, change func(*derived.About)) *picture.Series {
	t.Helper()
	m, err := of.Slice(0)
	if err != nil {
		t.Fatal(err)
	}
	a := derived.About{Source: m.SHA256, Slices: m.Slices(), Program: "Picasso", Title: "A map"}
	if a.Origin, err = m.Origin(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	if a.Slices == nil {
		a.Slices = []derived.Slice{{Class: a.Origin.Class, Instance: a.Origin.Instance, Geometry: m.Scan.Geometry}}
	}
	values := make([]float32, m.Width*m.Height)
	for i := range values {
		values[i] = float32(i)
	}
	columns, rows := m.Width, m.Height
	if change != nil {
		change(&a)
		columns, rows = rows, columns
	}
	var b bytes.Buffer
	if err := derived.Parametric(&b, a, derived.Map{Columns: columns, Rows: rows, Values: derived.One(values), Unit: "drop"}); err != nil {
		t.Fatal(err)
	}
	return opened(t, b.Bytes())
}

func read(t *testing.T, f Frames, onto *picture.Series) []float32 {
	t.Helper()
	m, err := onto.Slice(0)
	if err != nil {
		t.Fatal(err)
	}
	out, title, err := f.Read(t.Context(), m)
	if err != nil || title != "A map" || out.Unit != "drop" {
		t.Fatalf("%q in %q, %v", title, out.Unit, err)
	}
	return out.Values
}

func TestAMapLiesOnItsSourceAlone(t *testing.T) {
	source, other := slice(t, "2.25.1", `0\0\0`), slice(t, "2.25.2", `0\0\0`)
	m := made(t, source, nil)
	all := []*picture.Series{m, source, other}
	if which, on, err := Source(t.Context(), m, all); err != nil || which != 1 || len(on) != 1 {
		t.Errorf("made of %d, slices %v, %v", which, on, err)
	}
	if which, _, err := Source(t.Context(), m, []*picture.Series{m, other}); err != nil || which != -1 {
		t.Errorf("made of another picture: %d, %v", which, err)
	}
	if len(On(all, other, 0, "")) > 0 {
		t.Error("it lies on another picture")
	}
	f, ok := last(On(all, source, 0, ""))
	if !ok {
		t.Fatal("it does not lie on its source")
	}
	if both := On([]*picture.Series{m, source, m.Only(0)}, source, 0, ""); len(both) != 2 || both[0].Object() != m || both[1].Object() == m {
		t.Errorf("of two objects it lies %v", both)
	}
	for i, v := range read(t, f, source) {
		if v != float32(i) {
			t.Errorf("pixel %d is %v", i, v)
		}
	}
	// Files with one identifier are told apart by where they lie.
	if twin := slice(t, "2.25.1", `0\0\4`); len(twin.Made(m, 0, "")) > 0 {
		t.Error("it lies on a slice elsewhere")
	}
}

// A map that was made of the turned slice comes back turned: by where its pixels are.
func TestATurnedMapLiesWhereItsPixelsAre(t *testing.T) {
	source := slice(t, "2.25.1", `0\0\0`)
	m := made(t, source, func(a *derived.About) { // rows become columns
		a.Slices[0].Geometry.Put([3]float64{}, [3]float64{0, 1, 0}, [3]float64{1, 0, 0})
	})
	f, ok := last(On([]*picture.Series{m}, source, 0, ""))
	if !ok {
		t.Fatal("it does not lie on its source")
	}
	for i, v := range read(t, f, source) {
		if x, y := i%3, i/3; v != float32(x*2+y) {
			t.Errorf("pixel %d is %v", i, v)
		}
	}
}

// A file without identifiers is told by its checksum.
func TestAMapOfAFileThatIsNoDICOM(t *testing.T) {
	source, other := opened(t, nodule.NewBody(1, true).NIfTI()), opened(t, nodule.NewBody(2, true).NIfTI())
	m := made(t, source, nil)
	which, on, err := Source(t.Context(), m, []*picture.Series{other, source, m})
	if err != nil || which != 1 || len(on) != nodule.Size[0] {
		t.Errorf("made of %d, %d slices, %v", which, len(on), err)
	}
}

// Regions have the number of their segment, and NaN beside them.
func TestRegionsLieOnTheirSource(t *testing.T) {
	source := slice(t, "2.25.1", `0\0\0`)
	m, err := source.Slice(0)
	if err != nil {
		t.Fatal(err)
	}
	a := derived.About{Program: "Picasso", Geometry: m.Scan.Geometry}
	if a.Origin, err = m.Origin(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := derived.Segmentation(&b, a, 3, 2, []derived.Segment{
		{Label: "left", Inside: derived.One([]bool{true, true, false, false, false, false})},
		{Label: "lower", Inside: derived.One([]bool{false, true, false, false, true, false})},
	}); err != nil {
		t.Fatal(err)
	}
	f, ok := last(On([]*picture.Series{source, opened(t, b.Bytes())}, source, 0, ""))
	if !ok {
		t.Fatal("they do not lie on their source")
	}
	out, _, err := f.Read(t.Context(), m)
	if err != nil || !strings.HasPrefix(out.Unit, "segments: 1 left; 2 lower") {
		t.Fatalf("in %q, %v", out.Unit, err)
	}
	nan := float32(math.NaN())
	for i, want := range []float32{1, 2, nan, nan, 2, nan} {
		if got := out.Values[i]; got != want && (got == got || want == want) {
			t.Errorf("pixel %d is %v, want %v", i, got, want)
		}
	}
}

// last is the last one of several objects.
func last(all []Frames) (f Frames, ok bool) {
	if len(all) == 0 {
		return f, false
	}
	return all[len(all)-1], true
}
