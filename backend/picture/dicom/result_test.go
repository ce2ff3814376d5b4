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

// segmented is a Segmentation of ours with two frames: of a segment that is described
// and, unless second is, of one that is not.
func segmented(label string, second uint16) []byte {
	frame := func(segment uint16) []Element {
		return []Element{
			Sequence(0x0062000a, []Element{Short(0x0062000b, segment)}),
			Sequence(0x00089124, []Element{Sequence(0x00082112, []Element{Text(0x00081155, "UI", "2.25.7")})}),
		}
	}
	return File(Flat(1), []Element{
		Text(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.66.4"), Text(0x00080060, "CS", "SEG"), Text(0x00080070, "LO", "Picasso"), Text(0x00100010, "PN", "QUILF^ZORANTHE"),
		Text(0x00200052, "UI", "2.25.8"), Text(0x00280008, "IS", "2"),
		Sequence(0x00620002, []Element{Short(0x00620004, 1), Text(0x00620005, "LO", label)}),
		Sequence(0x52009230, frame(1), frame(second)),
	})
}

func TestOurRegionsSayWhatTheyAreOf(t *testing.T) {
	f, err := dicom.Parse(segmented("nodule", 2))
	if err != nil {
		t.Fatal(err)
	}
	want := &dicom.Result{Segment: 1, Label: "nodule", Reference: "2.25.8", Sources: []dicom.Source{{Instance: "2.25.7"}}}
	if got := dicom.Place(f, 0).Result; !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
	if got := dicom.Place(f, 1).Result; got != nil {
		t.Errorf("a segment that is not described is %+v", got)
	}
	if f, err = dicom.Parse(segmented("Zoranthe", 1)); err != nil {
		t.Fatal(err)
	}
	if got := dicom.Place(f, 1).Result; got == nil || got.Label != "" {
		t.Errorf("a segment called after the patient is %+v", got)
	}
}

// FuzzResult reads what frames say of their making, whatever the file is.
func FuzzResult(f *testing.F) {
	f.Add(mapped("Picasso", "Occlusion of tank", "drop in P(tank)"))
	f.Add(segmented("nodule", 2))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := dicom.Parse(data)
		if err != nil {
			return
		}
		for i := range min(file.Frames(), 64) {
			if r := dicom.Place(file, i).Result; r != nil && (len(r.Sources) > 64 || r.Segment < 0) {
				t.Fatalf("frame %d: %+v", i, r)
			}
		}
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
