package derived_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"picasso/backend/picture/dicom"
	"picasso/backend/picture/dicom/derived"
	"picasso/backend/picture/dicom/dicomtest"
)

var update = flag.Bool("update", false, "write the golden structures anew")

// volume is about three slices of CT that lie askew in the patient: the second and the
// third at some millimetres behind the first, along the normal.
func volume(t *testing.T, second, third float64) derived.About {
	t.Helper()
	a := about(source(t))
	for i, at := range []float64{0, second, third} {
		f := source(t, dicomtest.Text(0x00080018, "UI", fmt.Sprintf("1.2.826.0.1.99.771.18.%d", i+1)))
		g := dicom.Place(f, 0).Geometry
		n := g.Normal()
		for k := range n {
			g.Position[k] += at * n[k]
		}
		o := f.Origin(0, false)
		a.Slices = append(a.Slices, derived.Slice{Class: o.Class, Instance: o.Instance, Frame: o.Frame, Geometry: g})
	}
	return a
}

// placed is about a file that is no DICOM: it says where its slices lie, and nothing
// else.
func placed(a derived.About) derived.About {
	a.Origin = dicom.Origin{}
	for i := range a.Slices {
		a.Slices[i].Class, a.Slices[i].Instance = "", ""
		a.Slices[i].Geometry.Thickness, a.Slices[i].Geometry.Between = 0, 2
	}
	return a
}

// Every frame of a volume's map has its values to the last bit, and lies where the slice
// of the source does that it refers to.
func TestFramesOfAVolumeLieOnTheirSlices(t *testing.T) {
	for name, a := range map[string]derived.About{"even": volume(t, 2, 4), "uneven": volume(t, 2, 5)} {
		f := parsed(t, objects(t, a)["pm"])
		if f.Frames() != 3 {
			t.Fatalf("%s: %d frames", name, f.Frames())
		}
		for i, s := range a.Slices {
			m := frame(t, f, i)
			want, _ := onSlice(3)(i)
			for k, v := range want {
				if unknown := v-v != 0; unknown != m.Empty[k] || !unknown && m.Values[k] != v {
					t.Fatalf("%s: value %d of frame %d is %v (empty %v), not %v", name, k, i, m.Values[k], m.Empty[k], v)
				}
			}
			g := m.Geometry
			if name == "even" && g.Between != 2 || name == "uneven" && g.Between != 0 {
				t.Errorf("%s: slices lie %v mm apart", name, g.Between)
			}
			g.Between = s.Geometry.Between
			if g != s.Geometry {
				t.Errorf("%s: frame %d lies at %+v, not %+v", name, i, g, s.Geometry)
			}
			r := dicom.Place(f, i).Result
			if r == nil || len(r.Sources) != 1 || r.Sources[0] != (dicom.Source{Instance: derived.Replaced(s.Instance)}) {
				t.Errorf("%s: frame %d was made of %+v", name, i, r)
			}
		}
	}
}

// A region has frames where it has pixels; one that has none anywhere has one.
func TestFramesOfRegions(t *testing.T) {
	a := volume(t, 2, 4)
	f := parsed(t, objects(t, a)["seg"])
	want := []struct{ segment, slice int }{{0, 0}, {0, 2}, {1, 2}}
	if f.Frames() != len(want) {
		t.Fatalf("%d frames", f.Frames())
	}
	for i, w := range want {
		m := frame(t, f, i)
		in := make([]bool, columns*rows)
		if w.segment == 0 {
			in, _ = regionOn(3)(w.slice)
		}
		for k := range in {
			if (m.Values[k] != 0) != in[k] {
				t.Fatalf("pixel %d of frame %d is %v", k, i, m.Values[k])
			}
		}
		if m.Geometry.Position != a.Slices[w.slice].Geometry.Position {
			t.Errorf("frame %d lies at %v", i, m.Geometry.Position)
		}
	}
}

// Slices that differ in their grid tell it each for itself.
func TestSlicesOfSeveralThicknesses(t *testing.T) {
	a := volume(t, 2, 4)
	a.Slices[2].Geometry.Thickness = 5
	all := objects(t, a)
	for _, name := range []string{"pm", "seg"} {
		f := parsed(t, all[name])
		if got := frame(t, f, f.Frames()-1).Geometry.Thickness; got != 5 {
			t.Errorf("%s: the last frame is %v mm thick", name, got)
		}
		if got := frame(t, f, 0).Geometry.Thickness; got != 2.5 {
			t.Errorf("%s: the first frame is %v mm thick", name, got)
		}
	}
}

// What goes wrong on the way ends the file, and so do slices that have no place.
func TestAVolumeThatCannotBeWritten(t *testing.T) {
	a := volume(t, 2, 4)
	stopped := errors.New("stopped")
	if err := derived.Parametric(io.Discard, a, derived.Map{Columns: columns, Rows: rows, Values: func(i int) ([]float32, error) {
		if i == 2 {
			return nil, stopped
		}
		return values(), nil
	}}); !errors.Is(err, stopped) {
		t.Errorf("stopped at the third slice: %v", err)
	}
	if err := derived.Parametric(io.Discard, a, derived.Map{Columns: 40000, Rows: 9000, Values: derived.One(values())}); err == nil {
		t.Error("4.3 GB of values")
	}
	a.Slices[1].Geometry.Placed = false
	if err := derived.Parametric(io.Discard, a, derived.Map{Columns: columns, Rows: rows, Values: derived.One(values())}); !errors.Is(err, derived.ErrPlaceless) {
		t.Errorf("a slice without a place: %v", err)
	}
}

// The structure of the objects, element by element, is what the verifier was shown.
func TestStructures(t *testing.T) {
	for name, data := range objects(t, volume(t, 2, 4)) {
		var b strings.Builder
		dump(&b, data[132:], "")
		path := filepath.Join("testdata", name+".txt")
		if *update {
			if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if got := b.String(); got != string(want) {
			t.Errorf("%s has changed:\n%s", name, changed(got, string(want)))
		}
	}
}

// changed are the lines that one of two texts has.
func changed(got, want string) string {
	a, b := strings.Split(got, "\n"), strings.Split(want, "\n")
	var out []string
	for _, line := range a {
		if !slices.Contains(b, line) {
			out = append(out, "+ "+line)
		}
	}
	for _, line := range b {
		if !slices.Contains(a, line) {
			out = append(out, "- "+line)
		}
	}
	return strings.Join(out, "\n")
}

// dump lists elements of Explicit VR Little Endian, one a line.
func dump(w *strings.Builder, data []byte, indent string) {
	for len(data) >= 8 {
		tag := uint32(binary.LittleEndian.Uint16(data))<<16 | uint32(binary.LittleEndian.Uint16(data[2:]))
		vr, n, head := string(data[4:6]), int(binary.LittleEndian.Uint16(data[6:])), 8
		if slices.Contains([]string{"OB", "OF", "SQ"}, vr) {
			n, head = int(binary.LittleEndian.Uint32(data[8:])), 12
		}
		value := data[head : head+n]
		data = data[head+n:]
		if vr == "SQ" {
			fmt.Fprintf(w, "%s%08x SQ\n", indent, tag)
			for len(value) >= 8 {
				n := int(binary.LittleEndian.Uint32(value[4:]))
				fmt.Fprintf(w, "%s  item\n", indent)
				dump(w, value[8:8+n], indent+"    ")
				value = value[8+n:]
			}
			continue
		}
		text := strings.TrimRight(string(value), " \x00")
		if slices.Contains([]string{"AT", "FD", "FL", "OB", "OF", "UL", "US"}, vr) || bytes.ContainsFunc(value, func(r rune) bool { return r < ' ' && r != 0 }) {
			text = fmt.Sprintf("%x", value)
		}
		fmt.Fprintf(w, "%s%08x %s %s\n", indent, tag, vr, text)
	}
}
