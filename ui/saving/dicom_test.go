package saving

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"picasso/ui/report/pacs"
	"picasso/ui/uitest"
)

func TestObjectsAreChosen(t *testing.T) {
	test.NewTempApp(t)
	f := NewDICOMForm(nil, "", true, func() {})
	o, regions, err := f.Chosen()
	if err != nil || !slices.Equal(o.Kinds, []string{pacs.Capture, pacs.Parametric}) || o.Keep || o.Above.Given || regions {
		t.Errorf("at first %+v, %v, %v", o, regions, err)
	}
	f.above.SetChecked(true)
	if o, _, err = f.Chosen(); err != nil || o.Above != (pacs.Threshold{Value: 0.5, Share: true, Given: true}) || !o.Wants(pacs.Segmentation) {
		t.Errorf("with a threshold %+v, %v", o, err)
	}
	f.least.SetText("much")
	if _, _, err = f.Chosen(); err == nil {
		t.Error("a word is a threshold")
	}
	if f.Fault(err); !f.fault.Visible() || !strings.Contains(f.fault.Text, "much") {
		t.Errorf("says %q", f.fault.Text)
	}
	f.above.SetChecked(false)
	f.regions.SetChecked(true)
	if o, regions, err = f.Chosen(); err != nil || !regions || o.Above.Given || !slices.Equal(o.OfMaps(), []string{pacs.Capture, pacs.Parametric}) {
		t.Errorf("with regions %+v, %v, %v", o, regions, err)
	}
	f.study.SetSelected(studies[1])
	if o, _, _ = f.Chosen(); !o.Keep || !strings.Contains(studies[1], "name, number, birth date") {
		t.Error("the patient's own study is not asked for in so many words")
	}
	for _, c := range []*widget.Check{f.capture, f.parametric, f.regions} {
		c.SetChecked(false)
	}
	if _, _, err = f.Chosen(); err == nil {
		t.Error("nothing at all is an export")
	}
}

// More than one slice is what is exported where there is more, and the slice alone on
// request.
func TestSlicesAreChosen(t *testing.T) {
	test.NewTempApp(t)
	f := NewDICOMForm(nil, "All slices that have a map: 3 of 3", false, func() {})
	if !f.All() {
		t.Error("begins with one slice")
	}
	f.scope.SetSelected(thisSlice)
	if f.All() || NewDICOMForm(nil, "", false, func() {}).All() {
		t.Error("one slice is all of them")
	}
}

func TestAPictureWithoutAPlaceGetsACaptureAlone(t *testing.T) {
	test.NewTempApp(t)
	f := NewDICOMForm(errors.New("the picture is a projection; write a Secondary Capture of it"), "", false, func() {})
	if !f.parametric.Disabled() || !f.above.Disabled() || f.regions.Visible() {
		t.Error("values in the patient are offered")
	}
	if o, _, err := f.Chosen(); err != nil || !slices.Equal(o.Kinds, []string{pacs.Capture}) {
		t.Errorf("%+v, %v", o, err)
	}
	said := false
	for _, o := range uitest.All(f.Box) {
		if l, ok := o.(*widget.Label); ok {
			said = said || l.Text == "Only a Secondary Capture can be made: the picture is a projection."
		}
	}
	if !said {
		t.Error("it does not say why")
	}
}
