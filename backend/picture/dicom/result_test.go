package dicom_test

import (
	"reflect"
	"testing"

	"picasso/backend/picture/dicom"
	. "picasso/backend/picture/dicom/dicomtest"
)

// mapped is a Parametric Map of a slice of CT that a program made.
func mapped(maker, title, unit string) []byte {
	return File(Flat(7), []Element{
		Text(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.30"), Text(0x00080060, "CS", "CT"), Text(0x00080070, "LO", maker),
		Text(0x00100010, "PN", "QUILF^ZORANTHE"), Text(0x00281052, "DS", "0"), Text(0x00281053, "DS", "1"), Text(0x00700081, "LO", title),
		Sequence(0x52009229, []Element{Sequence(0x00409096, []Element{Text(0x00283003, "LO", unit)})}),
		Sequence(0x52009230, []Element{Sequence(0x00089124, []Element{Sequence(0x00082112,
			[]Element{Text(0x00081155, "UI", "2.25.7"), Text(0x00081160, "IS", "3")}, []Element{Text(0x00081155, "UI", "no identifier")})})}),
	})
}

func TestOurMapsSayWhatTheyAreOf(t *testing.T) {
	for _, c := range []struct {
		maker, title, unit string
		want               *dicom.Result
	}{
		{"Picasso", "Occlusion of tank", "drop in P(tank)", &dicom.Result{Unit: "drop in P(tank)", Title: "Occlusion of tank", Sources: []dicom.Source{{Instance: "2.25.7", Frame: 3}}}},
		{"Picasso", "Zoranthe Quilf", "drop", &dicom.Result{Unit: "drop", Sources: []dicom.Source{{Instance: "2.25.7", Frame: 3}}}},
		{"Another", "Occlusion of tank", "drop in P(tank)", nil},
	} {
		f, err := dicom.Parse(mapped(c.maker, c.title, c.unit))
		if err != nil {
			t.Fatal(err)
		}
		m, err := f.Frame(0)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(m.Result, c.want) || !reflect.DeepEqual(dicom.Place(f, 0).Result, c.want) {
			t.Errorf("of %s: %+v, want %+v", c.maker, m.Result, c.want)
		}
		want := ""
		if c.want != nil {
			want = c.want.Unit
		}
		if m.Unit != want { // never Hounsfield units, which are those of its source
			t.Errorf("of %s: in %q, want %q", c.maker, m.Unit, want)
		}
	}
}
